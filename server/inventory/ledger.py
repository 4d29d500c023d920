"""Every piece that moves, moves from a place to a place. Nothing is clamped away: what the books do
not have is posted from DISCREPANCY, and becomes a discrepancy that somebody settles."""

from collections.abc import Callable

import sqlalchemy as sa

from server.inventory.tables import movement
from server.kernel.ops import OpContext
from server.store.prepared import Prepared

WORLD = "WORLD"
"""Where goods come from and go to: suppliers and customers."""
DISCREPANCY = "DISCREPANCY"

LATE_MS = 1_000
"""Of two people who were at one bin within that time nobody knows who was first."""
COUNTED_SINCE: list[Callable[[OpContext, str, str, str], bool]] = []
"""Whether a bin was counted (item, lot) after this operation had happened. Filled by counting."""

_TAKE = Prepared(
    sa.text(
        "UPDATE stock SET qty = qty - :qty, allocated = CASE WHEN allocated > :release"
        " THEN allocated - :release ELSE 0 END"
        " WHERE site = :site AND bin = :bin AND sku = :sku AND lot = :lot AND qty >= :qty"
    )
)
_HAVE = Prepared(
    sa.text("SELECT qty FROM stock WHERE site = :site AND bin = :bin AND sku = :sku AND lot = :lot")
)
_ADD = Prepared(
    sa.text(
        "INSERT INTO stock (site, bin, sku, lot, qty, allocated, received_at)"
        " VALUES (:site, :bin, :sku, :lot, :qty, 0, COALESCE((SELECT s.received_at FROM stock s"
        " WHERE s.site = CAST(:site AS VARCHAR) AND s.bin = :source"
        " AND s.sku = CAST(:sku AS VARCHAR) AND s.lot = CAST(:lot AS VARCHAR)), :at))"
        " ON CONFLICT (site, bin, sku, lot) DO UPDATE SET qty = stock.qty + :qty,"
        " received_at = CASE WHEN stock.qty <= 0 OR excluded.received_at < stock.received_at"
        " THEN excluded.received_at ELSE stock.received_at END"
    )
)
_CARRY = Prepared(
    sa.text(
        "INSERT INTO stock (site, bin, sku, lot, qty, allocated, received_at)"
        " SELECT site, bin, sku, lot, -:qty, -:release, received_at FROM stock"
        " WHERE site = :site AND bin = :source AND sku = :sku AND lot = :lot AND qty >= :qty"
        " UNION ALL"
        " SELECT site, CAST(:bin AS VARCHAR), sku, lot, :qty, 0, received_at FROM stock"
        " WHERE site = :site AND bin = :source AND sku = :sku AND lot = :lot AND qty >= :qty"
        " ON CONFLICT (site, bin, sku, lot) DO UPDATE SET qty = stock.qty + excluded.qty,"
        " allocated = CASE WHEN excluded.qty > 0 THEN stock.allocated"
        " WHEN stock.allocated + excluded.allocated > 0 THEN stock.allocated + excluded.allocated"
        " ELSE 0 END,"
        " received_at = CASE WHEN stock.qty <= 0 OR excluded.received_at < stock.received_at"
        " THEN excluded.received_at ELSE stock.received_at END"
    )
)
"""Both ends in one statement, as nearly every move is: the source has it all. Otherwise nothing."""
_LOTS = Prepared(
    sa.text(
        "SELECT lot, qty FROM stock WHERE site = :site AND bin = :bin AND sku = :sku AND qty > 0"
        " ORDER BY lot"
    )
)
_ALLOCATE = Prepared(
    sa.text(
        "INSERT INTO stock (site, bin, sku, lot, qty, allocated, received_at)"
        " VALUES (:site, :bin, :sku, :lot, 0, :qty, :at)"
        " ON CONFLICT (site, bin, sku, lot) DO UPDATE SET allocated = stock.allocated + :qty"
    )
)
"""Also where the books have none: whoever is sent there will look."""
_RELEASE = Prepared(
    sa.text(
        "UPDATE stock SET allocated = allocated + :qty"
        " WHERE site = :site AND bin = :bin AND sku = :sku AND lot = :lot"
    )
)


