"""Moves and counts that the ledger does not bear out are named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.insights.integrity import findings
from server.store.store import Store
from tests.floor_site import build
from tests.stores import open_store
from tests.sync.engine.other_work import other_work


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as opened:
        build(opened)
        other_work(opened)
        yield opened


def test_moves_and_counts_agree_with_the_ledger(store: Store) -> None:
    assert findings(store) == []


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("UPDATE move_line SET moved = moved + 1 WHERE state = 'moved'", "moved_is_booked"),
        ("UPDATE count_line SET counted = 1 WHERE state = 'counted'", "count_is_booked"),
        ("UPDATE move_line SET state = 'open'", "done_task_has_no_open_line"),
    ],
)
def test_damage_is_named(store: Store, damage: str, rule: str) -> None:
    changed = store.run_sync(lambda tx: int(tx.conn.execute(sa.text(damage)).rowcount))
    assert changed > 0
    assert rule in {f.rule for f in findings(store)}
