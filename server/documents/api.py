"""Receipts and sheets over HTTP. Drawn in threads, never on the loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Response, Router, get
from litestar.params import FromPath

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.documents import papers
from server.documents.errors import PrintError
from server.documents.receipt import delivery_receipt
from server.documents.sheets import demo_sheet
from server.documents.words import Language
from server.kernel.errors import ProtocolError, Refusal, code
from server.kernel.values import DESK
from server.pod.evidence import blob_refs
from server.store import blobs
from server.store.store import Store
from server.web.fields import read_fields

CANNOT_PRINT = code("cannot_print")
EVIDENCE_INCOMPLETE = code("evidence_incomplete")
PDF, PNG = "application/pdf", "image/png"

# The typesetter draws one at a time; a second thread keeps it fed.
_threads = ThreadPoolExecutor(2, thread_name_prefix="documents")
D = TypeVar("D")


class Asked(msgspec.Struct, frozen=True):
    lang: Language = "en"


def language_of(request: AnyRequest) -> Language:
    return read_fields({"lang": request.query_params.get("lang")}, Asked, {}).lang


class AskedPlaces(msgspec.Struct, frozen=True):
    """`aisle`, `block`: counted from 0, as in the layout."""

    aisle: Annotated[int, msgspec.Meta(ge=0, le=999)]
    block: Annotated[int, msgspec.Meta(ge=0, le=19)] | None = None


@get("/locations.pdf", guards=[require(*DESK)])
async def location_labels(request: AnyRequest, grant: ByGrant) -> Response[bytes]:
    """`?aisle=3&block=0`: labels of an aisle's bins with their check digits. 409 `cannot_print`
    where it has more than fit on one sheet."""
    given = {name: request.query_params.get(name) for name in ("aisle", "block")}
    asked, language = read_fields(given, AskedPlaces, {}), language_of(request)
    found = await store_of(request).read(
        lambda conn: papers.places_of(conn, grant.site, asked.aisle, asked.block, language)
    )
    return await printed(demo_sheet, found, f"locations-{asked.aisle}.pdf", PDF)


@get("/proofs/{name:str}", guards=[require(*DESK)])
async def receipt(request: AnyRequest, grant: ByGrant, name: FromPath[str]) -> Response[bytes]:
    """The receipt of a delivery with its signature and photos. 409 `evidence_incomplete` until
    their bytes are here; those that were refused will never be, and are left out."""
    proof_id, _, ending = name.rpartition(".")
    if ending != "pdf":
        raise Refusal("not_found", field="proof")
    store, language = store_of(request), language_of(request)
    kept = await store.read(lambda conn: papers.proof_record(conn, grant.site, proof_id))
    url, own = papers.verify_url(own_origin(request), kept), store.signer().kid
    bare = await store.read(
        lambda conn: papers.receipt_of(conn, grant.site, kept, language, url, own)
    )
    signature, photos = await _evidence(store, grant.site, kept["record"])
    full = papers.with_evidence(bare, signature, photos)
    return await printed(delivery_receipt, full, f"receipt-{bare.order_number}.pdf", PDF)


async def _evidence(store: Store, site: str, record: dict[str, Any]) -> tuple[bytes, list[bytes]]:
    signed = [record["signature"]] if record["signature"] else []
    pictures = [ref for ref in blob_refs(record) if ref not in signed]
    named = [blobs.sha256_of(ref) for ref in [*signed, *pictures]]
    known = await store.read(lambda conn: blobs.known(conn, store.blobs, site, named))
    ended = (blobs.COMPLETE, blobs.REFUSED)
    missing = [n for n in named if n not in known or known[n].state not in ended]
    if missing:
        mend = "wait until the driver's phone has sent them"
        raise ProtocolError(EVIDENCE_INCOMPLETE, 409, field="proof", mend=mend, count=len(missing))
    read = [
        await blobs.read(store, known[n]) if known[n].state == blobs.COMPLETE else b""
        for n in named
    ]
    photos = [jpeg for jpeg in read[len(signed) :] if jpeg]
    return (read[0] if signed else b""), photos[: papers.MOST_PHOTOS]


def own_origin(request: AnyRequest) -> str:
    """As the reader reached us. Only one of our own names gets onto paper, whatever the request
    calls us."""
    origins = sorted(request.app.state.settings.origins)
    host = request.headers.get("host", "")
    return next((o for o in origins if o.partition("://")[2] == host), str(origins[0]))


async def printed(draw: Callable[[D], bytes], document: D, name: str, kind: str) -> Response[bytes]:
    """Drawn in a thread. 409 `cannot_print` with the field, the value and the mend."""
    try:
        loop = asyncio.get_running_loop()
        drawn = await loop.run_in_executor(_threads, partial(draw, document))
    except PrintError as error:
        raise ProtocolError(
            CANNOT_PRINT, 409, field=error.field, value=error.value, mend=error.mend
        ) from error
    headers = {
        "content-disposition": f'inline; filename="{name}"',
        "x-content-type-options": "nosniff",
    }
    return Response(drawn, media_type=kind, headers=headers)


router = Router(
    path="/documents",
    route_handlers=[location_labels, receipt],
)
