"""What happens to stock that later stages care about."""

from typing import ClassVar

from server.kernel.events import Event


class StockReceived(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "inventory.stock_received"
    bin: str
    sku: str
    lot: str
    qty: int
