"""What happens to goods that a customer did not keep."""

from typing import ClassVar

from server.kernel.events import Event


class ReturnOpened(Event, frozen=True, kw_only=True):
    """`pieces`: not kept; `back`: of them expected here. `origin`: delivery or customer, whose
    `note` it is."""

    kind: ClassVar[str] = "returns.opened"
    rma: str
    number: str
    reason: str
    party: str
    pieces: int
    back: int
    origin: str = "delivery"
    note: str = ""


class ReturnWithdrawn(Event, frozen=True, kw_only=True):
    """The proof that it followed from was corrected."""

    kind: ClassVar[str] = "returns.withdrawn"
    rma: str
    number: str


class ReturnReceived(Event, frozen=True, kw_only=True):
    """`photos`: blob references."""

    kind: ClassVar[str] = "returns.received"
    rma: str
    number: str
    pieces: int
    expected: int
    photos: list[str]


class Reshipped(Event, frozen=True, kw_only=True):
    """On the time line of the order whose goods are sent again: by the order `number`."""

    kind: ClassVar[str] = "returns.reshipped"
    by: str
    number: str
    pieces: int


class Redelivered(Event, frozen=True, kw_only=True):
    """The parcel waits at the dock for the next run."""

    kind: ClassVar[str] = "returns.redelivered"
    reason: str
