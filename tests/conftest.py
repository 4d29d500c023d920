"""The order of a run: what takes longest begins first, so that no worker ends alone."""

import pytest

LONGEST = ("test_day.py", "e2e", "faults", "sync", "flows", "demo", "ops")
"""Files and folders; what is not named comes last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=rank)


def rank(item: pytest.Item) -> int:
    """The files of one rank, and the tests of one file, keep their order."""
    named = [at for at, name in enumerate(LONGEST) if name in item.path.parts]
    return min(named, default=len(LONGEST))
