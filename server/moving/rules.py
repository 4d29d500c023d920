"""Where goods are put, and when a pick face is filled up."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A bin that goods might go to. `room`: pieces, None for any number; `distance` in dm."""

    bin: str
    holds_same: bool
    is_empty: bool
    fits_zone: bool
    room: int | None
    distance: int


@dataclass(frozen=True, slots=True)
class Level:
    """A pick face is kept between `least` and `most` pieces; `have` counts what is on its way."""

    bin: str
    sku: str
    least: int
    most: int
    have: int


def spread(qty: int, places: Iterable[Place]) -> list[tuple[str, int]]:
    """(bin, pieces): to its own kind while there is room, then to the nearest empty bin, one of
    its zone before others. What fits nowhere goes to "": the worker finds a place."""
    fit = [p for p in places if (p.holds_same or p.is_empty) and p.room != 0]
    fit.sort(key=lambda p: (not p.holds_same, not p.fits_zone, p.distance, p.bin))
    made: list[tuple[str, int]] = []
    for place in fit:
        if qty == 0:
            break
        part = qty if place.room is None else min(qty, place.room)
        made.append((place.bin, part))
        qty -= part
    return [*made, ("", qty)] if qty else made


def missing_to_full(level: Level) -> int:
    """How many pieces to bring, 0 while the pick face has its least."""
    return level.most - level.have if level.have < level.least else 0
