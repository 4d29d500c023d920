"""Whose order a picker's and a packer's minutes went into, and what an order takes besides."""

from collections.abc import Iterator

from server.floor.tasks import TaskMoved
from server.insights.measures.costs import Costs, made_of, priced
from server.insights.measures.counting import Before, Bought, Counting, InHand, Record, Walk
from server.insights.measures.figures import FIGURES, worth
from server.insights.measures.parts import MOST_LOOKED_AT, MOST_READ, lacks, since, source
from server.insights.measures.rules import BOTH, DAY_MS, Kept, costed
from server.kernel.events import Event
from server.orders.events import OrderMoved, OrderReceived
from server.packing.events import ParcelPacked
from server.picking.events import LinePicked
from server.pod.carriers.events import CarrierChosen

AT = 20_000 * DAY_MS
MINUTE = 60_000
Said = tuple[int, Event]


def moved(task: str, before: str | None, after: str | None, kind: str = "pick") -> Event:
    return TaskMoved(task=task, task_kind=kind, before=before, after=after)


def picked(order: str, task: str = "t1") -> Event:
    return LinePicked(order=order, task=task, line=1, sku="MUG", qty=1, bin="A", code="")


def sealed(order: str, carton: str = "S") -> Event:
    return ParcelPacked(order=order, task="b1", parcel="p", shipment="s", weight_g=1, carton=carton)


def chosen(order: str, share: int) -> Event:
    return CarrierChosen(
        order=order,
        shipment="s",
        carrier="Blue",
        service="std",
        number="1",
        total=900,
        share=share,
        currency="GBP",
        by_rule=False,
    )


def come(order: str, channel: str = "EC") -> Event:
    return OrderReceived(order=order, number=order, ref=order, lines=1, pieces=1, channel=channel)


def records(*said: Said) -> Iterator[Record]:
    for ver, (minute, event) in enumerate(said, 1):
        yield Record(ver, AT + minute * MINUTE, "ann", event)


def orders(*said: Said, before: Before | None = None) -> dict[str, Kept]:
    return Counting(before or Before()).see_all(records(*said)).orders


def test_minutes_of_a_task_for_two_orders_are_those_of_its_lines() -> None:
    """What comes after the last line, the way to the bench, is the last line's order's."""
    told = orders(
        (0, moved("t1", None, "ann")),
        (4, picked("o1")),
        (5, picked("o2")),
        (7, picked("o2")),
        (10, moved("t1", "ann", None)),
    )
    assert (told["o1"].work_ms, told["o2"].work_ms) == (4 * MINUTE, 6 * MINUTE)


def test_work_counts_for_the_person_the_zone_and_both_at_once() -> None:
    walks = {"t1": Walk("cold", 0, 0)}
    said = (0, moved("t1", None, "ann")), (4, picked("o1"))
    counts = Counting(Before(walks=walks)).see_all(records(*said)).counts
    lines = {(dimension, member) for dimension, member, _, what in counts if what == "lines"}
    assert lines == {("", ""), ("person", "ann"), ("zone", "cold"), (BOTH, "cold/ann")}


def test_a_task_that_was_given_back_untouched_is_nobodys_work() -> None:
    assert orders((0, moved("t1", None, "ann")), (9, moved("t1", "ann", None))) == {}


def test_packing_is_work_for_the_order_too() -> None:
    told = orders(
        (0, moved("b1", None, "bob", "pack")),
        (3, sealed("o1")),
        (5, sealed("o1", carton="")),
        (5, moved("b1", "bob", None, "pack")),
    )
    assert told["o1"].work_ms == 5 * MINUTE
    assert told["o1"].cartons == "- S"


def test_however_the_log_is_cut_the_minutes_are_the_same() -> None:
    said = list(
        records((0, moved("t1", None, "ann")), (4, picked("o1")), (10, moved("t1", "ann", None)))
    )
    known: dict[str, Kept] = {}
    held: dict[str, InHand] = {}
    for record in said:
        step = Counting(Before(orders=known, in_hand=held)).see_all([record])
        known |= step.orders
        held |= {task: h for task, h in step.in_hand.items() if h}
    assert known["o1"].work_ms == 10 * MINUTE


def test_who_was_chosen_last_is_paid() -> None:
    told = orders((0, chosen("o1", 900)), (1, chosen("o1", 450)))
    assert (told["o1"].charge, told["o1"].charged_in) == (450, "GBP")


def test_an_order_without_a_known_cost_has_no_margin() -> None:
    bought = {"o1": Bought("GBP", 1_000, 600)}
    over = [(1, OrderMoved(order=o, before="shipped", after="delivered")) for o in ("o1", "o2")]
    told = orders((0, come("o1")), (0, come("o2")), *over, before=Before(bought=bought))
    assert dict(costed(told["o1"]))["goods:GBP"] == 600
    assert "goods:GBP" not in dict(costed(told["o2"]))


COSTS = Costs(currency="GBP", hour=1_200, carton=60, cartons={"L": 95}, stop=300)
COUNTED = {
    "work_ms": 30 * MINUTE,
    "cartons": 3,
    "carton:L": 1,
    "charge:GBP": 450,
    "charge:EUR": 7_000,
    "stops": 2,
    "brought": 2,
    "sales:GBP": 2_000,
    "goods:GBP": 1_500,
}


def test_cost_is_work_cartons_charges_and_stops_by_the_sites_prices() -> None:
    told = priced(COUNTED, COSTS)
    assert told["cost"] == 600 + (2 * 60 + 95) + 450 + 2 * 300
    assert worth(FIGURES["cost"], told, told).value == told["cost"] / 2
    assert worth(FIGURES["margin"], told, told).value == 25
    assert {"carton:L", "charge:GBP"} <= made_of(FIGURES["cost"].made_of, COSTS)


def test_without_prices_there_is_no_cost_rather_than_none() -> None:
    told = priced(COUNTED, Costs())
    assert worth(FIGURES["cost"], told, told).value is None
    assert worth(FIGURES["margin"], told, told).value is None
    assert made_of(FIGURES["cost"].made_of, Costs()) == set()


def test_which_dimensions_go_together() -> None:
    on_time, rate, returns = (FIGURES[key] for key in ("on_time", "pick_rate", "returns"))
    assert source(on_time, frozenset()) == "kept"
    assert source(on_time, frozenset({"carrier"})) == "kept"
    assert source(on_time, frozenset({"customer"})) == "orders"
    assert source(on_time, frozenset({"carrier", "channel", "customer"})) == "orders"
    assert source(rate, frozenset({"person", "zone"})) == "kept"
    assert lacks(on_time, frozenset({"carrier", "zone"})) == ["zone"]
    assert lacks(returns, frozenset({"carrier", "reason"})) == ["carrier", "reason"]


def test_the_newest_days_are_read_as_far_as_there_is_time() -> None:
    assert since({9: 5, 10: 5}, [{10: 5}]) is None
    assert since({8: 1, 9: MOST_LOOKED_AT, 10: 1}, [{}]) == 10
    assert since({8: MOST_READ, 9: 9, 10: 9}, [{8: MOST_READ, 9: 9}, {8: MOST_READ, 10: 1}]) is None
    assert since({8: MOST_READ, 9: 9, 10: 9}, [{8: MOST_READ, 9: 9, 10: 9}]) == 9
    assert since({10: MOST_READ + 1}, [{10: MOST_READ + 1}]) == 10, "a day at least"
