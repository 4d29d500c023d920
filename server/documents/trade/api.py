"""Papers of trade over HTTP: which there must be, which there are; issue one, read one."""

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.documents.trade.issuing import Issued, issue
from server.documents.trade.listing import (
    LackingOrders,
    OrderPapers,
    lacking_orders,
    papers_of,
)
from server.documents.words import Language
from server.kernel.errors import Refusal
from server.kernel.values import DESK, Role
from server.pod.paperwork.rules import MARKS
from server.pod.paperwork.tables import order_paper
from server.store import blobs, pdf_bytes, strokes

_CLERKS = require(Role.PACKER, *DESK)
_SANDBOX = "sandbox; default-src 'none'"


class Wish(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """`paper`: one of those that are made here."""

    paper: str
    lang: Language = "en"


@get("/papers", guards=[_CLERKS])
async def show_lacking(request: AnyRequest, grant: ByGrant) -> LackingOrders:
    return await store_of(request).read(lambda conn: lacking_orders(conn, grant.site))


@get("/orders/{order_id:str}/papers", guards=[_CLERKS])
async def show_papers(request: AnyRequest, grant: ByGrant, order_id: FromPath[str]) -> OrderPapers:
    return await store_of(request).read(lambda conn: papers_of(conn, grant.site, order_id))


@post("/orders/{order_id:str}/papers", guards=[_CLERKS], status_code=200)
async def make_paper(
    request: AnyRequest, data: JSONBody[Wish], grant: ByGrant, order_id: FromPath[str]
) -> Issued:
    if data.paper not in MARKS:
        raise Refusal("malformed", field="paper", value=data.paper[:32], mend=", ".join(MARKS))
    return await issue(store_of(request), grant.site, order_id, data.paper, data.lang, grant.person)


@get("/papers/{paper_id:str}", guards=[_CLERKS])
async def show_paper(
    request: AnyRequest, grant: ByGrant, paper_id: FromPath[str]
) -> Response[bytes]:
    """The very bytes of what was issued; of what was attached the picture as drawn here, or the
    PDF as a file to be kept: it is somebody else's."""
    store = store_of(request)
    wanted = sa.select(order_paper).where(
        order_paper.c.id == paper_id, order_paper.c.site == grant.site, order_paper.c.blob != ""
    )
    kept = await store.read(lambda conn: conn.execute(wanted).first())
    if kept is None:
        raise Refusal("not_found", field="paper")
    found = await blobs.look(store, grant.site, blobs.sha256_of(kept.blob))
    if found is None or found.state != blobs.COMPLETE or found.mime == strokes.MIME:
        raise Refusal("not_found", field="paper", mend="its bytes have not arrived")
    body = await blobs.read(store, found)
    is_pdf, is_ours = found.mime == pdf_bytes.MIME, kept.source == "issued"
    name = f"{kept.number or kept.paper}.{'pdf' if is_pdf else 'jpg'}"
    return _shown(body, name, is_pdf=is_pdf, inline=is_ours or not is_pdf)


def _shown(body: bytes, name: str, *, is_pdf: bool, inline: bool) -> Response[bytes]:
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "_" for c in name)
    headers = {
        "content-disposition": f'{"inline" if inline else "attachment"}; filename="{safe}"',
        "x-content-type-options": "nosniff",
    }
    if not inline:
        headers["content-security-policy"] = _SANDBOX
    kind = pdf_bytes.MIME if is_pdf else "image/jpeg"
    return Response(body, media_type=kind, headers=headers)


router = Router(
    path="/documents", route_handlers=[show_lacking, show_papers, make_paper, show_paper]
)
