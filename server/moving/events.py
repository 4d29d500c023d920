"""What happens while goods are brought from bin to bin."""

from typing import ClassVar

from server.kernel.events import Event


class StockMoved(Event, frozen=True, kw_only=True):
    """`task` is empty where nobody had asked for it."""

    kind: ClassVar[str] = "moving.stock_moved"
    task: str
    sku: str
    lot: str
    qty: int
    from_bin: str
    to_bin: str


class MoveShort(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "moving.move_short"
    task: str
    sku: str
    bin: str
    asked: int
    found: int
    reason: str
