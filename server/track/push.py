"""`/n/{token}`: a browser asks to be told of an order, by the tracking link's token.

This page alone has a script, for the Push API has no form: the tracking page leads here, and works
without it.
"""

import hashlib
from html import escape

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from server.kernel.errors import Refusal
from server.notices.channels.push import may_push_to, site_key
from server.notices.channels.web_push import public_of
from server.notices.ops import Subscribe
from server.notices.settings import NoticeRules, notice_rules
from server.orders import links
from server.store.submit import submit
from server.store.tx import Tx
from server.track import page
from server.track.api import HEADERS, AnyRequest, Tracking, Wanted, address_of
from server.track.push_script import PAGE_SCRIPT, WORKER_SCRIPT
from server.track.push_words import WORDS
from server.track.shown import look
from server.web.languages import Language, language

LONGEST = 8 * 1024
_PAGE = HEADERS | {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self';"
        " style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As the browser's subscription says it."""

    endpoint: str
    p256dh: str
    auth: str
    lang: Language = "en"


@get("/n/page.js", include_in_schema=False, sync_to_thread=False)
def page_script() -> Response[str]:
    return _script(PAGE_SCRIPT)


@get("/n/worker.js", include_in_schema=False, sync_to_thread=False)
def worker_script() -> Response[str]:
    return _script(WORKER_SCRIPT)


def _script(text: str) -> Response[str]:
    return Response(text, media_type="text/javascript", headers={"cache-control": "no-cache"})


@get("/n/{token:str}", include_in_schema=False)
async def ask(request: AnyRequest, token: FromPath[str], wanted: Wanted = "") -> Response[str]:
    tracking: Tracking = request.app.state.tracking
    reader = language(wanted, request.headers.get("accept-language", ""))
    found = await _order(tracking, request, token)
    if found is None:
        slow = tracking.missed(address_of(request))
        text = page.slow_down(reader) if slow else page.nothing(reader)
        return _html(text, 429 if slow else 404)
    number, _ = found
    return _html(_drawn(number, token, public_of(site_key(tracking.store.keys.folder)), reader))


@post("/n/{token:str}", include_in_schema=False, request_max_body_size=LONGEST)
async def subscribe(
    request: AnyRequest, token: FromPath[str], data: JSONBody[Asked]
) -> Response[None]:
    """Refuses `not_found`, `malformed` for a service that the site does not list, and
    `too_many_subscriptions`."""
    tracking: Tracking = request.app.state.tracking
    found = await _order(tracking, request, token)
    order_id = links.unseal(tracking.key, token)
    if found is None or order_id is None:
        tracking.missed(address_of(request))
        raise Refusal("not_found", field="token")
    if not tracking.answers.take(order_id):
        raise Refusal("wait", field="token")
    _, site = found
    rules = await tracking.store.read(lambda conn: notice_rules(conn, site))
    op = _checked(data, order_id, rules)

    def put(tx: Tx) -> None:
        verdict = submit(tx, site, "track", "notices.subscribe.v1", op)
        if verdict.code:
            raise Refusal(verdict.code, **(verdict.data or {}))

    await tracking.store.run(put)
    return Response(None, status_code=204)


def _checked(data: Asked, order_id: str, rules: NoticeRules) -> Subscribe:
    if not may_push_to(data.endpoint, rules.push_hosts):
        raise Refusal("malformed", field="endpoint", mend="a push service that this site knows")
    name = hashlib.sha256(f"{order_id}\0{data.endpoint}".encode()).hexdigest()[:40]
    fields = {"id": name, "order": order_id} | msgspec.structs.asdict(data)
    try:
        return msgspec.convert(fields, Subscribe)
    except msgspec.ValidationError as wrong:
        raise Refusal("malformed", field="body", mend=str(wrong)) from wrong


async def _order(tracking: Tracking, request: AnyRequest, token: str) -> tuple[str, str] | None:
    """Number and site, of an order that there is still something to tell of."""
    if tracking.misses.is_empty(address_of(request)):
        return None
    order_id = links.unseal(tracking.key, token)
    if order_id is None:
        return None
    now, key = tracking.store.clock(), tracking.key
    shown = await tracking.store.read(lambda conn: look(conn, order_id, "", now, key))
    return (shown.number, shown.site) if shown and shown.push else None


def _drawn(number: str, token: str, key: str, reader: Language) -> str:
    words = WORDS[reader]
    told = "".join(
        f'<p class="told" id="{name}" role="status" hidden>{words[name]}</p>'
        for name in ("done", "denied", "unsupported", "failed")
    )
    body = (
        f"<h1>{words['title']}</h1><p>{escape(number)}</p><p>{words['hint']}</p>"
        f'<button id="ask" data-key="{key}" data-lang="{reader}">{words["ask"]}</button>{told}'
        f"<noscript><p>{words['unsupported']}</p></noscript>"
        f'<p><a href="/t/{escape(token)}?lang={reader}">{words["back"]}</a></p>'
    )
    return page.frame(body, words["title"], reader, '<script src="/n/page.js" defer></script>')


def _html(text: str, status: int = 200) -> Response[str]:
    return Response(text, status_code=status, media_type="text/html", headers=_PAGE)


handlers = [page_script, worker_script, ask, subscribe]
