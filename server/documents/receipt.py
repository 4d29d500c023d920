"""The proof-of-delivery receipt: what happened at one stop, on A4, for a person and a court.

It shows the record's hash and the fingerprint of the server's key, so that the paper can be
checked against the signed record; it is a picture of that record, never the record itself.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.documents import typesetting
from server.documents.barcodes import qr_svg
from server.documents.drawings import Mark, photo_svg, place_svg, signature_svg
from server.documents.fonts import writing
from server.documents.words import WORDS, Language

Short = Annotated[str, Meta(max_length=80)]
Line = Annotated[str, Meta(max_length=160)]
Unit = Annotated[float, Meta(ge=0, le=1)]
Outcome = Literal["full", "partial", "refused", "failed"]
EARTH_M = 6_371_008.8
"""Mean radius of the earth, IUGG 1980."""


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point of a stroke: ``x`` right and ``y`` down as shares of the pad, ``t`` in ms."""

    x: Unit
    y: Unit
    t: Annotated[int, Meta(ge=0)] = 0


class Position(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Degrees times 1e7 and centimetres, as the evidence record holds them (WGS 84)."""

    lat_e7: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)]
    lon_e7: Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]
    acc_cm: Annotated[int, Meta(ge=0, le=4_000_000_000)] = 0
    source: Short = ""


class ReceiptLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line as ordered and as handed over, in pieces."""

    sku: Short
    name: Line
    ordered: Annotated[int, Meta(ge=0, le=1_000_000)]
    delivered: Annotated[int, Meta(ge=0, le=1_000_000)]
    reason: Line = ""


class Checked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point that was checked at the door, what came of it, and a note."""

    what: Line
    answer: Line
    note: Annotated[str, Meta(max_length=200)] = ""


Stroke = Annotated[list[Point], Meta(min_length=1, max_length=10_000)]
Jpeg = Annotated[bytes, Meta(max_length=20_000_000)]


class DeliveryReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the receipt prints. Times are printed as given: RFC 3339 with an offset.

    ``signature_aspect`` is width / height of the pad. ``planned`` is where the address is, if
    known. ``standing``: whether the record counts, was replaced by a later one, or is only kept.
    ``record_hash`` and ``server_key`` are the hex that a verifier is given; without a
    ``server_key`` none is printed.
    """

    order_number: Annotated[str, Meta(min_length=1, max_length=48)]
    stop: Short
    outcome: Outcome
    lines: Annotated[list[ReceiptLine], Meta(max_length=2000)]
    device_time: Short
    server_time: Short
    record_hash: Annotated[str, Meta(min_length=1, max_length=128)]
    server_key: Annotated[str, Meta(max_length=128)]
    verify_url: Annotated[str, Meta(min_length=1, max_length=300)]
    run: Short = ""
    reason: Line = ""
    parcels: Annotated[list[Short], Meta(max_length=999)] = []
    name: Line = ""
    address: Annotated[list[Line], Meta(max_length=6)] = []
    receiver: Line = ""
    signed_text: Annotated[str, Meta(max_length=1000)] = ""
    strokes: Annotated[list[Stroke], Meta(max_length=500)] = []
    signature_aspect: Annotated[float, Meta(ge=0.2, le=10)] = 2.0
    photos: Annotated[list[Jpeg], Meta(max_length=6)] = []
    position: Position | None = None
    position_missing: Line = ""
    checked: Annotated[list[Checked], Meta(max_length=100)] = []
    standing: Literal["counts", "superseded", "kept"] = "counts"
    planned: Position | None = None
    language: Language = "en"


def delivery_receipt(receipt: DeliveryReceipt) -> bytes:
    """PDF of a delivery, a partial delivery, a refusal or a failed attempt.

    Raises PrintError for a field out of bounds or a photo that is not a readable JPEG.
    """
    receipt = typesetting.checked(receipt)
    words = WORDS[receipt.language]
    strokes = [[(point.x, point.y) for point in stroke] for stroke in receipt.strokes]
    data = {
        "words": words,
        "head": _head(receipt, words),
        "outcome": words[receipt.outcome],
        "name": typesetting.breakable(receipt.name),
        "address": [typesetting.breakable(line) for line in receipt.address if line.strip()],
        "lines": [_row(line) for line in receipt.lines],
        "checked": [_point(point) for point in receipt.checked],
        "receiver": typesetting.breakable(receipt.receiver),
        "signed_text": typesetting.breakable(receipt.signed_text),
        "signature": signature_svg(strokes, receipt.signature_aspect) if strokes else "",
        "photos": [photo_svg(jpeg, f"photos[{at}]") for at, jpeg in enumerate(receipt.photos)],
        "place": _place(receipt, words),
        "sketch": _sketch(receipt),
        "record": _grouped(receipt.record_hash),
        "server_key": _grouped(receipt.server_key),
        "qr": qr_svg(receipt.verify_url, field="verify_url"),
        "hash_writing": writing("en")._asdict(),
    }
    return typesetting.pdf("receipt", data, language=receipt.language)


def metres_between(here: Position, there: Position) -> float:
    """Great-circle distance by the haversine formula."""
    lat1, lat2 = (math.radians(at.lat_e7 / 1e7) for at in (here, there))
    dlon = math.radians((there.lon_e7 - here.lon_e7) / 1e7)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def _head(receipt: DeliveryReceipt, words: dict[str, str]) -> list[tuple[str, str]]:
    entries = [
        (words["order"], receipt.order_number),
        (words["run"], receipt.run),
        (words["stop"], receipt.stop),
        (words["parcels"], ", ".join(receipt.parcels)),
        (words["reason"], receipt.reason),
        (words["standing"], "" if receipt.standing == "counts" else words[receipt.standing]),
        (words["device_time"], receipt.device_time),
        (words["server_time"], receipt.server_time),
    ]
    return [(name, typesetting.breakable(value)) for name, value in entries if value]


def _row(line: ReceiptLine) -> list[str]:
    texts = [line.sku, line.name, f"{line.ordered:,}", f"{line.delivered:,}", line.reason]
    return [typesetting.breakable(text) for text in texts]


def _point(point: Checked) -> list[str]:
    return [typesetting.breakable(text) for text in (point.what, point.answer, point.note)]


def _place(receipt: DeliveryReceipt, words: dict[str, str]) -> list[str]:
    at = receipt.position
    if at is None:
        return [words["no_place"], typesetting.breakable(receipt.position_missing)]
    lines = [
        f"{at.lat_e7 / 1e7:.6f}, {at.lon_e7 / 1e7:.6f}",
        f"{words['accuracy']} {at.acc_cm / 100:,.1f} m {typesetting.breakable(at.source)}",
    ]
    if receipt.planned:
        lines.append(f"{metres_between(at, receipt.planned):,.0f} m {words['from_address']}")
    return lines


def _sketch(receipt: DeliveryReceipt) -> str:
    at, planned = receipt.position, receipt.planned
    if at is None:
        return ""
    mark = None
    if planned:
        east = metres_between(at, msgspec.structs.replace(at, lon_e7=planned.lon_e7))
        north = metres_between(at, msgspec.structs.replace(at, lat_e7=planned.lat_e7))
        mark = Mark(
            east=math.copysign(east, planned.lon_e7 - at.lon_e7),
            north=math.copysign(north, planned.lat_e7 - at.lat_e7),
        )
    return place_svg(at.acc_cm / 100, mark)


def _grouped(digits: str) -> str:
    """Hex in groups of four: people compare it by eye."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
