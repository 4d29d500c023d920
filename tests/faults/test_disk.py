"""A database that is locked and a disk that is full: told to wait, nothing answered is lost, and
work goes on by itself when there is room again."""

import contextlib
import random
import resource
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.faults.site import Site

pytestmark = pytest.mark.faults
TOLD_TO_WAIT = {503, 507}
ROOM = 120_000
"""Bytes that are left when the disk gets tight: a few commits."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.server.start()
    yield made
    made.server.kill()


@contextmanager
def locked(site: Site, seconds: float) -> Iterator[None]:
    """Another program holds the write lock from now on, for so long."""
    other = sqlite3.connect(site.folder / "site.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    def release() -> None:
        time.sleep(seconds)
        other.execute("ROLLBACK")
        other.close()

    releasing = threading.Thread(target=release)
    releasing.start()
    yield
    releasing.join()


def test_a_short_lock_is_waited_out(site: Site) -> None:
    with locked(site, 1):
        site.work(random.Random(1), 0.2)
    assert site.statuses == {200}
    site.settle()
    assert site.losses() == []


def test_a_long_lock_is_answered_with_wait_and_the_work_is_handed_over_later(site: Site) -> None:
    with locked(site, 6):
        site.work(random.Random(1), 0.2)
    assert site.statuses & TOLD_TO_WAIT
    assert site.statuses <= TOLD_TO_WAIT | {200}
    site.settle()
    assert site.losses() == []


@contextmanager
def file_limit(site: Site) -> Iterator[None]:
    """No file of the server's may grow further: writing ends with an I/O error."""
    assert site.server.process is not None
    pid = site.server.process.pid or 0
    largest = max(p.stat().st_size for p in site.folder.glob("site.db*"))
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest + ROOM, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def full_disk(site: Site) -> Iterator[None]:
    filler = site.folder / "filler"
    free = int(subprocess.check_output(["stat", "-f", "-c", "%a", site.folder]))
    block = int(subprocess.check_output(["stat", "-f", "-c", "%S", site.folder]))
    filler.write_bytes(bytes(max(0, free * block - ROOM)))
    yield
    filler.unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "none", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(site: Site, tight: AbstractContextManager[None], seconds: float = 1.5) -> list[str]:
    """Work until the disk is full and a little longer, make room, hand over; what was lost."""
    with tight:
        site.work(random.Random(2), seconds)
    assert site.statuses <= TOLD_TO_WAIT | {200}
    with contextlib.suppress(TimeoutError):
        site.settle()
    assert not site.server.is_dead
    return site.losses()


def test_a_file_that_may_not_grow_loses_nothing_answered(site: Site) -> None:
    site.work(random.Random(1), 0.1)
    assert fill(site, file_limit(site)) == []
    assert site.statuses & TOLD_TO_WAIT
    assert all(w.done == len(w.ops) for w in site.fleet)


def test_a_full_disk_loses_nothing_answered(small_disk: Path) -> None:
    site = Site(small_disk)
    site.server.start()
    try:
        assert fill(site, full_disk(site)) == []
    finally:
        site.server.kill()
    assert site.statuses & TOLD_TO_WAIT
    assert all(w.done == len(w.ops) for w in site.fleet)


def test_who_answers_before_the_commit_is_found_out_by_a_full_disk(tmp_path: Path) -> None:
    site = Site(tmp_path, sabotage="answer_before_commit")
    site.server.start()
    try:
        site.work(random.Random(1), 0.1)
        lost = fill(site, file_limit(site), seconds=6)  # it commits slowly
    finally:
        site.server.kill()
    assert {what.split()[0] for what in lost} & {"P1"}
