"""Blobs on the tus 1.0 wire (tus.io/protocols/resumable-upload), as `docs/protocol.md` narrows it.

A device declares, sends and asks; the people of the desks look, and the device that sent it.
"""

import base64
import binascii
import contextlib
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, head, patch, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from msgspec import Meta

from server.auth.access import ByDevice, device_of, grant_of, store_of
from server.kernel.errors import ProtocolError, Refusal
from server.kernel.values import DESK, SHA256_HEX
from server.store import blobs, pdf_bytes, strokes
from server.store.blobs import Blob
from server.web.fields import read_fields

CHUNK = 1024 * 1024
"""Bytes in one PATCH at most; devices send 128 KB."""
BYTES = "application/offset+octet-stream"
TUS = {"tus-resumable": "1.0.0"}
SANDBOX = "sandbox; default-src 'none'"
AnyRequest = Request[Any, Any, Any]

Count = Annotated[int, Meta(ge=0, le=10**12)]


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What POST says in its headers."""

    size: Count
    sha256: SHA256_HEX
    mime: Annotated[str, Meta(max_length=64)]


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    offset: Count


@post("/", status_code=201, request_max_body_size=1024)
async def declare(request: AnyRequest, device: ByDevice) -> Response[None]:
    wanted = _declared(request)
    known, new = await blobs.declare(
        store_of(request),
        site=device.site,
        device=device.device,
        sha256=wanted.sha256,
        size=wanted.size,
        mime=wanted.mime,
    )
    headers = _progress(known) | {"location": f"/blobs/{known.sha256}"}
    return Response(None, status_code=201 if new else 200, headers=headers)


def _declared(request: AnyRequest) -> Declared:
    told = _metadata(request.headers.get("upload-metadata", ""))
    given = {
        "size": request.headers.get("upload-length"),
        "sha256": told.get("sha256"),
        "mime": told.get("mime"),
    }
    return read_fields(given, Declared, {"size": "upload-length"})


def _metadata(header: str) -> dict[str, str]:
    """`sha256 <b64>,mime <b64>`"""
    told = {}
    for pair in filter(None, header[:1024].split(",")):
        name, _, value = pair.strip().partition(" ")
        try:
            told[name] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            mend = "sha256 <base64>,mime <base64>"
            raise Refusal("malformed", field="upload-metadata", mend=mend) from error
    return told


@head("/{sha256:str}")
async def progress(request: AnyRequest, sha256: FromPath[str], device: ByDevice) -> Response[None]:
    """Of any blob of this site; one of another site is as unknown as one that nobody has."""
    known = await blobs.look(store_of(request), device.site, sha256)
    if known is None or known.state == blobs.REFUSED:
        nothing = TUS | {"x-state": blobs.MISSING}
        return Response(None, status_code=404, headers=nothing)
    return Response(None, headers=_progress(known))


def _progress(known: Blob) -> dict[str, str]:
    return TUS | {
        "upload-offset": str(known.have),
        "upload-length": str(known.size),
        "x-state": known.state,
    }


@patch("/{sha256:str}", status_code=204, request_max_body_size=CHUNK)
async def add(request: AnyRequest, sha256: FromPath[str], device: ByDevice) -> Response[None]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != BYTES:
        raise ProtocolError("malformed", 415, field="content-type", mend=BYTES)
    given = {"offset": request.headers.get("upload-offset")}
    offset = read_fields(given, Chunk, {"offset": "upload-offset"}).offset
    store = store_of(request)
    await blobs.check_goes_on(store, site=device.site, sha256=sha256, offset=offset)
    data = await _received(request)
    known = await blobs.append(store, site=device.site, sha256=sha256, offset=offset, data=data)
    return Response(None, status_code=204, headers=_progress(known))


async def _received(request: AnyRequest) -> bytes:
    """The body, or as much of it as came before the network went: that need not be sent again."""
    data = bytearray()
    with contextlib.suppress(_Cut):
        async for piece in _pieces(request):
            data += piece
    return bytes(data)


class _Cut(Exception):
    pass


async def _pieces(request: AnyRequest) -> Any:
    try:
        async for piece in request.stream():
            yield piece
    except HTTPException as error:
        if error.status_code < 500:  # too large
            raise
        raise _Cut from error


@get("/{sha256:str}")
async def show(request: AnyRequest, sha256: FromPath[str]) -> Response[bytes]:
    """The picture as drawn here, or the strokes: JSON, with `?as=svg` a picture of them."""
    device = await device_of(request)
    store = store_of(request)
    known = await blobs.look(store, device.site, sha256)
    if known is None or known.device != device.device:
        _, grant = await grant_of(request)
        if grant.role not in DESK:
            raise Refusal("not_allowed", mend="ask a supervisor")
    if known is None or known.state != blobs.COMPLETE:
        raise Refusal("not_found", mend="its bytes have not arrived")
    body = await blobs.read(store, known)
    if known.mime == pdf_bytes.MIME:
        return _shown(body, known, pdf_bytes.MIME, "pdf", "attachment")
    if known.mime != strokes.MIME:
        return _shown(body, known, "image/jpeg", "jpg")
    if request.query_params.get("as") == "svg":
        return _shown(strokes.as_svg(strokes.read_strokes(body)), known, "image/svg+xml", "svg")
    return _shown(body, known, "application/json", "json")


def _shown(
    body: bytes, known: Blob, kind: str, ending: str, how: str = "inline"
) -> Response[bytes]:
    headers = {
        "content-disposition": f'{how}; filename="{known.sha256[:16]}.{ending}"',
        "content-security-policy": SANDBOX,
        "x-content-type-options": "nosniff",
    }
    return Response(body, media_type=kind, headers=headers)


router = Router(path="/blobs", route_handlers=[declare, progress, add, show])
