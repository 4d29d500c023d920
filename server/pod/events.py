"""What happens past the dock door."""

from typing import ClassVar

from server.kernel.events import Event


class RunPlanned(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "pod.run_planned"
    run: str
    number: int
    stop: str
    seq: int


class ParcelLoaded(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "pod.parcel_loaded"
    run: str
    parcel: str


class ParcelUnloaded(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "pod.parcel_unloaded"
    run: str
    parcel: str


class LoadDiffers(Event, frozen=True, kw_only=True):
    """`what`: missing, damaged, extra."""

    kind: ClassVar[str] = "pod.load_differs"
    run: str
    parcel: str
    what: str
    reason: str
    note: str


class PapersReady(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "pod.papers_ready"
    papers: str


class Departed(Event, frozen=True, kw_only=True):
    """`tracking`: the number under which the shipment is followed. `signature`, `photos`: of the
    loaded vehicle, as blob references."""

    kind: ClassVar[str] = "pod.departed"
    run: str
    vehicle: str
    tracking: str = ""
    eta: int | None = None
    signature: str = ""
    photos: list[str] = []


class Arrived(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "pod.arrived"
    run: str
    stop: str


class StopClosed(Event, frozen=True, kw_only=True):
    """`signature`, `photos`: blob references, kept with the proof whose hash is `hash`.

    `corrects`: hash of the record that this one replaces. `stands`: false where the proof is only
    kept, for the stop had been closed before. `discrepancy`: what customer service was told with.
    """

    kind: ClassVar[str] = "pod.stop_closed"
    run: str
    stop: str
    outcome: str
    reason: str
    receiver: str
    proof: str
    hash: str
    signature: str
    photos: list[str]
    lat_e7: int | None
    lon_e7: int | None
    acc_cm: int | None
    delivered: int
    ordered: int
    verdicts: dict[str, str]
    signed_on: str = ""
    corrects: str = ""
    stands: bool = True
    discrepancy: str = ""


class StopTaken(Event, frozen=True, kw_only=True):
    """Off its run before anything was loaded; the order waits for another one."""

    kind: ClassVar[str] = "pod.stop_taken"
    run: str
    stop: str


class DelayForeseen(Event, frozen=True, kw_only=True):
    """It will come more than the site's hours after it was promised. Times in ms."""

    kind: ClassVar[str] = "pod.delay_foreseen"
    stop: str
    eta: int
    promised: int


class DelayOver(Event, frozen=True, kw_only=True):
    """What was foreseen is true no longer."""

    kind: ClassVar[str] = "pod.delay_over"
    stop: str
    eta: int


class ReceiverSigned(Event, frozen=True, kw_only=True):
    """On a phone of the receiver's own."""

    kind: ClassVar[str] = "pod.receiver_signed"
    stop: str
    receiver: str
    signature: str
    pin: str


class GoodsCameBack(Event, frozen=True, kw_only=True):
    """Scanned off the van at the depot. `complete`: nothing of the stop is on the van any more."""

    kind: ClassVar[str] = "pod.goods_came_back"
    run: str
    stop: str
    parcel: str
    pieces: int
    complete: bool


class ReturnsFinished(Event, frozen=True, kw_only=True):
    """The van is empty; `missing`: pieces of this stop that should have been on it."""

    kind: ClassVar[str] = "pod.returns_finished"
    run: str
    stop: str
    missing: int


class PinIssued(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "pod.pin_issued"
