"""What the rows would be, were they all made now from the tables: nobody may forget to say what
changed, and no row may stay where it belongs no longer."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.store.store import Store
from server.store.tx import Tx
from tests.floor_site import SITE

_KEYS = {
    "order": "SELECT id FROM orders",
    "task": "SELECT id FROM task",
    "discrepancy": "SELECT id FROM discrepancy",
    "pick_line": "SELECT task || '/' || no FROM pick_line",
    "check_line": "SELECT task || '/' || no FROM check_line",
    "pack_line": "SELECT task || '/' || no FROM pack_line",
    "pack_job": "SELECT id FROM task WHERE kind = 'pack'",
    "move_line": "SELECT task || '/' || no FROM move_line",
    "count_line": "SELECT task || '/' || no FROM count_line",
    "stop": "SELECT id FROM stop",
    "run": "SELECT id FROM run",
    "run_plan": "SELECT id FROM run_plan",
    "walk": "SELECT DISTINCT done_at - done_at % 3600000 FROM task"
    " WHERE kind = 'pick' AND done_at IS NOT NULL",
    "rma": "SELECT id FROM rma",
}
_MADE = frozenset(
    {
        "order",
        "task",
        "discrepancy",
        "line",
        "check_line",
        "pack_line",
        "pack_job",
        "move_line",
        "count_line",
        "stop",
        "stop_state",
        "run",
        "run_plan",
        "walk",
        "rma",
        "rma_line",
        "consignment",
    }
)
"""Kinds of rows that these projectors make, and nobody else."""
Rows = dict[tuple[str, str, str], Any]


def rows_out_of_step(store: Store) -> list[str]:
    with store.write_engine.connect() as conn:
        tx = Tx(conn, 0)
        for name, keys in _KEYS.items():
            for key in conn.execute(sa.text(keys)).scalars().all():
                tx.touch(SITE, name, str(key))
        tx._project()
        want = {key[1:]: _shown(body) for key, body in tx.feed if body is not None}
        kept = conn.execute(sa.text("SELECT scope, kind, key, body FROM feed")).all()
        conn.rollback()
    have: Rows = {
        (r.scope, r.kind, r.key): _shown(r.body) for r in kept if r.body and r.kind in _MADE
    }
    return sorted(str(k) for k in want.keys() | have.keys() if want.get(k) != have.get(k))


def _shown(body: str) -> Any:
    """Without what is as of the moment at which the row was made."""
    shown = msgspec.json.decode(body)
    return {k: v for k, v in shown.items() if k not in ("changed_at", "cures")}
