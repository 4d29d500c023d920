"""What happens on the picking floor."""

from typing import ClassVar

from server.kernel.events import Event


class WavePlanned(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.wave_planned"
    wave: str
    number: int
    orders: int


class LinePicked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.line_picked"
    task: str
    line: int
    sku: str
    qty: int
    bin: str
    code: str
    lot: str = ""
    serials: list[str] = []


class LineShort(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.line_short"
    task: str
    line: int
    sku: str
    bin: str
    asked: int
    found: int
    reason: str
    note: str
    photos: list[str]
    lot: str = ""
    serials: list[str] = []


class OrderPicked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.order_picked"
    task: str


class SubstituteTaken(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.substitute_taken"
    task: str
    sku: str
    substitute: str


class AccountManagerTold(Event, frozen=True, kw_only=True):
    """A line of an important customer came short; `cure`: what is done about it."""

    kind: ClassVar[str] = "picking.account_manager_told"
    customer: str
    sku: str
    missing: int
    cure: str


class PickUndone(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.pick_undone"
    task: str
    line: int
    sku: str
    qty: int


class BinChecked(Event, frozen=True, kw_only=True):
    """Whether a bin was empty when it had to be; `found`: pieces that were still there."""

    kind: ClassVar[str] = "picking.bin_checked"
    task: str
    bin: str
    sku: str
    empty: bool
    found: int


class TaskSplit(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.task_split"
    task: str
    to_task: str
    lines: int


class TasksJoined(Event, frozen=True, kw_only=True):
    """A split was undone: what had gone to `from_task` is back."""

    kind: ClassVar[str] = "picking.tasks_joined"
    task: str
    from_task: str
    lines: int


class LineReturned(Event, frozen=True, kw_only=True):
    """Late work on the first task counts, so the line that had gone to `from_task` is back."""

    kind: ClassVar[str] = "picking.line_returned"
    task: str
    from_task: str
    line: int


class OrderChecked(Event, frozen=True, kw_only=True):
    """A second person has counted what was picked; `wrong`: lines that did not agree."""

    kind: ClassVar[str] = "picking.order_checked"
    task: str
    lines: int
    wrong: int


class ToteAssigned(Event, frozen=True, kw_only=True):
    """A tote was put into a slot of the cart for one order."""

    kind: ClassVar[str] = "picking.tote_assigned"
    task: str
    slot: int
    code: str


class ToteFilled(Event, frozen=True, kw_only=True):
    """A tote was full; the order's goods go on into another, in `to_slot`."""

    kind: ClassVar[str] = "picking.tote_filled"
    task: str
    slot: int
    to_slot: int
    code: str


class LineSorted(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.line_sorted"
    task: str
    line: int
    sku: str
    qty: int
    tote: str


class CartHandedOver(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.cart_handed_over"
    task: str
    place: str
