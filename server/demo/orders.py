"""Orders as a shop would get them: mostly small, now and then a long or an urgent one."""

from random import Random

import msgspec

from server.demo.customers import Customer, customers
from server.demo.goods import Good, goods
from server.orders.ops import ImportOrder
from server.orders.validation import OrderLine

_CURRENCY = {"EC": "GBP", "OD": "EUR"}
_URGENT = 0.12
_EURO = frozenset({"IE", "DE", "FR", "NL", "ES", "IT"})


def demo_order(chance: Random, ref: str, placed_at: int) -> ImportOrder:
    """One order placed at `placed_at` (ms), by anybody."""
    wanted = chance.sample(goods(), _how_many(chance))
    order = order_of(chance, chance.choice(customers()), ref, placed_at, wanted)
    if chance.random() < _URGENT:
        order.type = "urgent"
    return order


def order_of(
    chance: Random, customer: Customer, ref: str, placed_at: int, wanted: list[Good]
) -> ImportOrder:
    """Some pieces of each of these goods for this customer, at his usual channel."""
    channel = "OD" if customer.ship_to.country in _EURO else "EC"
    return ImportOrder(
        channel=channel,
        ref=ref,
        customer=customer.id,
        customer_name=customer.name,
        ship_to=customer.ship_to,
        currency=_CURRENCY[channel],
        placed_at=placed_at,
        lines=[_line(chance, good) for good in wanted],
    )


def long_order(chance: Random, order: ImportOrder, lines: int) -> ImportOrder:
    """The same customer wants `lines` different goods, and soon."""
    wanted = [_line(chance, good) for good in chance.sample(goods(), lines)]
    return msgspec.structs.replace(order, lines=wanted, type="urgent")


def _how_many(chance: Random) -> int:
    return min(30, 1 + int(chance.expovariate(1 / 4)))


def _line(chance: Random, good: Good) -> OrderLine:
    pieces = chance.choice((1, 1, 1, 1, 2, 2, 3, 4, 6))
    return OrderLine(sku=good.sku, name=good.name, qty=pieces, price=good.price)
