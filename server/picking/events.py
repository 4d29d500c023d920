"""What happens on the picking floor."""

from typing import ClassVar

from server.kernel.events import Event


class WavePlanned(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.wave_planned"
    wave: str
    number: int
    orders: int


class LinePicked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.line_picked"
    task: str
    line: int
    sku: str
    qty: int
    bin: str
    code: str


class LineShort(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.line_short"
    task: str
    line: int
    sku: str
    bin: str
    asked: int
    found: int
    reason: str
    note: str
    photos: list[str]


class OrderPicked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picking.order_picked"
    task: str
