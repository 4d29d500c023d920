"""The log, event by event, into what is counted. Pure: whatever is known before comes in."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from server.exceptions.events import CaseSettled
from server.floor.discrepancies import DiscrepancyOpened
from server.floor.tasks import TaskMoved
from server.insights.measures.rules import (
    COMPLAINTS,
    DAY_MS,
    ENDS,
    OWN,
    Dimensions,
    Kept,
    Place,
    counts_of,
    dimensions,
    labour,
)
from server.kernel.events import Event
from server.orders.events import (
    CancellationReceived,
    OrderCancelled,
    OrderMoved,
    OrderReceived,
    SurveyAnswered,
)
from server.packing.events import CheckFailed, CountedBlind, ParcelPacked
from server.picking.events import LinePicked, LineShort, OrderChecked, PickUndone
from server.pod.carriers.events import CarrierChosen
from server.pod.events import LoadDiffers
from server.returns.events import ReturnOpened, ReturnWithdrawn

MEMBER = 64
"""Characters of a member's name; a longer one is cut."""
UNNAMED = "-"
"""A carton of no known kind."""


class Record(Struct, frozen=True):
    """An event of the log: its version, when (ms) and under whose name it happened."""

    ver: int
    at: int
    person: str
    event: Event


class InHand(Struct, frozen=True):
    """Who has a task, since when (ms). What it took until `seen` is some order's already: the
    last time that of `order`."""

    person: str
    since: int
    seen: int
    order: str = ""


class Walk(Struct, frozen=True):
    """Of a task. Decimetres; it is known once the task is over."""

    zone: str
    walked_dm: int
    s_shape_dm: int


class Opened(Struct, frozen=True):
    """A return: when (ms), why, and pieces by SKU."""

    at: int
    reason: str
    goods: tuple[tuple[str, int], ...]


class Bought(Struct, frozen=True):
    """An order's goods as they were ordered: what they bring and what they cost, in minor units
    of `currency`; only where the cost of each is known."""

    currency: str
    sales: int
    goods: int


class Before(Struct, frozen=True, kw_only=True):
    """What is known before the records are counted. Orders, tasks in hand, and what never changes:
    each task's walk, each return as it was opened, what was bought. `clocks`: by which one days
    begin in what follows a version, the oldest first."""

    orders: Mapping[str, Kept] = {}
    in_hand: Mapping[str, InHand] = {}
    walks: Mapping[str, Walk] = {}
    opened: Mapping[str, Opened] = {}
    bought: Mapping[str, Bought] = {}
    clocks: tuple[tuple[int, ZoneInfo], ...] = ()


class Counted(Struct, frozen=True, kw_only=True):
    """What is to be written. `in_hand`: None for a task that nobody has any more."""

    counts: dict[Place, int]
    orders: dict[str, Kept]
    in_hand: dict[str, InHand | None]


class Counting:
    """Some records in their order."""

    def __init__(self, before: Before) -> None:
        self.before = before
        self.counts: Counter[Place] = Counter()
        self.orders: dict[str, Kept] = {}
        self.in_hand: dict[str, InHand | None] = {}
        self.at, self.person, self.clock = 0, "", ZoneInfo("UTC")
        self.noted = ""
        """The channel's own number of a cancellation that is about to be told as a reason."""

    def see_all(self, records: Iterable[Record]) -> Counted:
        for record in records:
            self.see(record)
        return self.result()

    def see(self, record: Record) -> None:
        for ver, clock in self.before.clocks:
            if ver < record.ver:
                self.clock = clock
        self.at, self.person = record.at, record.person
        _SEEN[type(record.event)](self, record.event)

    def result(self) -> Counted:
        for order_id, now in self.orders.items():
            if known := self.before.orders.get(order_id):
                self.counts.subtract(dict(_summed(known)))
            self.counts.update(dict(_summed(now)))
        told = {place: n for place, n in self.counts.items() if n}
        return Counted(counts=told, orders=self.orders, in_hand=self.in_hand)

    def day(self, at: int) -> int:
        """Days since 1970 by the site's clock."""
        moved = datetime.fromtimestamp(at / 1000, UTC).astimezone(self.clock).utcoffset()
        return (at + int(moved.total_seconds() * 1000 if moved else 0)) // DAY_MS

    def order(self, order_id: str) -> Kept:
        known = self.orders.get(order_id) or self.before.orders.get(order_id)
        return known or Kept(order_id=order_id)

    def held(self, task: str) -> InHand | None:
        known = self.in_hand
        return known[task] if task in known else self.before.in_hand.get(task)

    def change(self, order_id: str, **values: Any) -> None:
        self.orders[order_id] = msgspec.structs.replace(self.order(order_id), **values)

    def add(self, where: Dimensions, at: int, **counted: int) -> None:
        day = self.day(at)
        for dimension, member in where:
            for what, n in counted.items():
                self.counts[dimension, member, day, what] += n


