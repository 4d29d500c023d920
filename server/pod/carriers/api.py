"""What each carrier would take a shipment for, asked when somebody looks."""

from typing import Annotated, Any

import msgspec
from litestar import Router, get
from msgspec import Meta

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.kernel.errors import Refusal
from server.kernel.values import Id, Role
from server.pod.carriers.consigning import (
    carriers_of,
    carriers_setting,
    records_of,
    together,
    waiting,
)
from server.pod.carriers.rules import compare
from server.pod.carriers.shapes import NoFit, Quote
from server.pod.carriers.standing import Record, counts_as
from server.store.writer import now_ms
from server.web.fields import read_fields


class AskedQuotes(msgspec.Struct, frozen=True, kw_only=True):
    """`shipments`: ids between commas, all to one door."""

    shipments: Annotated[str, Meta(min_length=1, max_length=4_000)]


class Offer(msgspec.Struct, frozen=True):
    """`late`: after the order is due. `counts_as`: the price by which it was compared, with the
    carrier's `record`, None before it has any."""

    quote: Quote
    total: int
    late: bool
    counts_as: int
    record: Record | None


class Quotes(msgspec.Struct, frozen=True):
    """`offers`: the best first. `weight_g`, `value`, `needs`: what the prices are made from."""

    offers: list[Offer]
    refused: list[NoFit]
    currency: str
    weight_g: int
    value: int
    needs: tuple[str, ...]
    urgent: bool
    due_at: int


def quotes_of(conn: Any, site: str, shipments: list[Id], now: int) -> Quotes:
    """Refuses `not_found` and `carriers_unreadable`. Nothing is written, no number is used up."""
    setting = carriers_setting(conn, site)
    found = waiting(conn, site, shipments, setting, now)
    if not found or len(found) < len(set(shipments)):
        raise Refusal("not_found", field="shipments")
    goods = together(found)
    asked = carriers_of(setting, _no_number)
    records = records_of(conn, site, setting, now)
    compared = compare(goods, [c.rates(goods) for c in asked], setting.currency, records)
    return Quotes(
        [_offer(q, goods.due_at, records.get(q.carrier)) for q in compared.offers],
        compared.refused,
        setting.currency,
        goods.weight_g,
        goods.value,
        goods.needs,
        goods.urgent,
        goods.due_at,
    )


def _offer(quote: Quote, due_at: int, record: Record | None) -> Offer:
    late = 0 < due_at < quote.arrives_by
    return Offer(quote, quote.total, late, counts_as(quote.total, record), record)


def _no_number(name: str) -> int:
    raise AssertionError(f"who looks at prices uses up no number of {name}")


@get("/quotes", guards=[require(Role.SUPERVISOR, Role.ADMIN)])
async def show_quotes(request: AnyRequest, grant: ByGrant) -> Quotes:
    """`?shipments=id,id`."""
    asked = read_fields({"shipments": request.query_params.get("shipments")}, AskedQuotes, {})
    wanted = list(dict.fromkeys(asked.shipments.split(",")))
    now = now_ms()
    return await store_of(request).read(lambda conn: quotes_of(conn, grant.site, wanted, now))


router = Router(path="/api/carriers", route_handlers=[show_quotes])
