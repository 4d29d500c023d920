"""How well each carrier does, from what it promised and what it told."""

from pathlib import Path

from server.insights.scorecard import Score, scorecard
from server.pod.carriers.ops import ChooseCarrier
from tests.carrier_work import bill, packed, set_carriers, told
from tests.floor_site import SITE, build, good, order, system
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