def _summed(order: Kept) -> Counter[Place]:
    summed: Counter[Place] = Counter()
    for place, n in counts_of(order):
        summed[place] += n
    return summed


def _received(c: Counting, e: OrderReceived) -> None:
    c.change(
        e.order,
        placed_at=e.placed_at,
        placed_day=c.day(e.placed_at),
        due_at=e.due_at,
        channel=e.channel,
        customer=e.customer,
        destination=e.country[:MEMBER],
        **_bought(c.before.bought.get(e.order)),
    )


def _bought(goods: Bought | None) -> dict[str, Any]:
    return msgspec.structs.asdict(goods) if goods else {}


def _moved(c: Counting, e: OrderMoved) -> None:
    if e.after == "closed":  # filed away: it counts as it did
        return
    if e.after in ENDS:
        carrier = c.order(e.order).carrier or ("" if e.after == "cancelled" else OWN)
        c.change(e.order, state=e.after, ended_at=c.at, day=c.day(c.at), carrier=carrier)
    elif c.order(e.order).state:
        c.change(e.order, state="", ended_at=0, day=0)


def _cancellation(c: Counting, e: CancellationReceived) -> None:
    if e.matched:
        c.noted = e.ref


def _cancelled(c: Counting, e: OrderCancelled) -> None:
    """What is a number to the channel or to a return is no reason that could be counted."""
    if c.noted and e.reason == c.noted:
        reason = "by_channel"
    elif e.reason.startswith("RMA-"):
        reason = "return_withdrawn"
    else:
        reason = " ".join(e.reason.split()).casefold()[:MEMBER]
    c.noted = ""
    c.change(e.order, reason=reason)


def _carrier(c: Counting, e: CarrierChosen) -> None:
    """Whoever was chosen before is not paid."""
    c.change(e.order, carrier=e.carrier[:MEMBER], charge=e.share, charged_in=e.currency)


def _packed(c: Counting, e: ParcelPacked) -> None:
    known = c.order(e.order).cartons.split()
    c.change(e.order, cartons=" ".join(sorted([*known, e.carton or UNNAMED])))
    _worked(c, e.task, e.order)


def _mistake(c: Counting, e: Any) -> None:
    lines = getattr(e, _WRONG[type(e)]) if type(e) in _WRONG else 1
    if e.order and lines:
        c.change(e.order, mistakes=c.order(e.order).mistakes + lines)


def _work(c: Counting, task: str) -> Dimensions:
    walk = c.before.walks.get(task)
    return labour(c.person, walk.zone if walk else "")


def _worked(c: Counting, task: str, order: str) -> None:
    """What was done since the last line or carton was done for this one's order."""
    held = c.held(task)
    if held and order:
        now = max(c.at, held.seen)
        c.change(order, work_ms=c.order(order).work_ms + now - held.seen)
        c.in_hand[task] = InHand(held.person, held.since, now, order)


