"""`GET /s/{token}`, `POST`: the survey of a delivery, for whoever has its link. `GET /api/survey`:
what came of all of them, for the desks.

The link's secret and the counting of guesses are the tracking page's: together they have one
budget of wrong links.
"""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Meta

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.kernel.values import DESK
from server.orders import links
from server.pod.run_rules import readable_rules
from server.survey import page, shown
from server.survey.figures import Figures, figures
from server.survey.shown import Form, Shown
from server.track.api import HEADERS, Tracking, Wanted, address_of, as_html
from server.web.fields import read_fields
from server.web.languages import Language, language

Stranger = Request[Any, Any, Any]


@get("/s/{token:str}", include_in_schema=False)
async def ask(request: Stranger, token: FromPath[str], wanted: Wanted = "") -> Response[str]:
    tracking: Tracking = request.app.state.tracking
    reader = language(wanted, request.headers.get("accept-language", ""))
    order_id = _order_of(tracking, request, token)
    found = await _look(tracking, order_id) if order_id else None
    if found is None:
        return _miss(tracking, request, reader)
    return await _page(tracking, found, reader, 200)


@post("/s/{token:str}", include_in_schema=False, request_max_body_size=shown.LONGEST)
async def answer(request: Stranger, token: FromPath[str], wanted: Wanted = "") -> Response[str]:
    """What the form says; then the page again, by which a repeat changes nothing."""
    tracking: Tracking = request.app.state.tracking
    form = shown.read(await request.body())
    reader = language(wanted or form.lang, request.headers.get("accept-language", ""))
    order_id = _order_of(tracking, request, token)
    found = await _look(tracking, order_id) if order_id else None
    if order_id is None or found is None:
        return _miss(tracking, request, reader)
    if not tracking.answers.take(order_id):
        return await _page(tracking, found, reader, 429, "often", form)
    op = shown.answer_of(order_id, form)
    if op is None:
        return await _page(tracking, found, reader, 409, "lacks", form)
    if form != msgspec.structs.replace(found.form, lang=form.lang):
        refused = await tracking.store.run(lambda tx: shown.take(tx, found.site, op))
        if refused:
            return await _page(tracking, found, reader, 409, "failed", form)
    there = {"location": f"/s/{token}?lang={reader}"}
    return Response("", status_code=303, media_type="text/html", headers=HEADERS | there)


def _order_of(tracking: Tracking, request: Stranger, token: str) -> str | None:
    if tracking.misses.is_empty(address_of(request)):
        return None
    return links.unseal(tracking.key, token, links.SURVEY)


async def _look(tracking: Tracking, order_id: str) -> Shown | None:
    now = tracking.store.clock()
    return await tracking.store.read(lambda conn: shown.look(conn, order_id, now))


async def _page(
    tracking: Tracking,
    found: Shown,
    reader: Language,
    status: int,
    told: str = "",
    form: Form | None = None,
) -> Response[str]:
    rules = await tracking.store.read(lambda conn: readable_rules(conn, found.site))
    return as_html(page.page(found, reader, rules.zone, told, form), status)


def _miss(tracking: Tracking, request: Stranger, reader: Language) -> Response[str]:
    if tracking.missed(address_of(request)):
        return as_html(page.slow_down(reader), 429)
    return as_html(page.nothing(reader), 404)


class Span(msgspec.Struct, frozen=True, kw_only=True):
    days: Annotated[int, Meta(ge=1, le=730)] = 90


@get("/api/survey", guards=[require(*DESK)])
async def show(request: AnyRequest, grant: ByGrant) -> Figures:
    """`?days=…`: of answers within so many days, 90 if it is not said."""
    asked = read_fields({"days": request.query_params.get("days")}, Span, {})
    store = store_of(request)
    now = store.clock()
    return await store.read(lambda conn: figures(conn, grant.site, asked.days, now))


handlers = [ask, answer, show]
