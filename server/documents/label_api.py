"""Labels over HTTP: of parcels and pallets, as a picture, a page, or what a label printer reads."""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get
from litestar.params import FromPath

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.documents import papers
from server.documents.api import PDF, PNG, language_of, printed
from server.documents.carried import carried_label, waybill_on
from server.documents.label_zpl import pallet_label_zpl, parcel_label_zpl
from server.documents.labels import parcel_label_pdf, parcel_label_png, waybill_bars
from server.documents.pallet_label import pallet_label_pdf
from server.kernel.errors import Refusal
from server.kernel.values import DESK, Role
from server.web.fields import read_fields

_BENCH = require(Role.PACKER, *DESK)
ZPL = "text/plain; charset=us-ascii"
Drawn = dict[str, tuple[Callable[[Any], bytes], str]]
_PARCEL: Drawn = {"png": (parcel_label_png, PNG), "pdf": (parcel_label_pdf, PDF)}
_PALLET: Drawn = {"pdf": (pallet_label_pdf, PDF)}


class AskedDpi(msgspec.Struct, frozen=True):
    dpi: Literal[203, 300] = 203


def _how(request: AnyRequest, forms: Drawn, zpl: Callable[..., bytes], ending: str, of: str) -> Any:
    """What draws the form that the name ends in. Refuses `not_found`."""
    if ending == "zpl":
        dpi = read_fields({"dpi": request.query_params.get("dpi")}, AskedDpi, {}).dpi
        return partial(zpl, dpi=dpi), ZPL
    if ending not in forms:
        raise Refusal("not_found", field=of)
    return forms[ending]


@get("/labels/{name:str}", guards=[_BENCH])
async def label(request: AnyRequest, grant: ByGrant, name: FromPath[str]) -> Response[bytes]:
    """`P-00000017.pdf` for any printer, `.zpl` (`?dpi=203` or `300`) and `.png` for label printers.
    `?lang=` for the words."""
    number, _, ending = name.rpartition(".")
    draw, kind = _how(request, _PARCEL, parcel_label_zpl, ending, "parcel")
    language = language_of(request)
    found = await store_of(request).read(
        lambda conn: carried_label(conn, grant.site, number, language)
    )
    return await printed(draw, found, name, kind)


class WaybillOnScreen(msgspec.Struct, frozen=True):
    """`modules`: the bars as 0 and 1 without their quiet zones; empty where nothing is scanned."""

    carrier: str
    service: str
    number: str
    modules: str


@get("/labels/{number:str}/waybill", guards=[_BENCH])
async def label_waybill(
    request: AnyRequest, grant: ByGrant, number: FromPath[str]
) -> WaybillOnScreen:
    """For the label that the device draws. Without a carrier all of it is empty."""
    return await store_of(request).read(lambda conn: _waybill(conn, grant.site, number))


def _waybill(conn: sa.Connection, site: str, number: str) -> WaybillOnScreen:
    of = waybill_on(conn, site, number)
    if of is None:
        return WaybillOnScreen("", "", "", "")
    bars = waybill_bars(of.number, of.barcode)
    return WaybillOnScreen(
        of.carrier_name, of.service_name, of.number, bars.modules if bars else ""
    )


@get("/pallets/{name:str}", guards=[_BENCH])
async def pallet_label(request: AnyRequest, grant: ByGrant, name: FromPath[str]) -> Response[bytes]:
    """The pallet's number with `.pdf` or `.zpl`: its label with what stands on it."""
    number, _, ending = name.rpartition(".")
    draw, kind = _how(request, _PALLET, pallet_label_zpl, ending, "pallet")
    language = language_of(request)
    found = await store_of(request).read(
        lambda conn: papers.pallet_of(conn, grant.site, number, language)
    )
    return await printed(draw, found, name, kind)


router = Router(path="/documents", route_handlers=[label, label_waybill, pallet_label])
