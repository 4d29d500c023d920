"""What happens to orders, as the time line and later stages hear it."""

from typing import ClassVar

from server.kernel.events import Event


class OrderReceived(Event, frozen=True, kw_only=True):
    """`country`: where it goes. Times in ms; `due_at`: as promised at its coming in."""

    kind: ClassVar[str] = "orders.received"
    number: str
    ref: str
    lines: int
    pieces: int
    channel: str = ""
    customer: str = ""
    country: str = ""
    placed_at: int = 0
    due_at: int = 0


class PromiseMade(Event, frozen=True, kw_only=True):
    """`days` by the order's type and `buffer` more: `usual` for the `place` (empty: anywhere) by
    `of` deliveries, `weekday` and `season` besides."""

    kind: ClassVar[str] = "orders.promised"
    due_at: int
    days: int
    buffer: int
    usual: int
    weekday: int
    season: int
    of: int
    place: str


class OrderMoved(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "orders.moved"
    before: str
    after: str


class OrderCancelled(Event, frozen=True, kw_only=True):
    """`fee`, and what of it was `waived` for the reason `waiver`, in minor units of `currency`.
    `stage` is empty where nobody is charged: an order of the house's own."""

    kind: ClassVar[str] = "orders.cancelled"
    before: str
    reason: str
    stage: str = ""
    fee: int = 0
    currency: str = ""
    waived: int = 0
    waiver: str = ""


class CancelsOften(Event, frozen=True, kw_only=True):
    """The customer has cancelled so many `times` within `days`."""

    kind: ClassVar[str] = "orders.cancels_often"
    customer: str
    times: int
    days: int


class CancellationReceived(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "orders.cancellation_received"
    ref: str
    pieces: int
    matched: bool


class OrderHeld(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "orders.held"
    before: str
    reason: str


class OrderResumed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "orders.resumed"
    after: str


class OrderReprioritised(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "orders.reprioritised"
    before: int
    after: int


class AddressChanged(Event, frozen=True, kw_only=True):
    """`before`, `after`: fields of `ShipTo` that are not empty."""

    kind: ClassVar[str] = "orders.address_changed"
    before: dict[str, str]
    after: dict[str, str]
    reason: str


class NoteAdded(Event, frozen=True, kw_only=True):
    """For the house alone: no page or paper of the customer's tells it."""

    kind: ClassVar[str] = "orders.note_added"
    note: str


class SurveyAnswered(Event, frozen=True, kw_only=True):
    """What a customer said of a delivery. `courtesy`: 1 to 5; `note`: in the customer's words.
    `changed`: one was there before."""

    kind: ClassVar[str] = "survey.answered"
    on_time: bool
    complete: bool
    courtesy: int
    note: str
    changed: bool
