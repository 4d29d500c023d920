"""What becomes of a shipment on its way to, and with, a carrier."""

from typing import ClassVar

from server.kernel.events import Event


class CarrierChosen(Event, frozen=True, kw_only=True):
    """`total` of the waybill in minor units of `currency`, and this shipment's `share` of it.
    `by_rule`: nobody had to ask for it."""

    kind: ClassVar[str] = "pod.carrier_chosen"
    shipment: str
    carrier: str
    service: str
    number: str
    total: int
    currency: str
    by_rule: bool
    share: int = 0


class PickupBooked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "pod.pickup_booked"
    carrier: str
    reference: str
    number: str
    opens_at: int
    closes_at: int


class CarrierReported(Event, frozen=True, kw_only=True):
    """`state`: in our words. `late`: something that happened after it was known already."""

    kind: ClassVar[str] = "pod.carrier_reported"
    carrier: str
    number: str
    state: str
    text: str
    place: str
    happened_at: int
    late: bool
