"""What was printed stays known for as long as it is of use: on a device the latest, in the books
until the site's days are over."""

import pytest
import sqlalchemy as sa

from server.packing.printing import CLEARED, KEPT
from server.packing.tables import print_job
from server.store.replay import check_replay
from server.store.store import Store
from tests.documents.test_printing import Printroom, anyio_backend, store
from tests.floor_site import scalar, table
from tests.floor_work import APPLIED

pytestmark = pytest.mark.anyio
__all__ = ["anyio_backend", "store"]
DAY = 86_400_000


async def test_a_device_shows_the_latest_jobs_only(store: Store) -> None:
    room = Printroom(store)
    make = "INSERT INTO print_job (id, site, number, what, order_id, station, station_name, lang,"
    make += " person, state, at, next_at) SELECT :i, site, :i, what, order_id, station,"
    make += " station_name, lang, person, 'printed', :at, 0 FROM print_job WHERE number = :n"
    assert room.ask() == APPLIED
    first = "SELECT at FROM print_job"
    at = int(scalar(store, first))

    for nth in range(KEPT):
        values = {"i": f"X-{nth}", "n": room.number, "at": at + 1 + nth}
        store.run_sync(lambda tx, v=values: tx.conn.execute(sa.text(make), v))  # type: ignore[misc]
    assert room.shown() != {}
    room.later(60_000)
    pallet = str(scalar(store, "SELECT MIN(number) FROM pallet"))
    assert room.ask(pallet, what="pallet") == APPLIED
    assert room.shown() == {}, "the oldest has gone from the device"
    assert room.shown(pallet) != {}


async def test_what_was_printed_long_ago_goes_with_the_next_label(store: Store) -> None:
    room = Printroom(store, keep_days=30)
    pallet = str(scalar(store, "SELECT MIN(number) FROM pallet"))
    assert room.ask() == APPLIED
    await room.work()
    room.later(29 * DAY)
    assert room.ask(pallet, what="pallet") == APPLIED
    assert scalar(store, "SELECT COUNT(*) FROM print_job") == 2, "not before its time"
    room.later(2 * DAY)
    assert room.ask(pallet, what="pallet") == APPLIED
    left = table(store, "SELECT number, state FROM print_job")
    assert left == [{"number": pallet, "state": "queued"}] * 2, "what waits stays, however old"
    assert room.shown() == {}, "it has gone from the device"
    assert room.shown(pallet) != {}
    assert check_replay(store.url).differences == []


async def test_a_label_printed_again_stays_on_the_device_when_its_first_job_goes(
    store: Store,
) -> None:
    room = Printroom(store, keep_days=30)
    for _ in range(3):
        assert room.ask() == APPLIED
        await room.work()
        room.later(20 * DAY)
    assert scalar(store, "SELECT COUNT(*) FROM print_job") == 2
    assert room.shown()["state"] == "printed"


async def test_a_years_jobs_go_a_few_with_each_label(store: Store) -> None:
    room = Printroom(store)
    assert room.ask() == APPLIED
    await room.work()
    (job,) = table(store, "SELECT * FROM print_job")
    old = {"number": "gone", "next_at": job["next_at"] - 400 * DAY}
    year = [{**job, **old, "id": f"old-{n:03}"} for n in range(2 * CLEARED + 1)]
    store.run_sync(lambda tx: tx.conn.execute(sa.insert(print_job), year))
    counts = []
    for _ in range(3):
        assert room.ask() == APPLIED
        counts.append(scalar(store, "SELECT COUNT(*) FROM print_job WHERE number = 'gone'"))
    assert counts == [CLEARED + 1, 1, 0]
