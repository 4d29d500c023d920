"""What happens when bins are counted."""

from typing import ClassVar

from server.kernel.events import Event


class BinCounted(Event, frozen=True, kw_only=True):
    """`book`: what the books had at the moment of counting."""

    kind: ClassVar[str] = "counting.bin_counted"
    task: str
    bin: str
    sku: str
    lot: str
    counted: int
    book: int
