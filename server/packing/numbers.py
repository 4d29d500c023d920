"""The numbers of cartons and pallets, given before they are needed so that no label waits for a
network: SSCCs where the site has a GS1 company prefix, else numbers of the house.

The n-th carton of a shipment takes the n-th number given with its task; past the last of them it is
the house number with `-n` behind it, so that no bench ever runs out.
"""

import msgspec
import sqlalchemy as sa

from server.kernel import sscc
from server.kernel.ops import OpContext
from server.packing import settings
from server.packing.tables import shipment


def for_shipment(ctx: OpContext, pieces: int) -> tuple[list[str], str]:
    """Numbers for at most as many cartons as there are pieces, and what further ones begin with."""
    spare = f"P-{ctx.next_number('parcel'):08d}"
    wanted = min(pieces, settings.packing(ctx.conn, ctx.site).numbers)
    return _ssccs(ctx, wanted) or [spare], spare


def for_pallet(ctx: OpContext) -> str:
    found = _ssccs(ctx, 1)
    return found[0] if found else f"P-PL{ctx.next_number('pallet'):06d}"


def _ssccs(ctx: OpContext, count: int) -> list[str]:
    """None where the site has no prefix, or has used it up."""
    prefix = settings.prefix(ctx.conn, ctx.site)
    if not prefix or not count:
        return []
    last = ctx.next_number("sscc", count)
    if last >= sscc.capacity(prefix):
        return []
    return [sscc.sscc(prefix, serial) for serial in range(last - count + 1, last + 1)]


def place_of(ctx: OpContext, shipment_id: str, number: str) -> int | None:
    """Which carton of its shipment the number stands for, from 1; None: it is not one of them."""
    found = sa.select(shipment.c.numbers, shipment.c.spare).where(shipment.c.id == shipment_id)
    given = ctx.conn.execute(found).first()
    if given is None:
        return None
    numbers = msgspec.json.decode(given.numbers, type=list[str])
    if number in numbers:
        return numbers.index(number) + 1
    behind = number.removeprefix(f"{given.spare}-")
    return int(behind) if behind != number and behind.isdigit() and len(behind) < 6 else None
