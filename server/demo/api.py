"""The demo's own pages. Mounted by `dockhand demo` alone.

GET /demo            who can sign in (no PINs), in the reader's language
GET /demo/enrol      a fresh code for this browser; on this machine only
GET /demo/sheet.pdf  badges, locations and items to scan
"""

import asyncio
from ipaddress import ip_address
from typing import Annotated, Any

import sqlalchemy as sa
from litestar import Request, Response, get
from litestar.params import QueryParameter

from server.auth.access import store_of
from server.auth.tables import person
from server.catalog.tables import item, item_code
from server.demo.page import STYLE, Person, page
from server.demo.seed import SHOP, new_code
from server.demo.words import WORDS
from server.documents.sheets import Badge, DemoSheet, Item, Location, demo_sheet
from server.inventory.tables import bin_, stock
from server.kernel.errors import Refusal
from server.web.languages import Language, language

AnyRequest = Request[Any, Any, Any]
Wanted = Annotated[str, QueryParameter(name="lang", max_length=35)]


@get("/demo", include_in_schema=False)
async def show(request: AnyRequest, wanted: Wanted = "") -> Response[str]:
    found = sa.select(person.c.name, person.c.role, person.c.lang, person.c.badge).where(
        person.c.site == _site(request), person.c.active
    )
    people = await store_of(request).rows(found.order_by(person.c.role, person.c.name))
    html = page(
        [Person(**row) for row in people],
        _language(request, wanted),
        may_enrol=_on_this_machine(request),
    )
    return Response(html, media_type="text/html")


@get("/demo/style.css", include_in_schema=False, sync_to_thread=False)
def style() -> Response[str]:
    return Response(STYLE, media_type="text/css")


@get("/demo/enrol", include_in_schema=False)
async def enrol(request: AnyRequest) -> Response[str]:
    """Only for a browser on this machine that came here by itself or from our own page: another
    site may neither send it here nor, by a name that points to this machine, read the answer."""
    if not _on_this_machine(request):
        raise Refusal("not_allowed", field="client", mend="type a code from the terminal")
    site = _site(request)
    code = await store_of(request).run(lambda tx: new_code(tx, site))
    return Response("", status_code=303, headers={"location": f"/#enrol={code}"})


@get("/demo/sheet.pdf", include_in_schema=False)
async def sheet(request: AnyRequest, wanted: Wanted = "") -> Response[bytes]:
    made = await _sheet(request, _language(request, wanted))
    pdf = await asyncio.to_thread(demo_sheet, made)
    return Response(pdf, media_type="application/pdf")


async def _sheet(request: AnyRequest, reader: Language) -> DemoSheet:
    store, site = store_of(request), _site(request)
    people = await store.rows(
        sa.select(person.c.name, person.c.role, person.c.badge)
        .where(person.c.site == site, person.c.active)
        .order_by(person.c.role, person.c.name)
    )
    bins = await store.rows(
        sa.select(bin_.c.code, bin_.c.zone)
        .where(bin_.c.site == site, bin_.c.code.in_(_filled(site)))
        .order_by(bin_.c.code)
        .limit(400)
    )
    items = await store.rows(
        sa.select(item.c.name, item.c.sku, item_code.c.code)
        .join(item_code, item_code.c.sku == item.c.sku)
        .where(item.c.sku.in_(sa.select(stock.c.sku).where(stock.c.site == site)))
        .order_by(item.c.sku)
        .limit(400)
    )
    words = WORDS[reader]
    return DemoSheet(
        title=SHOP["name"],
        badges=[Badge(p["name"], words[p["role"]], p["badge"]) for p in people],
        locations=[Location(f"L-{b['code']}", b["zone"]) for b in bins],
        items=[Item(i["name"], i["code"][1:], i["sku"]) for i in items],
        language=reader,
    )


def _filled(site: str) -> sa.Select[tuple[str]]:
    return sa.select(stock.c.bin).where(stock.c.site == site, stock.c.qty > 0)


def _site(request: AnyRequest) -> str:
    return str(request.app.state.settings.site)


def _language(request: AnyRequest, wanted: str) -> Language:
    return language(wanted, request.headers.get("accept-language", ""))


def _on_this_machine(request: AnyRequest) -> bool:
    origins = request.app.state.settings.origins
    host = request.headers.get("host", "").lower()
    ours = any(origin.partition("://")[2] == host for origin in origins)
    came = request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    return ours and came and _is_loopback(request.client.host if request.client else "")


def _is_loopback(client: str) -> bool:
    try:
        return ip_address(client).is_loopback
    except ValueError:
        return False


HANDLERS: tuple[Any, ...] = (show, style, enrol, sheet)
