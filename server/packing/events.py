"""What happens at the packing bench."""

from typing import ClassVar

from server.kernel.events import Event


class CartonOpened(Event, frozen=True, kw_only=True):
    """`carton`: the kind that was taken; `proposed`: the kind that was proposed."""

    kind: ClassVar[str] = "packing.carton_opened"
    task: str
    parcel: str
    carton: str
    proposed: str


class ItemChecked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "packing.item_checked"
    task: str
    sku: str
    qty: int
    code: str
    parcel: str = ""


class CheckFailed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "packing.check_failed"
    task: str
    code: str
    expected: str


class CountedBlind(Event, frozen=True, kw_only=True):
    """Counted without knowing how many; `off`: lines that did not agree."""

    kind: ClassVar[str] = "packing.counted_blind"
    task: str
    lines: int
    off: int


class QualityChecked(Event, frozen=True, kw_only=True):
    """So many lines were looked at, and are without a flaw."""

    kind: ClassVar[str] = "packing.quality_checked"
    task: str
    lines: int


class FlawFound(Event, frozen=True, kw_only=True):
    """`flawed`: pieces of the item that do not go out, all told."""

    kind: ClassVar[str] = "packing.flaw_found"
    task: str
    line: int
    sku: str
    flawed: int
    reason: str
    note: str
    photos: list[str]


class ParcelPacked(Event, frozen=True, kw_only=True):
    """`expected_g` None: the item master does not know all the weights."""

    kind: ClassVar[str] = "packing.parcel_packed"
    task: str
    parcel: str
    shipment: str
    weight_g: int
    carton: str = ""
    pieces: int = 0
    expected_g: int | None = None
    scale: str = ""
    reason: str = ""


class PalletBuilt(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "packing.pallet_built"
    pallet: str
    parcels: list[str]


class LabelPrinted(Event, frozen=True, kw_only=True):
    """The printer at `station` has taken all of it."""

    kind: ClassVar[str] = "packing.label_printed"
    number: str
    station: str


class LabelNotPrinted(Event, frozen=True, kw_only=True):
    """No further try is made."""

    kind: ClassVar[str] = "packing.label_not_printed"
    number: str
    station: str
    fault: str
