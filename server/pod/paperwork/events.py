"""What becomes of an order's papers, as its time line tells it."""

from typing import ClassVar

from server.kernel.events import Event


class PaperIssued(Event, frozen=True, kw_only=True):
    """`blob`: the very bytes. `fault`: why the site's own template was not used."""

    kind: ClassVar[str] = "pod.paper_issued"
    paper: str
    what: str
    number: str
    version: int
    lang: str
    blob: str
    fault: str = ""


class PaperAttached(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "pod.paper_attached"
    paper: str
    what: str
    number: str
    note: str
    blob: str


class PaperWaived(Event, frozen=True, kw_only=True):
    """A rule asks for it and this order does not need it, says somebody who answers for that."""

    kind: ClassVar[str] = "pod.paper_waived"
    paper: str
    what: str
    note: str


class PaperWithdrawn(Event, frozen=True, kw_only=True):
    """It was the wrong one; it stays readable and counts no longer."""

    kind: ClassVar[str] = "pod.paper_withdrawn"
    paper: str
    what: str
    number: str
    note: str
