"""What must hold of the books when all is at rest, by the names of the invariants."""

import asyncio
from collections import Counter
from typing import Any

import msgspec

from server.store.store import Store
from tests.floor_site import table
from tests.floor_work import assert_stock_adds_up
from tests.sync.engine.fleet import Fleet
from tests.sync.engine.twin import Twin, fresh


def assert_all_holds(fleet: Fleet) -> None:
    for twin in (*fleet.pickers, fleet.chief):
        assert_every_operation_has_an_outcome(fleet.store, twin)
        assert_replica_is_a_fresh_snapshot(fleet.store, twin)
        assert_each_refusal_is_told_once(fleet.store, twin)
    assert_each_pick_moved_its_pieces_once(fleet.store)
    assert_stock_adds_up(fleet.store)
    assert_goods_are_conserved(fleet.store)


def log_of(store: Store, twin: Twin) -> list[dict[str, Any]]:
    return table(store, "SELECT * FROM op WHERE device = :d ORDER BY n", d=twin.id)


def assert_every_operation_has_an_outcome(store: Store, twin: Twin) -> None:
    numbers = [r["n"] for r in log_of(store, twin)]
    assert numbers == [e.n for e in twin.ops], f"I3, I4 {twin.id}"
    last = table(store, "SELECT last_n FROM device WHERE id = :d", d=twin.id)[0]["last_n"]
    assert last == len(numbers) == twin.done, f"I4 {twin.id}"


def assert_replica_is_a_fresh_snapshot(store: Store, twin: Twin) -> None:
    other = fresh(twin)

    async def snapshot() -> None:
        while await other.ask(store):
            pass

    asyncio.run(snapshot())
    apart = {key for key in twin.rows | other.rows if twin.rows.get(key) != other.rows.get(key)}
    told = [(key, twin.rows.get(key), other.rows.get(key)) for key in sorted(apart)[:3]]
    assert not apart, f"I5 {twin.id}: {told}"
    kept = table(store, "SELECT scope, kind, key, body FROM feed WHERE body IS NOT NULL")
    mine = {
        (r["scope"], r["kind"], r["key"]): msgspec.json.decode(r["body"])
        for r in kept
        if r["scope"] in twin.cur
    }
    assert twin.rows == mine, f"I5 {twin.id}: not the feed cut to its scopes"


def assert_each_refusal_is_told_once(store: Store, twin: Twin) -> None:
    log = log_of(store, twin)
    acknowledged = {
        msgspec.json.decode(r["body"])["n"] for r in log if r["kind"] == "floor.acknowledge"
    }
    set_aside = {r["n"] for r in log if r["outcome"] != "applied"} - acknowledged
    assert {r["n"] for r in twin.of("result")} == set_aside, f"I9 {twin.id}"


def assert_each_pick_moved_its_pieces_once(store: Store) -> None:
    """Applied or diverted, a pick has happened: exactly its pieces left a place."""
    moved: Counter[tuple[str, int]] = Counter()
    for m in table(store, "SELECT device, n, qty FROM movement WHERE why <> 'late'"):
        moved[m["device"], m["n"]] += m["qty"]
    for r in table(store, "SELECT * FROM op WHERE kind = 'picking.confirm_pick'"):
        wanted = msgspec.json.decode(r["body"])["qty"]
        expected = wanted if r["outcome"] in ("applied", "diverted") else 0
        assert moved[r["device"], r["n"]] == expected, f"I2 {r['device']} {r['n']}"


def assert_goods_are_conserved(store: Store) -> None:
    """I6: what came into the house is somewhere in it (no parcel has left in these runs)."""
    world = "SELECT sku, SUM(qty) AS n FROM movement WHERE from_bin = 'WORLD' GROUP BY sku"
    received = table(store, world)
    kept = table(store, "SELECT sku, SUM(qty) AS n FROM stock GROUP BY sku")
    assert {r["sku"]: int(r["n"]) for r in kept} == {r["sku"]: int(r["n"]) for r in received}
    for r in table(store, "SELECT * FROM stock WHERE bin <> 'DISCREPANCY'"):
        assert r["qty"] >= 0, f"P4 {r}"
        assert r["allocated"] >= 0, f"S4 {r}"
