"""The ways in which an order may be meant by a text, the surest first."""

import heapq
from collections.abc import Callable, Iterable
from functools import cache
from itertools import zip_longest
from typing import Any, NamedTuple

import sqlalchemy as sa

from server.board.rules import LEAST_DIGITS, digits, fold, holds_all, is_phone
from server.board.tables import find_part, find_term
from server.catalog.tables import item_code
from server.kernel.scan import Scan, ScanSettings, resolve
from server.store.prepared import Prepared

NUMBERS_LOOKED_AT = 2_000
"""Of the numbers that begin with a few characters the highest, which are the newest, count."""
NAMES_LOOKED_AT = 400
"""For several words in another order than they are written in."""
_ANY_YEAR = ScanSettings(year=2000)
"""Only the item of a scan is looked at, never its dates."""
_ABROAD = range(LEAST_DIGITS - 1, 20)
"""Digits of a phone whose zeros in front are only dialled inside its country, or to leave one."""
_HIGHEST = "\U0010ffff"
_ORDER_OF_CUSTOMER, _CONSIGNMENT, _SHIPMENT = "400", "401", "402"
"""GS1 application identifiers: customer's purchase order number, GINC, GSIN."""

Last = tuple[int, str] | None
"""The moment and the id of the order that a page ended with."""


class Hit(NamedTuple):
    at: int
    order_id: str
    term: str


class Way(NamedTuple):
    """`page(conn, size, given, last)`: the next hits, newest first."""

    why: str
    page: Callable[[sa.Connection, int, int, Last], list[Hit]]


_T, _P = find_term.c, find_part.c
_IN_KIND = sa.and_(_T.site == sa.bindparam("site"), _T.kind == sa.bindparam("kind"))
_BEHIND = sa.or_(
    _T.at < sa.bindparam("at"),
    sa.and_(_T.at == sa.bindparam("at"), _T.order_id < sa.bindparam("id")),
)
TERMS_AT_ONCE = 32
"""Merged by one statement. Each more makes it longer to plan; a page rarely asks for as many."""
_NO_TERM = ""
"""What nothing is written down under."""


@cache
def _merged(terms: int) -> Prepared:
    """The newest orders under any of the terms, by one question. Under each the index has them in
    this order, and no more are read of it than are shown: told so term by term, because PostgreSQL
    would guess from its statistics that it may as well read them all."""
    size: sa.BindParameter[int] = sa.bindparam("size")
    at: sa.ColumnClause[int] = sa.column("at")
    order_id: sa.ColumnClause[str] = sa.column("order_id")
    each = [
        sa.select(
            sa.select(_T.at, _T.order_id, _T.term)
            .where(
                _IN_KIND, _T.term == sa.bindparam(f"term_{i}"), _T.at <= sa.bindparam("at"), _BEHIND
            )
            .order_by(_T.at.desc(), _T.order_id.desc())
            .limit(size)
            .subquery()
        )
        for i in range(terms)
    ]
    return Prepared(sa.union_all(*each).order_by(at.desc(), order_id.desc()).limit(size))


_BEGINNING = (
    sa.select(_T.at, _T.order_id, _T.term)
    .where(_IN_KIND, _T.term >= sa.bindparam("low"), _T.term < sa.bindparam("high"))
    .order_by(_T.term.desc(), _T.at.desc(), _T.order_id.desc())
    .limit(NUMBERS_LOOKED_AT)
)
_NUMBERS = Prepared(_BEGINNING)
_NEWEST = sa.func.max(_P.last_at)
_TERMS = Prepared(
    sa.select(_P.term)
    .where(
        _P.site == sa.bindparam("site"),
        _P.kind == sa.bindparam("kind"),
        _P.part >= sa.bindparam("low"),
        _P.part < sa.bindparam("high"),
    )
    .group_by(_P.term)
    .order_by(_NEWEST.desc(), _P.term)
    .limit(sa.bindparam("size"))
)


def ways(conn: sa.Connection, site: str, text: str) -> list[Way]:
    """`text`: as typed or as scanned; the one resolver says what a scan is of."""
    scan = resolve(text, _ANY_YEAR)
    told = {element.ai: element.value for element in scan.elements}
    term = fold(text)
    found = [
        _number(site, "number", term),
        _number(site, "ref", fold(told.get(_ORDER_OF_CUSTOMER, text))),
        _number(site, "parcel", fold(_parcel(text, scan))),
        _number(site, "waybill", fold(_waybill(text, told))),
        _customer(site, term),
        _shared(site, "name", term),
        _shared(site, "item", term, _items(conn, text, scan)),
    ]
    if is_phone(text):
        found.insert(4, _shared(site, "phone", digits(text)))
    return found


