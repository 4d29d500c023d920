"""What of an order is counted, on which day, under which dimensions. Pure.

An order is counted as it stands: when it changes, what it counted for before is taken off again.
So a corrected proof, a second delivery or a withdrawn return leave no trace in any figure.
"""

from collections.abc import Iterator

from msgspec import Struct

MINUTE_MS, DAY_MS = 60_000, 86_400_000
DELIVERED = frozenset({"delivered", "part_delivered"})
ENDS = DELIVERED | {"refused", "cancelled"}
COMPLAINTS = frozenset({"wrong_goods", "missing", "damaged"})
"""Reasons of a return that say that not the right goods came, or not whole."""
OWN = "own"
BOTH = "person_zone"
MONEY = "$"
"""Behind a dimension's name: the same members, by what their orders took. Apart, so that whoever
tells deliveries apart need not read past it."""
CYCLE_HOURS = (1, 2, 4, 8, 12, 16, 24, 36, 48, 60, 72, 96, 120, 144, 168, 240, 336, 720)
"""Upper ends of the histogram of cycle times; what took longer has a place of its own."""
LONGER = 99_999

Place = tuple[str, str, int, str]
"""Dimension, member, day, what."""
Dimensions = tuple[tuple[str, str], ...]
WHOLE: Dimensions = (("", ""),)


class Kept(Struct, frozen=True):
    """An order as it is counted. `day`: on which it ended, 0 while it has not; times in ms.
    `courtesy`: as its customer found it, 1 to 5; 0: nobody has said. `work_ms`: of picking and
    packing. `cartons`: the kinds that were sealed, a word each. `charge`: the carrier's, in minor
    units of `charged_in`. `sales` and what the `goods` cost, as ordered, in minor units of
    `currency`; none: the cost of some item was not known."""

    order_id: str
    day: int = 0
    placed_day: int = 0
    placed_at: int = 0
    due_at: int = 0
    ended_at: int = 0
    state: str = ""
    channel: str = ""
    customer: str = ""
    destination: str = ""
    carrier: str = ""
    mistakes: int = 0
    complaints: int = 0
    returns: int = 0
    reason: str = ""
    courtesy: int = 0
    work_ms: int = 0
    cartons: str = ""
    charge: int = 0
    charged_in: str = ""
    currency: str = ""
    sales: int = 0
    goods: int = 0


def dimensions(**members: str) -> Dimensions:
    """The whole site, and each dimension in which something is known."""
    return (*WHOLE, *((name, member) for name, member in members.items() if member))


def labour(person: str, zone: str) -> Dimensions:
    """Work is told apart by who did it, where, and by both at once."""
    both = both_of(person, zone) if person and zone else ""
    return dimensions(person=person, zone=zone, **{BOTH: both})


def both_of(person: str, zone: str) -> str:
    return f"{zone}/{person}"


def counts_of(o: Kept) -> Iterator[tuple[Place, int]]:
    """All that this order adds to the figures."""
    where = dimensions(
        channel=o.channel, destination=o.destination, carrier=o.carrier if o.state else ""
    )
    for day, what, n in counted(o):
        for dimension, member in where:
            yield (dimension, member, day, what), n
    for what, n in costed(o):
        for dimension, member in where:
            yield (dimension + MONEY, member, o.day, what), n
    if o.state == "cancelled":
        yield ("reason", o.reason or "none", o.day, "cancelled"), 1


def counted(o: Kept) -> Iterator[tuple[int, str, int]]:
    """Day, what, and how much of it: the same wherever it is counted."""
    if o.placed_day:
        yield o.placed_day, "received", 1
    if o.state:
        for what, n in _at_its_end(o):
            yield o.day, what, n


def _at_its_end(o: Kept) -> Iterator[tuple[str, int]]:
    yield "ended", 1
    if o.state != "delivered":
        yield "incomplete", 1
    if o.state == "cancelled":
        yield "cancelled", 1
    if o.mistakes or o.complaints:
        yield "faulty", 1
    if o.returns:
        yield "sent_back", 1
    if o.state in DELIVERED:
        yield from _delivered(o)


def _delivered(o: Kept) -> Iterator[tuple[str, int]]:
    yield "delivered", 1
    if o.complaints:
        yield "complaints", 1
    if o.courtesy:
        yield "answered", 1
        yield "courtesy", o.courtesy
    if o.due_at:
        yield "promised", 1
        if o.ended_at > o.due_at:
            yield "late", 1
    if o.placed_at:
        minutes = max(0, o.ended_at - o.placed_at) // MINUTE_MS
        yield "cycled", 1
        yield "cycle_min", minutes
        yield cycle_place(minutes), 1


def costed(o: Kept) -> Iterator[tuple[str, int]]:
    """What an order that has ended took: quantities, for the site's prices may change."""
    if not o.state:
        return
    if o.work_ms:
        yield "worked", 1
        yield "work_ms", o.work_ms
    for carton in o.cartons.split():
        yield "cartons", 1
        yield f"carton:{carton}", 1
    if o.charge:
        yield f"charge:{o.charged_in}", o.charge
    elif o.carrier == OWN:
        yield "stops", 1
    if o.state in DELIVERED:
        yield "brought", 1
    if o.state == "delivered" and o.currency:
        yield f"valued:{o.currency}", 1
        yield f"sales:{o.currency}", o.sales
        yield f"goods:{o.currency}", o.goods


def cycle_place(minutes: int) -> str:
    """The place of a cycle time in its histogram: `cycle:72` is more than 60 and up to 72 hours."""
    return f"cycle:{next((h for h in CYCLE_HOURS if minutes <= h * 60), LONGER)}"


def quantile(histogram: dict[int, int], share: float) -> float | None:
    """Hours within which `share` (0 to 1) of the orders were there: linear between the ends of a
    histogram's place. `histogram`: counts by upper end. None where there are none."""
    wanted = share * sum(histogram.values())
    if not wanted:
        return None
    seen, low = 0, 0
    for high in (*CYCLE_HOURS, LONGER):
        here = histogram.get(high, 0)
        if here and seen + here >= wanted:
            return float(low) if high == LONGER else low + (high - low) * (wanted - seen) / here
        seen, low = seen + here, high
    return float(low)
