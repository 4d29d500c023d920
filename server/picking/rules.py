"""Which orders are counted a second time before they are packed."""

import hashlib
from typing import Literal

import msgspec


class SecondCheck(msgspec.Struct, frozen=True):
    """Setting `second_check`. `share`: `percent` of the orders, always the same ones; `value`:
    orders of `over` and more, in the currency's smallest unit."""

    mode: Literal["off", "all", "share", "value"] = "off"
    percent: int = 10
    over: int = 100_000

    def asks(self, order: str, total: int) -> bool:
        if self.mode == "share":
            dice = int.from_bytes(hashlib.sha256(order.encode()).digest()[:4])
            return dice % 100 < self.percent
        return self.mode == "all" or (self.mode == "value" and total >= self.over)
