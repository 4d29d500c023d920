"""`GET /t/{token}`: an order by its link, for whoever has it. `POST`: goods go back.

Guesses are hopeless (128 bits); the limits keep them cheap. A right link is answered whatever
others do, so that nobody can shut customers out by guessing.
"""

import time
from collections.abc import Callable
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter

from server.orders import links
from server.returns.offering import Offered
from server.store import blobs
from server.store.store import Store
from server.store.strokes import MIME, as_svg, read_strokes
from server.track import page, returns
from server.track.form import Asked
from server.track.shown import Shown, look
from server.web.languages import Language, language
from server.web.limits import Buckets

MISSES, MISSES_PER_SECOND = 20, 0.1
"""Wrong links from one address: a person who types has that many tries at once."""
ALL_MISSES, ALL_MISSES_PER_SECOND = 500, 5.0
POSTCODES, POSTCODES_PER_SECOND = 5, 1 / 60
"""Of one order, whoever tries them."""
ANSWERS, ANSWERS_PER_SECOND = 10, 1 / 60
"""To the survey of one order."""
_EVERYBODY = "*"
HEADERS = {
    "x-robots-tag": "noindex, nofollow",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
}
AnyRequest = Request[Any, Any, Any]
Wanted = Annotated[str, QueryParameter(name="lang", max_length=35)]
Postcode = Annotated[str, QueryParameter(name="postcode", max_length=40)]


class Tracking:
    """A node's secret and its counters."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self.store = store
        self.misses = Buckets(clock, MISSES, MISSES_PER_SECOND)
        self.all_misses = Buckets(clock, ALL_MISSES, ALL_MISSES_PER_SECOND)
        self.postcodes = Buckets(clock, POSTCODES, POSTCODES_PER_SECOND)
        self.answers = Buckets(clock, ANSWERS, ANSWERS_PER_SECOND)

    @property
    def key(self) -> bytes:
        return links.key_in(self.store.keys.folder)

    def missed(self, address: str) -> bool:
        """Counts one; whether there were too many."""
        mine, everybodys = self.misses.take(address), self.all_misses.take(_EVERYBODY)
        return not (mine and everybodys)

    def may_try(self, order_id: str, postcode: str) -> bool:
        return not postcode.strip() or self.postcodes.take(order_id)


@get("/t/style.css", include_in_schema=False, sync_to_thread=False)
def style() -> Response[str]:
    return Response(
        page.STYLE, media_type="text/css", headers={"cache-control": "public, max-age=3600"}
    )


@get("/t/{token:str}", include_in_schema=False)
async def follow(
    request: AnyRequest, token: FromPath[str], wanted: Wanted = "", postcode: Postcode = ""
) -> Response[str]:
    tracking: Tracking = request.app.state.tracking
    reader = language(wanted, request.headers.get("accept-language", ""))
    order_id = _order_of(tracking, request, token)
    if order_id is None:
        return _miss(tracking, address_of(request), reader)
    may_try = tracking.may_try(order_id, postcode)
    shown = await _look(tracking, order_id, postcode if may_try else "")
    if shown is None:
        return _miss(tracking, address_of(request), reader)
    drawn = await _signature(tracking.store, shown)
    html = page.page(shown, reader, drawn, often=not may_try, asked=Asked(postcode=postcode))
    return as_html(html, 200 if may_try else 429)


@post("/t/{token:str}", include_in_schema=False, request_max_body_size=returns.LONGEST)
async def send_back(
    request: AnyRequest, token: FromPath[str], wanted: Wanted = ""
) -> Response[str]:
    """What the page's form says; then the page again, by which a repeat makes nothing twice."""
    tracking: Tracking = request.app.state.tracking
    store = tracking.store
    form = returns.read(await request.body())
    reader = language(wanted or form.lang, request.headers.get("accept-language", ""))
    order_id = _order_of(tracking, request, token)
    if order_id is None:
        return _miss(tracking, address_of(request), reader)
    may_try = tracking.may_try(order_id, form.postcode)
    shown = await _look(tracking, order_id, form.postcode if may_try else "")
    if shown is None:
        return _miss(tracking, address_of(request), reader)
    if shown.private is None:
        html = page.page(shown, reader, often=not may_try)
        return as_html(html, 403 if may_try else 429)
    if not await store.read(lambda conn: returns.is_asked(conn, order_id, form)):
        told = await _ask(store, order_id, shown, form)
        if told:
            asked = Asked(postcode=form.postcode, told=told, form=form)
            return as_html(page.page(shown, reader, asked=asked), 409)
    there = {"location": f"/t/{token}?lang={reader}#returns"}
    return Response("", status_code=303, media_type="text/html", headers=HEADERS | there)


async def _ask(store: Store, order_id: str, shown: Shown, form: returns.Form) -> str:
    """Why not, as a word of the page's; empty: it is done."""
    if shown.private is None or not form.once:
        return "again"
    may = Offered(shown.private.returnable, shown.private.reasons)
    lines = returns.wanted(form, may)
    if isinstance(lines, str):
        return lines
    return await store.run(lambda tx: returns.ask(tx, shown.site, order_id, form, lines))


def address_of(request: AnyRequest) -> str:
    return str(request.client.host) if request.client else ""


def _order_of(tracking: Tracking, request: AnyRequest, token: str) -> str | None:
    if tracking.misses.is_empty(address_of(request)):
        return None
    return links.unseal(tracking.key, token)


async def _look(tracking: Tracking, order_id: str, postcode: str) -> Shown | None:
    now, key = tracking.store.clock(), tracking.key
    return await tracking.store.read(lambda conn: look(conn, order_id, postcode, now, key))


def _miss(tracking: Tracking, address: str, reader: Language) -> Response[str]:
    if tracking.missed(address):
        return as_html(page.slow_down(reader), 429)
    return as_html(page.nothing(reader), 404)


def as_html(text: str, status: int) -> Response[str]:
    return Response(text, status_code=status, media_type="text/html", headers=HEADERS)


async def _signature(store: Store, shown: Shown) -> str:
    """Drawn anew from numbers; nothing where it has not arrived."""
    if not (shown.handover and shown.handover.signature):
        return ""
    sha256 = blobs.sha256_of(shown.handover.signature)
    known = await store.read(lambda conn: blobs.known(conn, store.blobs, shown.site, [sha256]))
    kept = known.get(sha256)
    if kept is None or kept.state != blobs.COMPLETE or kept.mime != MIME:
        return ""
    return as_svg(read_strokes(await blobs.read(store, kept))).decode()


handlers = [style, follow, send_back]
