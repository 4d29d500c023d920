"""How a run is laid out: where its folders are, and in which order its files begin."""

import os
import shutil
from pathlib import Path

import pytest

LONGEST = ("test_day.py", "e2e", "faults", "sync", "flows", "demo", "ops")
"""Files and folders; what is not named comes last."""
MEMORY = Path("/dev/shm")  # noqa: S108  each run makes a folder of its own there
ROOM = 4 * 10**9


def pytest_configure() -> None:
    """Databases and browsers' profiles in memory, where there is room: a power cut is no machine's
    but a file system's of its own (`tests/faults/power.py`), so that no test needs a real disk."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The failed ones' names, for who may want to run them again (`tests/steadily.py`)."""
    if path := os.environ.get("DOCKHAND_FAILED"):
        stats = terminalreporter.stats
        failed = [r.nodeid for r in (*stats.get("failed", ()), *stats.get("error", ()))]
        Path(path).write_text("\n".join(dict.fromkeys(failed)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker ends alone."""
    items.sort(key=rank)


def rank(item: pytest.Item) -> int:
    """The files of one rank, and the tests of one file, keep their order."""
    named = [at for at, name in enumerate(LONGEST) if name in item.path.parts]
    return min(named, default=len(LONGEST))
