"""The dispute pack over HTTP, and what whoever checks one needs from us: our keys, a verifier."""

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Stream

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.documents.api import language_of, own_origin
from server.documents.pack.gathering import Wanted, gather
from server.documents.pack.making import make_pack
from server.documents.pack.page import verifier_page
from server.kernel.errors import Unavailable
from server.kernel.values import DESK
from server.store.store import Store
from server.web.asgi import OWN_COMPRESSION

CHUNK = 256 * 1024
# One at a time: a pack is drawn and hashed for a second or more, and the floor goes first.
_thread = ThreadPoolExecutor(1, thread_name_prefix="packs")


@get(
    "/documents/orders/{order_id:str}/evidence.zip",
    guards=[require(*DESK)],
    opt={OWN_COMPRESSION: True},
)
async def pack(request: AnyRequest, grant: ByGrant, order_id: FromPath[str]) -> Stream:
    """All evidence of an order, for a stranger to check. 409 `no_evidence_yet` before the first
    record; what has not arrived is listed in it."""
    store = store_of(request)
    wanted = Wanted(
        site=grant.site,
        order=order_id,
        language=language_of(request),
        url=own_origin(request),
        own_key=store.signer().kid,
        root=store.blobs,
    )
    gathered = await store.read(lambda conn: gather(conn, wanted))
    made = await _in_thread(make_pack, gathered, store.signer(), store.keys.published())
    headers = {
        "content-disposition": f'attachment; filename="evidence-{gathered.number}.zip"',
        "content-length": str(os.fstat(made.fileno()).st_size),
        "x-content-type-options": "nosniff",
    }
    return Stream(_pieces(made), media_type="application/zip", headers=headers)


async def _pieces(made: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while piece := await _in_thread(made.read, CHUNK):
            yield piece
    finally:
        made.close()


async def _in_thread(fn: Any, *args: Any) -> Any:
    try:
        return await asyncio.get_running_loop().run_in_executor(_thread, partial(fn, *args))
    except OSError as trouble:
        raise Unavailable(f"the disk: {trouble.errno}") from trouble


@get("/.well-known/dockhand-keys.json")
async def keys(request: AnyRequest) -> dict[str, Any]:
    """The site's public keys, for everybody: a JWK set, and which of them signs today."""
    store: Store = store_of(request)
    current, published = store.signer(), store.keys.published()
    told = [
        key.jwk()
        | {"kid": key.kid, "use": "sig", "alg": "ES256", "made_at": key.made_at}
        | {"by": key.by, "voucher": key.voucher}
        for key in published
    ]
    return {"current": current.kid, "keys": told}


@get("/.well-known/dockhand-verify.html")
async def verifier() -> Response[bytes]:
    """To keep and to open from a disk: a verifier that did not come with the pack."""
    headers = {"content-disposition": 'attachment; filename="verify.html"'}
    return Response(verifier_page(), media_type="text/html; charset=utf-8", headers=headers)


HANDLERS = (pack, keys, verifier)