def _parcel(text: str, scan: Scan) -> str:
    """Its number, from a label's bars, however they were read, or from a tracking link."""
    return scan.sscc or _last_of_link(text)


def _waybill(text: str, told: dict[str, str]) -> str:
    return told.get(_CONSIGNMENT) or told.get(_SHIPMENT) or _last_of_link(text)


def _last_of_link(text: str) -> str:
    return text.partition("?")[0].rpartition("/")[2]


def _items(conn: sa.Connection, text: str, scan: Scan) -> list[str]:
    """The item of this number, and those that the scan may be of."""
    gtin = scan.gtin or ""
    short = {gtin[14 - n :] for n in (8, 12, 13, 14) if gtin and not gtin[: 14 - n].strip("0")}
    codes = sorted({text, scan.text, *short} - {""})
    known = sa.select(item_code.c.sku).where(item_code.c.code.in_(codes))
    return sorted({fold(text), *(fold(sku) for sku in conn.execute(known).scalars())})


def _number(site: str, kind: str, beginning: str) -> Way:
    """A number, or its beginning: as the numbers of a site rise, the highest are the newest."""

    def page(conn: sa.Connection, size: int, _given: int, last: Last) -> list[Hit]:
        if not beginning:
            return []
        values = _range(site, kind, beginning)
        hits = (Hit(*r) for r in _NUMBERS.all(conn, values))
        left = (h for h in hits if last is None or (h.at, h.order_id) < last)
        return heapq.nlargest(size, left, key=lambda h: (h.at, h.order_id))

    return Way(kind, page)


def _customer(site: str, code: str) -> Way:
    def page(conn: sa.Connection, size: int, _given: int, last: Last) -> list[Hit]:
        return _newest(conn, site, "customer", {code}, size, last)

    return Way("customer", page)


def _shared(site: str, kind: str, beginning: str, known: Iterable[str] = ()) -> Way:
    """Terms that many orders share. Of the newest orders none can be under a term whose own newest
    is older than so many others: as many terms are enough as there are orders to be shown.
    `known`: terms that are meant in any case."""

    def page(conn: sa.Connection, size: int, given: int, last: Last) -> list[Hit]:
        terms = _terms(conn, site, kind, beginning, size + given)
        return _newest(conn, site, kind, {*terms, *known}, size, last)

    return Way(kind, page)


def _terms(conn: sa.Connection, site: str, kind: str, beginning: str, size: int) -> list[str]:
    if not beginning:
        return []
    found = [t for (t,) in _TERMS.all(conn, _range(site, kind, beginning) | {"size": size})]
    abroad = beginning.lstrip("0") if kind == "phone" else beginning
    if not found and abroad != beginning and len(abroad) in _ABROAD:
        return _terms(conn, site, kind, abroad, size)
    words = sorted(beginning.split(), key=len)
    if found or len(words) < 2:
        return found
    sought = _range(site, kind, words.pop()) | {"size": NAMES_LOOKED_AT}
    return [t for (t,) in _TERMS.all(conn, sought) if holds_all(t, words)][:size]


def _range(site: str, kind: str, beginning: str) -> dict[str, object]:
    return {"site": site, "kind": kind, "low": beginning, "high": beginning + _HIGHEST}


def _newest(
    conn: sa.Connection, site: str, kind: str, terms: set[str], size: int, last: Last
) -> list[Hit]:
    at, order_id = last or (10**15, "")
    values = {"site": site, "kind": kind, "at": at, "id": order_id, "size": size}
    sought = sorted(terms)
    parts = [sought[i : i + TERMS_AT_ONCE] for i in range(0, len(sought), TERMS_AT_ONCE)]
    hits = {Hit(*r) for some in parts for r in _under(conn, values, some)}
    return heapq.nlargest(size, hits, key=lambda h: (h.at, h.order_id))


def _under(conn: sa.Connection, values: dict[str, object], terms: list[str]) -> list[Any]:
    """So many places as the next power of two: few statements are soon known to the database."""
    places = 1 << (len(terms) - 1).bit_length()
    named = zip_longest(range(places), terms, fillvalue=_NO_TERM)
    return _merged(places).all(conn, values | {f"term_{i}": term for i, term in named})
