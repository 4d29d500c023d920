"""The floor, goods and rules of a site to try sizes on: one good in each of the demo's bins."""

from dataclasses import replace

from server.catalog.ops import PutItem, PutSetting
from server.demo.goods import PRICES, Good, goods
from server.demo.many.crew import Stated
from server.demo.site import layout, zone
from server.imports.gtin import gtin14, own_ean13
from server.imports.layouts import layout_setting, put_bin
from server.inventory.ops import ReceiveStock

FULL = 900_000
"""Pieces in a bin: nobody is to wait for a delivery of goods."""
_RULES: dict[str, object] = {
    "pod": {"rules": []},
    "returns": {"reship": False},
    "costs": PRICES,
}


def goods_of() -> list[Good]:
    """As many as there are bins: what the demo sells, again in other sizes."""
    known, places = goods(), len(layout().bins)
    return [_sized(known[at % len(known)], at // len(known)) for at in range(places)]


def _sized(good: Good, size: int) -> Good:
    if size == 0:
        return good
    return replace(good, sku=f"{good.sku}-{size}", name=f"{good.name}, size {size}")


def lay_ground() -> list[Stated]:
    floor = layout()
    said: list[Stated] = [("catalog.put_setting.v1", layout_setting(floor))]
    said += [
        ("catalog.put_setting.v1", PutSetting(key=key, value=value))
        for key, value in _RULES.items()
    ]
    said += [("inventory.put_bin.v1", put_bin(b, zone(b.aisle))) for b in floor.bins]
    return said + [("catalog.put_item.v1", _item(good)) for good in goods_of()]


def refill(stocked: list[Good]) -> list[Stated]:
    places = zip(stocked, layout().bins, strict=True)
    received = [ReceiveStock(bin=b.code, sku=good.sku, qty=FULL) for good, b in places]
    return [("inventory.receive_stock.v1", op) for op in received]


def _item(good: Good) -> PutItem:
    code = gtin14(own_ean13(good.sku))
    return PutItem(
        sku=good.sku,
        name=good.name,
        codes=[code],
        weight_g=good.weight_g,
        price=good.price,
        cost=good.cost,
    )