def move(
    ctx: OpContext,
    sku: str,
    qty: int,
    from_bin: str,
    to_bin: str,
    why: str,
    *,
    lot: str = "",
    ref: str = "",
    release: int = 0,
) -> int:
    """Book `qty` pieces; `release`: how much of the reservation in `from_bin` this uses up.

    Whoever has counted a bin since has seen it as it was afterwards: there what comes late changes
    nothing any more, and the count's difference is explained by so much.
    Returns the shortfall: pieces that the books did not have in `from_bin`.
    """
    if qty == 0:
        return 0
    if _was_counted_since(ctx, from_bin, sku, lot):
        _explain(ctx, sku, qty, DISCREPANCY, from_bin, lot, ref)
    missing = 0
    if not _carry(ctx, sku, qty, from_bin, to_bin, lot, release):
        missing = _take(ctx, sku, qty, from_bin, lot, release)
        if missing:
            _write(ctx, sku, missing, DISCREPANCY, to_bin, "shortfall", lot, ref)
            _add(ctx, sku, -missing, DISCREPANCY, lot, from_bin)
        if to_bin != WORLD:
            _add(ctx, sku, qty, to_bin, lot, from_bin)
    if qty > missing:
        _write(ctx, sku, qty - missing, from_bin, to_bin, why, lot, ref)
    if _was_counted_since(ctx, to_bin, sku, lot):
        _explain(ctx, sku, qty, to_bin, DISCREPANCY, lot, ref)
    return missing


def _was_counted_since(ctx: OpContext, bin_code: str, sku: str, lot: str) -> bool:
    if ctx.now - ctx.at <= LATE_MS or bin_code in (WORLD, DISCREPANCY):
        return False
    return any(counted(ctx, bin_code, sku, lot) for counted in COUNTED_SINCE)


def _explain(
    ctx: OpContext, sku: str, qty: int, from_bin: str, to_bin: str, lot: str, ref: str
) -> None:
    _write(ctx, sku, qty, from_bin, to_bin, "late", lot, ref)
    _add(ctx, sku, -qty, from_bin, lot, from_bin)
    _add(ctx, sku, qty, to_bin, lot, from_bin)


def move_any_lot(
    ctx: OpContext, sku: str, qty: int, from_bin: str, to_bin: str, why: str, *, ref: str = ""
) -> int:
    """Book `qty` pieces of whatever lots lie in `from_bin`, for places past the last scan of a
    lot: bench, dock, van. Returns the shortfall, as `move` does."""
    found = _LOTS.all(ctx.conn, {"site": ctx.site, "bin": from_bin, "sku": sku})
    for lot, have in found:
        part = min(qty, int(have))
        move(ctx, sku, part, from_bin, to_bin, why, lot=lot, ref=ref)
        qty -= part
    return move(ctx, sku, qty, from_bin, to_bin, why, ref=ref)


def allocate(ctx: OpContext, sku: str, qty: int, bin_code: str, lot: str = "") -> None:
    """Reserve (or with a negative quantity release) stock in a bin."""
    place = {"site": ctx.site, "bin": bin_code, "sku": sku, "lot": lot, "qty": qty}
    if qty < 0:
        _RELEASE.run(ctx.conn, place)
    else:
        _ALLOCATE.run(ctx.conn, {**place, "at": ctx.at})


def _carry(
    ctx: OpContext, sku: str, qty: int, from_bin: str, to_bin: str, lot: str, release: int
) -> bool:
    """False, and nothing is done, where the source has less, or one end is outside the house."""
    if WORLD in (from_bin, to_bin) or from_bin == to_bin:
        return False
    place = {"site": ctx.site, "source": from_bin, "bin": to_bin, "sku": sku, "lot": lot}
    return _CARRY.run(ctx.conn, {**place, "qty": qty, "release": release}) > 0


def _take(ctx: OpContext, sku: str, qty: int, bin_code: str, lot: str, release: int) -> int:
    if bin_code == WORLD:
        return 0
    place = {"site": ctx.site, "bin": bin_code, "sku": sku, "lot": lot}
    if _TAKE.run(ctx.conn, {**place, "qty": qty, "release": release}):
        return 0
    found = _HAVE.first(ctx.conn, place)
    have = max(0, int(found[0])) if found else 0
    if have:
        _TAKE.run(ctx.conn, {**place, "qty": have, "release": release})
    elif release:
        allocate(ctx, sku, -release, bin_code, lot)
    return qty - have


def _add(ctx: OpContext, sku: str, qty: int, bin_code: str, lot: str, source: str) -> None:
    """Goods keep the day of their receipt wherever they are brought: FIFO goes by it."""
    place = {"site": ctx.site, "bin": bin_code, "sku": sku, "lot": lot, "qty": qty}
    _ADD.run(ctx.conn, {**place, "source": source, "at": ctx.at})


def _write(
    ctx: OpContext, sku: str, qty: int, from_bin: str, to_bin: str, why: str, lot: str, ref: str
) -> None:
    ctx.tx.insert_later(
        movement,
        {
            "device": ctx.device,
            "n": ctx.n,
            "i": ctx.count(),
            "site": ctx.site,
            "at": ctx.at,
            "sku": sku,
            "lot": lot,
            "qty": qty,
            "from_bin": from_bin,
            "to_bin": to_bin,
            "why": why,
            "ref": ref,
        },
    )