def _picked(c: Counting, e: LinePicked) -> None:
    _worked(c, e.task, e.order)
    c.add(_work(c, e.task), c.at, lines=1, pieces=e.qty)


def _undone(c: Counting, e: PickUndone) -> None:
    c.add(_work(c, e.task), c.at, lines=-1, pieces=-e.qty)


def _short(c: Counting, e: LineShort) -> None:
    _worked(c, e.task, e.order)
    where = _work(c, e.task)
    c.add(where, c.at, shorts=1)
    if e.found:
        c.add(where, c.at, lines=1, pieces=e.found)


def _handed(c: Counting, e: TaskMoved) -> None:
    """Whoever had it has worked on it until now; who walked it to its end has walked it all."""
    if e.task_kind not in _LABOUR:
        return
    had = c.held(e.task)
    if had and had.order:
        _worked(c, e.task, had.order)
    if had or e.after:
        c.in_hand[e.task] = InHand(e.after, c.at, c.at) if e.after else None
    if e.task_kind == "pick":
        _walked(c, e, had)


def _walked(c: Counting, e: TaskMoved, had: InHand | None) -> None:
    walk = c.before.walks.get(e.task)
    zone = walk.zone if walk else ""
    if had:
        where = labour(had.person, zone)
        c.add(where, c.at, pick_ms=max(0, c.at - had.since))
    if e.ended and walk and walk.walked_dm:
        where = labour(had.person if had else "", zone)
        c.add(where, c.at, walked_dm=walk.walked_dm, s_shape_dm=walk.s_shape_dm)


def _problem(c: Counting, e: DiscrepancyOpened) -> None:
    c.add(dimensions(kind=e.about), c.at, problems=1)


def _settled(c: Counting, e: CaseSettled) -> None:
    c.add(dimensions(kind=e.about, cause=e.cause), c.at, settled=1)


def _answered(c: Counting, e: SurveyAnswered) -> None:
    c.change(e.order, courtesy=e.courtesy)


def _opened(c: Counting, e: ReturnOpened) -> None:
    _count_return(c, e.order, e.rma, 1)


def _withdrawn(c: Counting, e: ReturnWithdrawn) -> None:
    _count_return(c, e.order, e.rma, -1)


def _count_return(c: Counting, order_id: str, rma: str, sign: int) -> None:
    """On the day on which it was opened, whenever it is withdrawn."""
    opened = c.before.opened[rma]
    order = c.order(order_id)
    bad = sign if opened.reason in COMPLAINTS else 0
    c.change(order_id, returns=order.returns + sign, complaints=order.complaints + bad)
    by = dimensions(
        reason=opened.reason,
        destination=order.destination,
        channel=order.channel,
        carrier=order.carrier,
    )
    c.add(by, opened.at, returns=sign)
    for sku, qty in opened.goods:
        c.add((("product", sku),), opened.at, returns=sign, returned=sign * qty)


_LABOUR = frozenset({"pick", "pack"})
_WRONG: dict[type[Event], str] = {OrderChecked: "wrong", CountedBlind: "off"}
"""Where an event says how many lines did not agree; any other is about one."""
_SEEN: dict[type[Event], Callable[[Counting, Any], None]] = {
    OrderReceived: _received,
    OrderMoved: _moved,
    CancellationReceived: _cancellation,
    OrderCancelled: _cancelled,
    CarrierChosen: _carrier,
    OrderChecked: _mistake,
    CountedBlind: _mistake,
    CheckFailed: _mistake,
    LoadDiffers: _mistake,
    ParcelPacked: _packed,
    LinePicked: _picked,
    PickUndone: _undone,
    LineShort: _short,
    TaskMoved: _handed,
    DiscrepancyOpened: _problem,
    CaseSettled: _settled,
    SurveyAnswered: _answered,
    ReturnOpened: _opened,
    ReturnWithdrawn: _withdrawn,
}
KINDS: dict[str, type[Event]] = {kind.kind: kind for kind in _SEEN}
"""What is counted: another figure is another entry here."""
