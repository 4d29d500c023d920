"""The one interface to label printers, and its twin that prints nothing and keeps all of it."""

from collections import deque
from typing import NamedTuple, Protocol

from server.packing.print_rules import Fault
from server.packing.printers import Station


class NotPrinted(Exception):
    """`fault`: for the packer, who is told what to do; `detail`: for the log."""

    def __init__(self, fault: Fault, detail: str) -> None:
        self.fault: Fault = fault
        super().__init__(f"{fault}: {detail}")


class Printer(Protocol):
    async def send(self, station: Station, zpl: bytes, *, timeout_s: float) -> None:
        """Returns when the printer has taken all of it; else raises NotPrinted."""


class Kept(NamedTuple):
    station: str
    zpl: bytes


class NullPrinter:
    """For tests and a demo: takes everything, or fails as often as it is told to."""

    MOST = 50

    def __init__(self) -> None:
        self.printed: deque[Kept] = deque(maxlen=self.MOST)
        self.faults: deque[Fault] = deque()

    async def send(self, station: Station, zpl: bytes, *, timeout_s: float) -> None:
        del timeout_s
        if self.faults:
            raise NotPrinted(self.faults.popleft(), "as it was told to")
        self.printed.append(Kept(station.id, zpl))
