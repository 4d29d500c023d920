"""What happens at the packing bench."""

from typing import ClassVar

from server.kernel.events import Event


class ItemChecked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "packing.item_checked"
    task: str
    sku: str
    qty: int
    code: str


class CheckFailed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "packing.check_failed"
    task: str
    code: str
    expected: str


class ParcelPacked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "packing.parcel_packed"
    task: str
    parcel: str
    shipment: str
    weight_g: int
