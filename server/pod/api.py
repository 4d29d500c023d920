"""What is no operation: links for receivers' phones, and PINs for whoever tells them.

The page of a link is open to the world. Its token stands behind the `#` of the address, which no
browser sends; it comes in a body, and every wrong one gets the same answer.
"""

import hashlib
from typing import Annotated

import msgspec
from litestar import Router, post
from litestar.params import JSONBody
from msgspec import Meta

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.kernel.errors import Refusal
from server.kernel.values import Id, Role
from server.orders.links import key_in
from server.pod import links, pins
from server.pod.links import Link, SignForStop, Signing
from server.pod.proofs import Shown
from server.store import blobs, strokes
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx
from server.web.qr import qr_rows

_DRIVERS = require(Role.DRIVER, Role.SUPERVISOR)
_CLERKS = require(Role.SERVICE, Role.SUPERVISOR)
Token = Annotated[str, Meta(min_length=20, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
PAGE = "/sign.html"
LONGEST_STROKES = 128 * 1024


class _Body(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    pass


class Wanted(_Body, frozen=True, kw_only=True):
    """`delivered`: pieces by number of the line, where not all of it is handed over."""

    stop: Id
    delivered: Annotated[
        dict[Annotated[str, Meta(pattern="^[0-9]{1,6}$")], int], Meta(max_length=1000)
    ] = {}


class LinkMade(msgspec.Struct, frozen=True):
    """`qr`: rows of 0/1 modules, quiet zone included, of a symbol that carries `url`."""

    url: str
    expires: int
    qr: list[str]


@post("/sign-links", guards=[_DRIVERS], status_code=200)
async def make_link(request: AnyRequest, data: JSONBody[Wanted], grant: ByGrant) -> LinkMade:
    delivered = {int(no): qty for no, qty in data.delivered.items()}
    token, expires = await store_of(request).run(
        lambda tx: links.make(tx, grant.site, grant.device, grant.person, data.stop, delivered)
    )
    url = f"{request.headers.get('origin', '')}{PAGE}#{token}"
    return LinkMade(url, expires, qr_rows(url))


class LinkShown(_Body, frozen=True, kw_only=True):
    token: Token


@post("/signing/look", status_code=200)
async def look(request: AnyRequest, data: JSONBody[LinkShown]) -> Signing:
    store = store_of(request)
    return (await store.read(lambda conn: links.look(conn, data.token, store.clock()))).body


class Signed(_Body, frozen=True, kw_only=True):
    """`strokes`: the signature as the pad wrote it, canonical JSON. `shown`: the words above it."""

    token: Token
    receiver: Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
    pin: Annotated[str, Meta(pattern="^[0-9]{0,12}$")] = ""
    strokes: Annotated[str, Meta(min_length=2, max_length=LONGEST_STROKES)]
    shown: Shown


class Done(msgspec.Struct, frozen=True):
    ok: bool = True


@post("/signing/done", status_code=200)
async def sign(request: AnyRequest, data: JSONBody[Signed]) -> Done:
    """Refuses `sign_link_gone`, `bad_pin`, `bad_strokes`; the link is used up only at the end."""
    store = store_of(request)
    link = await store.read(lambda conn: links.look(conn, data.token, store.clock()))
    if link.body.asks_pin:
        await _check_pin(store, link, data.pin)
    signature = await _keep_strokes(store, link, data.strokes.encode())
    op = SignForStop(
        stop=link.stop,
        link=link.id,
        receiver=data.receiver.strip(),
        signature=signature,
        pin="ok" if link.body.asks_pin else "",
        shown=data.shown,
        at=store.clock(),
    )
    await store.run(lambda tx: _use(tx, link, op))
    return Done()


async def _check_pin(store: Store, link: Link, said: str) -> None:
    """Counted before it is looked at: of many at once none is for nothing."""
    await store.run(lambda tx: links.note_miss(tx, link.id))
    if not await store.read(lambda conn: links.pin_fits(conn, link, said)):
        raise Refusal(links.BAD_PIN, field="pin", left=max(0, links.TRIES - link.tries - 1))


async def _keep_strokes(store: Store, link: Link, data: bytes) -> str:
    if strokes.ink(strokes.read_strokes(data)) < strokes.LEAST_INK:
        raise Refusal("bad_strokes", field="strokes", mend="sign with your name, not a dot")
    sha256 = hashlib.sha256(data).hexdigest()
    await blobs.declare(
        store,
        site=link.site,
        device=link.device,
        sha256=sha256,
        size=len(data),
        mime=strokes.MIME,
    )
    await blobs.append(store, site=link.site, sha256=sha256, offset=0, data=data)
    return f"sha256:{sha256}"


def _use(tx: Tx, link: Link, op: SignForStop) -> None:
    if not links.use(tx, link.id):
        raise Refusal(links.LINK_GONE, field="token")
    submit(tx, link.site, "signing", "pod.sign_for_stop.v1", op)


class PinWanted(_Body, frozen=True, kw_only=True):
    order: Id


class PinMade(msgspec.Struct, frozen=True):
    pin: str


@post("/pins", guards=[_CLERKS], status_code=200)
async def make_pin(request: AnyRequest, data: JSONBody[PinWanted], grant: ByGrant) -> PinMade:
    """Shown this once; a second one takes the place of the first."""
    store = store_of(request)
    key = key_in(store.keys.folder)
    pin = await store.run(lambda tx: pins.issue(tx, key, grant.site, data.order))
    return PinMade(pin)


router = Router(path="/pod", route_handlers=[make_link, look, sign, make_pin])
