"""What carriers are asked about: shipments out of the books, and the carriers that a site has."""

from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.catalog.tables import item
from server.kernel.errors import Refusal, code
from server.orders.tables import order_line, orders
from server.packing.settings import carton_types
from server.packing.tables import parcel, shipment
from server.pod.carriers.adapter import Carrier
from server.pod.carriers.own_fleet import OwnVans
from server.pod.carriers.rate_table import ByRateTable
from server.pod.carriers.rules import door
from server.pod.carriers.scorecard import scorecard
from server.pod.carriers.shapes import Box, Consignment
from server.pod.carriers.standing import Record, record_of
from server.pod.carriers.tariffs import Carriers

UNREADABLE = code("carriers_unreadable")
shaped("carriers", Carriers)
DAY_MS = 86_400_000
COD = "cod"
"""The mark of an order that is paid at the door."""


def carriers_setting(conn: Any, site: str) -> Carriers:
    """Refuses `carriers_unreadable`: the setting must be mended before anybody is asked."""
    given = get_setting(conn, site, "carriers", {})
    try:
        found = msgspec.convert(given, Carriers)
    except msgspec.ValidationError as error:
        raise Refusal(
            UNREADABLE, field="carriers", value=str(error)[:200], mend="carriers"
        ) from None
    return found


def readable_carriers(conn: Any, site: str) -> Carriers:
    """For facts, which nobody refuses: a setting that cannot be read counts as none."""
    try:
        return carriers_setting(conn, site)
    except Refusal:
        return Carriers()


def carriers_of(setting: Carriers, next_number: Callable[[str], int]) -> list[Carrier]:
    own: list[Carrier] = [OwnVans(setting.own, setting)] if setting.own else []
    return own + [ByRateTable(table, setting, next_number) for table in setting.rate_tables]


def records_of(conn: Any, site: str, setting: Carriers, now: int) -> dict[str, Record]:
    """How the site's carriers have done lately, by carrier."""
    since = now - setting.standing.days * DAY_MS
    found = scorecard(conn, site, since, now + 1)
    return {score.carrier: record_of(score, setting.standing) for score in found}


class Waiting(msgspec.Struct, frozen=True):
    """A shipment as the books have it. `door`: alike for those that may go together."""

    id: str
    order: str
    state: str
    door: str
    goods: Consignment


def waiting(
    conn: Any, site: str, shipments: list[str], setting: Carriers, now: int
) -> list[Waiting]:
    """Those of `shipments` that the site has, in their order."""
    found = (
        sa.select(shipment.c.id, shipment.c.state, orders)
        .join(orders, orders.c.id == shipment.c.order_id)
        .where(shipment.c.site == site, shipment.c.id.in_(shipments))
    )
    known = {r[0]: r for r in conn.execute(found)}
    boxes, needs = _boxes(conn, site, list(known)), _needs(conn, [r.id_1 for r in known.values()])
    return [
        _waiting(known[s], boxes.get(s, ()), needs.get(known[s].id_1, set()), setting, now)
        for s in shipments
        if s in known
    ]


def _waiting(
    r: Any, boxes: tuple[Box, ...], needs: set[str], setting: Carriers, now: int
) -> Waiting:
    to = msgspec.json.decode(r.ship_to)
    is_cod = COD in r.marks.split()
    goods = Consignment(
        country=to.get("country", ""),
        postcode=to.get("postcode", ""),
        boxes=boxes,
        ready_at=now,
        due_at=r.due_at,
        value=r.total,
        currency=r.currency,
        needs=tuple(sorted(needs | ({COD} if is_cod else set()))),
        cod=r.total if is_cod else 0,
        urgent=r.type in setting.urgent,
    )
    return Waiting(r.id, r.id_1, r.state, door_of(r.customer, r.ship_to), goods)


def _boxes(conn: Any, site: str, shipments: list[str]) -> dict[str, tuple[Box, ...]]:
    """With the sizes of their cartons, where the site has written them down."""
    found = sa.select(parcel).where(parcel.c.shipment.in_(shipments), parcel.c.state != "void")
    sizes = carton_types(conn, site)
    made: dict[str, tuple[Box, ...]] = {}
    for r in conn.execute(found.order_by(parcel.c.no, parcel.c.number)):
        of = sizes.get(r.carton)
        edges = (of.length_mm, of.width_mm, of.height_mm) if of else (0, 0, 0)
        box = Box(
            number=r.number,
            weight_g=r.weight_g,
            length_mm=edges[0],
            width_mm=edges[1],
            height_mm=edges[2],
        )
        made[r.shipment] = (*made.get(r.shipment, ()), box)
    return made


def _needs(conn: Any, order_ids: list[str]) -> dict[str, set[str]]:
    """What the goods themselves ask of who carries them."""
    found = (
        sa.select(order_line.c.order_id, item.c.temperature, item.c.dangerous)
        .join(item, item.c.sku == sa.func.coalesce(order_line.c.substitute, order_line.c.sku))
        .where(order_line.c.order_id.in_(order_ids), order_line.c.picked > 0)
    )
    made: dict[str, set[str]] = {}
    for order, temperature, dangerous in conn.execute(found):
        asked = ({"cold"} if temperature else set()) | ({"dangerous"} if dangerous else set())
        made.setdefault(order, set()).update(asked)
    return made


def door_of(customer: str, ship_to: str) -> str:
    """`ship_to`: JSON, as the order keeps it."""
    return door(customer, msgspec.json.decode(ship_to))


def together(found: list[Waiting]) -> Consignment:
    """Several shipments to one door as one consignment."""
    goods = [w.goods for w in found]
    return msgspec.structs.replace(
        goods[0],
        boxes=tuple(box for g in goods for box in g.boxes),
        due_at=min(g.due_at for g in goods),
        value=sum(g.value for g in goods),
        cod=sum(g.cod for g in goods),
        needs=tuple(sorted({need for g in goods for need in g.needs})),
        urgent=any(g.urgent for g in goods),
    )
