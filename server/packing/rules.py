"""What a carton should weigh, and whether what the scale says fits. Pure; grams."""

from collections.abc import Iterable

from server.packing.shapes import Packing


def expected_g(goods: Iterable[tuple[int, int]], tare_g: int) -> int | None:
    """Of (grams of one, pieces) in a carton of `tare_g`; None where the master lacks a weight."""
    pairs = [(grams, pieces) for grams, pieces in goods if pieces]
    if not pairs or any(grams <= 0 for grams, _ in pairs):
        return None
    return tare_g + sum(grams * pieces for grams, pieces in pairs)


def is_off(measured_g: int, expected: int | None, site: Packing, *, knows_carton: bool) -> bool:
    """Whether the carton should be looked into again; never where it was not weighed. A carton of
    unknown kind only adds weight, so that it may be heavier than its goods, but not lighter."""
    if expected is None or measured_g <= 0:
        return False
    allowed = max(expected * site.tolerance_percent / 100, site.tolerance_g)
    off = measured_g - expected
    return off < -allowed or (knows_carton and off > allowed)


def take_out(inside: list[tuple[str, int]], out: int) -> list[tuple[str, int]]:
    """Which cartons `out` pieces of a line leave, from `inside` (carton, pieces): the last carton
    first. Returns those that change, with what stays in them."""
    changed = []
    for parcel, pieces in reversed(inside):
        part = min(pieces, out)
        if part:
            changed.append((parcel, pieces - part))
            out -= part
    return changed
