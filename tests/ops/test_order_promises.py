"""The day an order is promised for carries what the site has learned, and its story says why."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.catalog.ops import PutSetting
from server.orders.promises import learn_all, unlearned
from server.store.store import Store
from server.store.submit import Outside
from tests.floor_site import build, good, order, order_of, system, table
from tests.floor_work import APPLIED
from tests.pod_work import Door
from tests.run_work import HOUR, Clock
from tests.stores import open_store

DAY = 24 * HOUR
LEARN = PutSetting(key="promises", value={"least": 5})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path, clock) as opened:
        build(opened)
        good(system(opened, "catalog.put_setting.v1", LEARN))
        yield opened


def due(store: Store, order_id: str) -> dict[str, Any]:
    return table(store, "SELECT * FROM orders WHERE id = :o", o=order_id)[0]


def delivered_late(store: Store, count: int, days: int) -> None:
    """As many orders as that, each so many days after the bare promise."""
    for at in range(count):
        order(store, f"OLD-{at}", MUG=1)
    late = sa.text(
        "UPDATE orders SET state = 'delivered', delivered_at = promised_at + :late"
        " WHERE ref LIKE 'OLD-%'"
    )
    store.run_sync(lambda tx: tx.conn.execute(late, {"late": days * DAY}))


def told(store: Store, order_id: str) -> list[dict[str, Any]]:
    found = table(
        store,
        "SELECT body FROM event WHERE kind = 'orders.promised' AND key = :o",
        o=order_id,
    )
    return [msgspec.json.decode(r["body"]) for r in found]


def test_what_came_late_makes_the_next_promise_later_and_the_story_says_why(
    store: Store, clock: Clock
) -> None:
    first = order(store, "R-1", MUG=1)
    assert due(store, first)["due_at"] == clock.at + 4 * DAY
    assert told(store, first) == []
    delivered_late(store, 6, 2)
    clock.at += 20 * DAY
    assert store.run_sync(learn_all) == 1
    second = order(store, "R-2", MUG=1)
    assert due(store, second)["promised_at"] == clock.at + 4 * DAY
    assert due(store, second)["due_at"] == clock.at + 6 * DAY
    (why,) = told(store, second)
    assert (why["days"], why["buffer"], why["usual"], why["of"]) == (4, 2, 2, 6)
    assert (why["place"], why["due_at"]) == ("GB LS", clock.at + 6 * DAY)


def test_a_day_that_came_with_the_order_is_kept_and_teaches_nothing(
    store: Store, clock: Clock
) -> None:
    delivered_late(store, 6, 2)
    clock.at += 20 * DAY
    assert store.run_sync(learn_all) == 1
    asked = msgspec.structs.replace(order_of("R-1", MUG=1), due_at=clock.at + DAY)
    good(system(store, "orders.import_order.v1", asked, Outside("test", "R-1")))
    made = table(store, "SELECT * FROM orders WHERE ref = 'R-1'")[0]
    assert (made["due_at"], made["promised_at"]) == (clock.at + DAY, 0)
    assert told(store, made["id"]) == []


def test_an_urgent_order_carries_no_buffer_unless_the_site_says_so(
    store: Store, clock: Clock
) -> None:
    delivered_late(store, 6, 2)
    clock.at += 20 * DAY
    store.run_sync(learn_all)
    for ref, more, days in (("U-1", {}, 1), ("U-2", {"buffered": ["urgent", "standard"]}, 3)):
        value = {"least": 5, **more}
        good(system(store, "catalog.put_setting.v1", PutSetting(key="promises", value=value)))
        urgent = msgspec.structs.replace(order_of(ref, MUG=1), type="urgent")
        good(system(store, "orders.import_order.v1", urgent, Outside("test", ref)))
        made = table(store, "SELECT due_at FROM orders WHERE ref = :r", r=ref)[0]
        assert made["due_at"] == clock.at + days * DAY


def test_it_learns_once_a_day_and_only_from_deliveries(store: Store, clock: Clock) -> None:
    def waiting() -> list[str]:
        return store.run_sync(lambda tx: unlearned(tx.conn, clock.at))

    assert waiting() == []
    door = Door(store)
    assert door.close("full") == APPLIED
    assert due(store, door.order)["delivered_at"] == clock.at
    assert waiting() == ["main"]
    assert store.run_sync(learn_all) == 1
    assert waiting() == []
    clock.at += 2 * DAY
    assert waiting() == []  # nothing has come since


def test_a_setting_that_nobody_could_read_is_not_taken_and_a_spoilt_one_counts_as_none(
    store: Store, clock: Clock
) -> None:
    bad = PutSetting(key="promises", value={"most_days": 500})
    assert system(store, "catalog.put_setting.v1", bad).code == "malformed"
    spoilt = sa.text("UPDATE setting SET value = '{\"least\": []}' WHERE key = 'promises'")
    store.run_sync(lambda tx: tx.conn.execute(spoilt))
    assert due(store, order(store, "R-1", MUG=1))["due_at"] == clock.at + 4 * DAY
