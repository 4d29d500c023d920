"""Is an order good enough to enter? Which fields a channel must bring is the channel's profile."""

from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta

from server.kernel.values import Minor, Moment, Name, Pieces, Qty, Text

Latitude = Annotated[str, Meta(pattern=r"^(|-?(90(\.0{1,7})?|[0-8]?[0-9](\.[0-9]{1,7})?))$")]
Longitude = Annotated[
    str, Meta(pattern=r"^(|-?(180(\.0{1,7})?|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,7})?))$")
]
"""Degrees as text, as all of an address is text; empty: not known."""


class ShipTo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: Text = ""
    street: Text = ""
    city: Text = ""
    postcode: Text = ""
    province: Text = ""
    country: Text = ""
    phone: Text = ""
    email: Text = ""
    lat: Latitude = ""
    lon: Longitude = ""


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """`price` per piece in minor units of the order's currency."""

    sku: Name
    name: Text
    qty: Pieces
    price: Minor = 0


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    channel: str
    ref: str
    customer: str
    customer_name: str
    ship_to: ShipTo
    currency: str
    placed_at: Moment
    lines: list[OrderLine]
    type: str = "standard"
    due_at: Moment = 0
    deliver_from: Moment = 0
    deliver_to: Moment = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: which field, what it holds, which rule, and what to do."""

    field: str
    value: str
    rule: str
    mend: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a channel brings. `ship_to`: fields of the address that it must fill."""

    channel: str
    currency: str
    customer: bool = True
    ship_to: frozenset[str] = field(
        default_factory=lambda: frozenset({"name", "street", "city", "postcode", "country"})
    )
    max_line_qty: Qty = 100_000
    max_lines: int = 1000


PROFILES = {
    "EC": Profile("EC", "GBP", ship_to=frozenset({"country"})),
    "OD": Profile("OD", "EUR"),
}
"""EC: web shop exports without names, phones or streets. OD: the order desk, which asks."""


def check(order: NewOrder, profile: Profile, now: int) -> list[Problem]:
    """Everything wrong with the order at once, so that it is mended in one go."""
    found = [
        *_check_head(order, profile, now),
        *(p for i, line in enumerate(order.lines, 1) for p in _check_line(i, line, profile)),
    ]
    if len(order.lines) > profile.max_lines:
        found.append(
            Problem(
                "lines", str(len(order.lines)), f"at most {profile.max_lines} lines", "split it"
            )
        )
    return found


def _check_head(order: NewOrder, profile: Profile, now: int) -> list[Problem]:
    found = []
    if profile.customer and not order.customer:
        found.append(Problem("customer", "", "a customer is needed", "name the customer"))
    found += check_address(order.ship_to, profile)
    if not order.lines:
        found.append(Problem("lines", "0", "at least one line", "add what is ordered"))
    if order.placed_at > now:
        found.append(
            Problem("placed_at", str(order.placed_at), "not in the future", "correct the date")
        )
    return [*found, *_check_delivery(order)]


def check_address(to: ShipTo, profile: Profile) -> list[Problem]:
    """What the channel must bring; half a position is none."""
    found = [
        Problem(f"ship_to.{name}", "", "must be filled", f"enter the {name}")
        for name in sorted(profile.ship_to)
        if not getattr(to, name).strip()
    ]
    if bool(to.lat) != bool(to.lon):
        rule = "latitude and longitude"
        found.append(Problem("ship_to.lat", to.lat, rule, "give both or neither"))
    return found


def _check_delivery(order: NewOrder) -> list[Problem]:
    """A window ends after it begins."""
    if not order.deliver_to or order.deliver_to > order.deliver_from:
        return []
    rule = "after deliver_from"
    return [Problem("deliver_to", str(order.deliver_to), rule, "correct the window")]


def _check_line(i: int, line: OrderLine, profile: Profile) -> list[Problem]:
    found = []
    if line.qty > profile.max_line_qty:
        rule = f"at most {profile.max_line_qty}"
        found.append(Problem(f"lines[{i}].qty", str(line.qty), rule, "confirm with the customer"))
    if line.price < 0:
        found.append(
            Problem(f"lines[{i}].price", str(line.price), "not negative", "correct the price")
        )
    return found
