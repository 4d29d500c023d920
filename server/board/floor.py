"""The floor as the supervisor's map draws it: where bins stand, and how often each is picked."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.inventory.tables import bin_, movement
from server.store.feed import version

DAY_MS = 86_400_000


class FloorBin(msgspec.Struct, frozen=True):
    """As the layout has it; `offset_dm` decimetres from the front of its block."""

    code: str
    kind: str
    zone: str
    aisle: int
    block: int
    offset_dm: int
    side: str
    level: int


class FloorBins(msgspec.Struct, frozen=True):
    ver: int
    bins: list[FloorBin]


class Heat(msgspec.Struct, frozen=True):
    """`picks`: by bin, how many times somebody took goods for an order out of it; the others
    none. `since`: ms."""

    ver: int
    since: int
    picks: dict[str, int]


def bins_of(conn: Any, site: str) -> FloorBins:
    """Bins that stand at a shelf, in the order of their codes."""
    columns = [bin_.c[f] for f in FloorBin.__struct_fields__]
    at_shelves = sa.select(*columns).where(bin_.c.site == site, bin_.c.kind.in_(("pick", "bulk")))
    rows = conn.execute(at_shelves.order_by(bin_.c.code)).mappings()
    return FloorBins(version(conn, site), [FloorBin(**row) for row in rows])


def heat_of(conn: Any, site: str, days: int, now: int) -> Heat:
    """Over the last `days` times 24 hours; one range of an index."""
    since = now - days * DAY_MS
    of = movement.c
    counted = (
        sa.select(of.from_bin, sa.func.count())
        .where(of.site == site, of.at >= since, of.why == "pick")
        .group_by(of.from_bin)
    )
    picks = {str(code): int(n) for code, n in conn.execute(counted)}
    return Heat(version(conn, site), since, picks)
