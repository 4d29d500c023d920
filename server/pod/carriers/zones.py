"""Which line of a tariff a door falls under, and what its weight costs there."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from server.pod.carriers.money import each_begun
from server.pod.carriers.shapes import Box
from server.pod.carriers.tariffs import Zone

ANY = "*"


class _Placed(Protocol):
    @property
    def country(self) -> str: ...
    @property
    def prefix(self) -> str: ...


P = TypeVar("P", bound=_Placed)


def best_place(places: Iterable[P], country: str, postcode: str) -> P | None:
    """The country's longest prefix of the postcode; a named country before any (`*`)."""
    where, code = plain(country), plain(postcode)
    fits = [
        p for p in places if plain(p.country) in (where, ANY) and code.startswith(plain(p.prefix))
    ]
    return max(fits, key=lambda p: (p.country != ANY, len(plain(p.prefix))), default=None)


def zone_of(zones: Iterable[Zone], country: str, postcode: str) -> Zone | None:
    """The zone with the place that fits best; the first of equals."""
    by_place = {place: zone for zone in reversed(list(zones)) for place in zone.places}
    found = best_place(reversed(by_place), country, postcode)
    return by_place[found] if found else None


def plain(text: str) -> str:
    """Postcodes and countries are written with and without blanks and hyphens."""
    return "".join(c for c in text.casefold() if c.isalnum() or c == ANY)


def chargeable_g(boxes: Iterable[Box], divisor: int) -> int:
    """The greater of weight and volume, parcel by parcel; `divisor` in cm³ a kilogram."""
    return sum(max(box.weight_g, _by_volume(box, divisor)) for box in boxes)


def _by_volume(box: Box, divisor: int) -> int:
    """mm³ over cm³/kg are grams; a gram that was begun counts."""
    return -(-box.length_mm * box.width_mm * box.height_mm // divisor)


def price_in(zone: Zone, grams: int) -> int | None:
    """None where the zone takes nothing so heavy."""
    for step in zone.breaks:
        if grams <= step.to_g:
            return step.price
    last = zone.breaks[-1]
    if zone.per_kg is None:
        return None
    return last.price + each_begun(zone.per_kg, grams - last.to_g, 1_000)
