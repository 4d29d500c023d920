"""What customer service and supervisors ask for beyond the rows they hold: search and story."""

from typing import Annotated

import msgspec
import sqlalchemy as sa
from litestar import Router, get
from litestar.params import FromPath
from msgspec import Meta

import server.board.evidence  # noqa: F401  registers what follows when bytes arrive
from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.board.floor import FloorBins, Heat, bins_of, heat_of
from server.board.proposals import propose
from server.board.search import FoundOrders, search
from server.board.shapes import OrderStory
from server.board.stock import FoundStock, stock_of
from server.board.story import tell
from server.kernel.values import DESK
from server.orders import links
from server.store.writer import now_ms
from server.web.fields import read_fields

_WORDS = r"^(?=.*\S)[^\x00-\x1c\x1e\x1f\x7f]+$"
"""Something besides blanks; of control characters only GS, which is part of a GS1 scan."""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    q: Annotated[str, Meta(max_length=100, pattern=_WORDS)]
    limit: Annotated[int, Meta(ge=1, le=50)] = 20
    after: Annotated[str, Meta(max_length=120, pattern=r"^[!-~]*$")] = ""


@get("/orders", guards=[require(*DESK)])
async def search_orders(request: AnyRequest, grant: ByGrant) -> FoundOrders:
    """`?q=…&limit=…&after=…`: by order number, reference, customer, phone, parcel, waybill or
    item; `after`: what the page before said under `more`."""
    given = {name: request.query_params.get(name) for name in ("q", "limit", "after")}
    asked = read_fields(given, Search, {})
    words = asked.q.strip()

    def found(conn: sa.Connection) -> FoundOrders:
        return search(conn, grant.site, words, asked.limit, asked.after)

    return await store_of(request).read(found)


@get("/orders/{order_id:str}", guards=[require(*DESK)])
async def show_order(request: AnyRequest, grant: ByGrant, order_id: FromPath[str]) -> OrderStory:
    store = store_of(request)

    def told(conn: sa.Connection) -> OrderStory:
        return tell(conn, store.blobs, grant.site, order_id, store.keys.published(), store.clock())

    story = await store.read(told)
    key = links.key_in(store.keys.folder)
    return msgspec.structs.replace(story, track=links.path_of(key, order_id))


class StockSearch(msgspec.Struct, frozen=True, kw_only=True):
    q: Annotated[str, Meta(max_length=100, pattern=r"^[^\x00-\x1c\x1e\x1f\x7f]*$")] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


@get("/stock", guards=[require(*DESK)])
async def show_stock(request: AnyRequest, grant: ByGrant) -> FoundStock:
    """`?q=…&limit=…`: by SKU, scan, a part of the name, or the beginning of a bin."""
    given = {name: request.query_params.get(name) for name in ("q", "limit")}
    asked = read_fields(given, StockSearch, {})
    words = asked.q.strip()
    return await store_of(request).read(lambda conn: stock_of(conn, grant.site, words, asked.limit))


class HeatWanted(msgspec.Struct, frozen=True, kw_only=True):
    days: Annotated[int, Meta(ge=1, le=31)] = 1


@get("/floor", guards=[require(*DESK)])
async def show_floor(request: AnyRequest, grant: ByGrant) -> FloorBins:
    return await store_of(request).read(lambda conn: bins_of(conn, grant.site))


@get("/floor/heat", guards=[require(*DESK)])
async def show_heat(request: AnyRequest, grant: ByGrant) -> Heat:
    """`?days=…`: picks of each bin within so many days, 1 if it is not said."""
    asked = read_fields({"days": request.query_params.get("days")}, HeatWanted, {})
    now = now_ms()
    return await store_of(request).read(lambda conn: heat_of(conn, grant.site, asked.days, now))


router = Router(
    path="/api",
    route_handlers=[search_orders, show_order, show_stock, show_floor, show_heat, propose],
)
