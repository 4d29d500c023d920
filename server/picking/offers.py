"""What a handheld may offer when a line comes short, without asking anybody: other bins with free
stock, items that may be sent instead, and whether bulk has some. As of when the line was shown;
what has gone meanwhile comes short again, and is offered again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting, items
from server.catalog.substitutes import rule, substitutes
from server.inventory.reserve import Free, earliest_expiry, free_stock
from server.inventory.tables import bin_, stock
from server.kernel.feeds import RowSink

MOST_BINS = 4
MOST_SUBSTITUTES = 2


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """`qty` pieces of it are free there; where it stands as on a line."""

    bin: str
    lot: str
    expiry: str
    qty: int
    aisle: int
    block: int
    offset_dm: int
    side: str
    level: int


class Substitute(msgspec.Struct, frozen=True, kw_only=True):
    sku: str
    name: str
    codes: tuple[str, ...]
    packs: dict[str, int]
    weight_class: str
    tracks: tuple[str, ...]
    at: Elsewhere


class Cures(msgspec.Struct, frozen=True, kw_only=True):
    """`bulk`: free pieces that could fill the bin up. `empties`: by the books nothing is left in
    the bin after this pick, and the site asks whether that is so (setting `zero_check`). Nothing of
    it for a line that is closed."""

    bins: tuple[Elsewhere, ...]
    substitutes: tuple[Substitute, ...]
    bulk: int
    empties: bool


NONE = Cures(bins=(), substitutes=(), bulk=0, empties=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    sku: str
    lot: str
    bin: str
    qty: int
    state: str
    site: str
    customer: str
    aisle: int | None
    offset_dm: int | None
    FIELDS: ClassVar = (
        "sku",
        "lot",
        "bin",
        "qty",
        "state",
        "site",
        "customer",
        "aisle",
        "offset_dm",
    )


def cures_of(sink: RowSink, lines: Sequence[Wanted]) -> list[Cures]:
    """One for each line."""
    still = [line for line in lines if line.state == "open"]
    if not still:
        return [NONE] * len(lines)
    shelf = _Shelf(sink, still)
    return [shelf.cures(line) if line.state == "open" else NONE for line in lines]


class _Shelf:
    """What lies where of everything that these lines might be filled with."""

    def __init__(self, sink: RowSink, lines: Sequence[Wanted]) -> None:
        skus = {line.sku for line in lines}
        self.rule = rule(sink.conn, sink.site)
        self.instead = substitutes(sink.conn, skus)
        others = {s for each in self.instead.values() for s in each}
        self.known = items(sink.conn, others)
        self.free = free_stock(sink.conn, sink.site, skus | others, now=sink.now)
        self.bulk = free_stock(sink.conn, sink.site, skus, now=sink.now, kind="bulk")
        self.books = _books(sink, lines)
        zero_check = get_setting(sink.conn, sink.site, "zero_check", {})
        self.asks = not isinstance(zero_check, dict) or zero_check.get("ask", True) is True
        customers = {line.customer for line in lines}
        self.least = {c: earliest_expiry(sink.conn, sink.site, c, sink.now) for c in customers}
        bins = {f.bin for free in self.free.values() for f in free}
        found = sa.select(bin_).where(bin_.c.site == sink.site, bin_.c.code.in_(sorted(bins)))
        self.places = {b.code: b for b in sink.conn.execute(found)}

    def cures(self, line: Wanted) -> Cures:
        bins = self._nearest(line, line.sku)
        return Cures(
            bins=tuple(bins[:MOST_BINS]),
            substitutes=tuple(self._substitutes(line)),
            bulk=sum(f.qty for f in self.bulk.get(line.sku, []) if f.lot == line.lot),
            empties=self.asks and 0 < self.books.get((line.bin, line.sku), 0) <= line.qty,
        )

    def _nearest(self, line: Wanted, sku: str) -> list[Elsewhere]:
        """Who has enough first, then the nearest by aisle and depth. Another lot may lie in the
        same bin; none that expires sooner than this customer takes."""
        here, least = (line.bin, line.lot), self.least[line.customer]
        free = [
            f
            for f in self.free.get(sku, [])
            if (f.bin, f.lot) != here and f.bin in self.places and not "" < f.expiry < least
        ]

        def turn(f: Free) -> tuple[bool, int, int, str, str]:
            place = self.places[f.bin]
            aisles = abs(place.aisle - (line.aisle or 0))
            depth = abs(place.offset_dm - (line.offset_dm or 0))
            return (f.qty < line.qty, aisles, depth, f.bin, f.lot)

        return [self._elsewhere(f) for f in sorted(free, key=turn)]

    def _elsewhere(self, f: Free) -> Elsewhere:
        place = self.places[f.bin]
        same = {n: getattr(place, n) for n in ("aisle", "block", "offset_dm", "side", "level")}
        return Elsewhere(bin=f.bin, lot=f.lot, expiry=f.expiry, qty=f.qty, **same)

    def _substitutes(self, line: Wanted) -> list[Substitute]:
        if not self.rule.allows(line.customer):
            return []
        made: list[Substitute] = []
        for sku in self.instead.get(line.sku, []):
            at, item = self._nearest(line, sku), self.known.get(sku)
            if item and at and len(made) < MOST_SUBSTITUTES:
                of = {
                    f: getattr(item, f)
                    for f in ("name", "codes", "packs", "weight_class", "tracks")
                }
                made.append(Substitute(sku=sku, at=at[0], **of))
        return made


def _books(sink: RowSink, lines: Sequence[Wanted]) -> dict[tuple[str, str], int]:
    """(bin, sku) -> pieces there, whatever their lot."""
    found = (
        sa.select(stock.c.bin, stock.c.sku, sa.func.sum(stock.c.qty))
        .where(
            stock.c.site == sink.site,
            stock.c.bin.in_(sorted({line.bin for line in lines})),
            stock.c.sku.in_(sorted({line.sku for line in lines})),
        )
        .group_by(stock.c.bin, stock.c.sku)
    )
    return {(b, s): int(n) for b, s, n in sink.conn.execute(found)}
