"""The steps of `docs/guide/operating.md`, by the very commands that stand there."""

import os
import re
import shlex
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from server.cli import _parser
from server.lan import make_trust
from server.store.store import Store
from tests.floor_site import build
from tests.serving import STARTING_S, free_port
from tests.stores import sqlite_url

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/guide/operating.md").read_text()
COMMANDS = re.findall(r"^ *(dockhand .+)$", GUIDE, re.MULTILINE)
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", GUIDE)))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_guide_is_one(command: str) -> None:
    _, *words = shlex.split(command)
    assert callable(_parser().parse_args(words).run)


@pytest.mark.parametrize(("file", "name"), TESTS)
def test_every_test_that_the_guide_names_is_there(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / file).read_text()


def test_every_chapter_names_its_tests() -> None:
    chapters = GUIDE.split("\n## ")[1:]
    assert len(chapters) >= 9
    assert [c.splitlines()[0] for c in chapters if "*Run in* `tests/" not in c] == []


@dataclass
class Machine:
    """What an operator has: a shell with an environment, and commands."""

    environment: Mapping[str, str]

    @property
    def _command(self) -> list[str]:
        return [sys.executable, "-c", "import sys; from server.cli import main; sys.exit(main())"]

    def dockhand(self, *words: str) -> str:
        done = subprocess.run(
            [*self._command, *words],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def serving(self, port: int, *words: str) -> Iterator[None]:
        process = subprocess.Popen(
            [*self._command, "serve", "--port", str(port), *words],
            cwd=ROOT,
            env={**os.environ, **self.environment},
        )
        try:
            _wait_until_open(port)
            yield
        finally:
            process.terminate()
            process.wait(20)


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server did not start")


def a_machine(folder: Path, origin: str) -> Machine:
    return Machine(
        {
            "DOCKHAND_ORIGINS": origin,
            "DOCKHAND_DB": f"sqlite:///{folder / 'site.db'}",
            "DOCKHAND_BLOBS": str(folder / "blobs"),
        }
    )


def test_a_site_starts_serves_by_tls_and_is_watched(tmp_path: Path) -> None:
    port = free_port()
    machine = a_machine(tmp_path, f"https://127.0.0.1:{port}")
    assert re.search(r"badge B-\w{6} +PIN \d{6}", machine.dockhand("person", "Ada Admin"))
    assert "#enrol=" in machine.dockhand("code", "--origin", f"https://127.0.0.1:{port}")
    trust = make_trust(tmp_path / "tls", "dockhand", ["127.0.0.1"], now=datetime.now(UTC))
    trusting = ssl.create_default_context(cadata=trust.ca_pem.decode())
    tls = ("--cert", str(trust.cert_path), "--key", str(trust.key_path))
    with machine.serving(port, *tls):
        got = httpx.get(f"https://127.0.0.1:{port}/health", verify=trusting, timeout=20)
    assert (got.status_code, got.json()["store"]) == (200, "ok")
    assert "strict-transport-security" in got.headers


def test_behind_a_proxy_the_site_knows_that_it_is_reached_by_tls(tmp_path: Path) -> None:
    port = free_port()
    machine = a_machine(tmp_path, "https://wms.example")
    passed_on = {"host": "wms.example", "x-forwarded-proto": "https"}
    with machine.serving(port), httpx.Client(base_url=f"http://127.0.0.1:{port}") as proxy:
        assert "strict-transport-security" in proxy.get("/health", headers=passed_on).headers
        page = {"origin": "https://wms.example", "x-dockhand": "1"}
        asked = proxy.post("/auth/challenge", json={"device": "k1"}, headers=passed_on | page)
        assert asked.json()["nonce"]
        elsewhere = passed_on | page | {"host": "127.0.0.1"}
        assert proxy.post("/auth/challenge", json={}, headers=elsewhere).status_code == 403


def test_a_backup_is_checked_and_restored_while_the_old_site_is_gone(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    with_goods = Store(sqlite_url(old), old / "blobs")
    build(with_goods)
    with_goods.close()
    port = free_port()
    machine, restored = (a_machine(f, f"http://localhost:{port}") for f in (old, new))
    url = f"http://127.0.0.1:{port}/health"
    copy = tmp_path / "backup"
    with machine.serving(port):
        machine.dockhand("backup", str(copy))
        before = httpx.get(url, timeout=20).json()["epoch"]
    said = machine.dockhand("check", "--db", f"sqlite:///{copy / 'site.db'}", "--replay")
    assert "the books agree" in said
    assert " 0 differences" in said
    restored.dockhand("restore", str(copy))
    assert "the books agree" in restored.dockhand("check")
    with restored.serving(port):
        assert httpx.get(url, timeout=20).json()["epoch"] > before
