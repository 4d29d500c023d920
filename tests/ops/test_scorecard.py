"""How well each carrier does, from what it promised and what it told."""

from pathlib import Path

from server.pod.carriers.api import quotes_of
from server.pod.carriers.ops import ChooseCarrier
from server.pod.carriers.scorecard import scorecard
from server.pod.carriers.standing import Score
from tests.carrier_work import bill, packed, set_carriers, told
from tests.floor_site import SITE, build, good, order, system
from tests.floor_work import APPLIED
from tests.pod_work import Door
from tests.stores import open_store

FAR = 9_999_999_999_999


def test_punctuality_damage_and_loss_are_counted_by_carrier(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        set_carriers(store)
        for n in range(4):
            order(store, f"R-{n}", MUG=1)
        numbers = []
        for shipment in packed(store):
            chosen = ChooseCarrier(shipments=[shipment], carrier="swift", service="eco")
            good(system(store, "pod.choose_carrier.v1", chosen))
            numbers.append(bill(store, shipment))
        good(told(store, numbers[0]["number"], "Delivered", happened_at=1))
        late = numbers[1]["arrives_by"] + 1
        good(told(store, numbers[1]["number"], "Parcel damaged", happened_at=late - 5))
        good(told(store, numbers[1]["number"], "Delivered", happened_at=late))
        good(told(store, numbers[2]["number"], "Colis perdu", happened_at=2))
        scores = store.run_sync(lambda tx: scorecard(tx.conn, SITE, 0, FAR))
        assert scores == [
            Score(
                carrier="swift",
                waybills=4,
                ended=2,
                delivered=2,
                on_time=1,
                returned=0,
                damaged=1,
                lost=1,
            )
        ]
        assert scores[0].punctual_pm == 500
        assert store.run_sync(lambda tx: scorecard(tx.conn, SITE, FAR - 1, FAR)) == []


def test_own_vans_are_judged_by_their_stops(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        set_carriers(store, by_itself=True, rate_tables=[])
        door = Door(store)
        assert door.close("partial", {"MUG": 1}) == APPLIED
        (found,) = store.run_sync(lambda tx: scorecard(tx.conn, SITE, 0, FAR))
        assert (found.carrier, found.delivered, found.on_time) == ("own", 1, 1)
        late = "UPDATE stop SET closed_at = 9999999999998"
        store.run_sync(lambda tx: tx.conn.exec_driver_sql(late))
        (found,) = store.run_sync(lambda tx: scorecard(tx.conn, SITE, 0, FAR))
        assert (found.delivered, found.on_time, found.ended) == (1, 0, 1)


def test_the_choice_knows_the_record_and_says_so(tmp_path: Path) -> None:
    """Swift is cheaper by 60; every parcel of it came late."""
    with open_store("sqlite", tmp_path) as store:
        build(store)
        weights = {"least": 2, "late_bp": 20}
        set_carriers(store, by_itself=True, standing=weights)
        far = "UPDATE orders SET due_at = 9999999999999"
        for n in range(2):
            order(store, f"R-{n}", MUG=1)
        store.run_sync(lambda tx: tx.conn.exec_driver_sql(far))
        for shipment in packed(store):
            late = bill(store, shipment)
            assert late["carrier"] == "swift"
            good(told(store, late["number"], "Delivered", happened_at=late["arrives_by"] + 1))
        order(store, "R-9", MUG=1)
        store.run_sync(lambda tx: tx.conn.exec_driver_sql(far))
        (one,) = [s for s in packed(store, "-2") if bill(store, s)["carrier"] == "own"]
        asked = store.run_sync(lambda tx: quotes_of(tx.conn, SITE, [one], store.clock()))
        assert [(o.quote.carrier, o.total, o.counts_as) for o in asked.offers] == [
            ("own", 500, 500),
            ("swift", 440, 528),
            ("swift", 880, 1056),
        ]
        record = asked.offers[1].record
        assert record is not None
        assert (record.ended, record.on_time_pm, record.dearer_bp) == (2, 0, 2_000)
