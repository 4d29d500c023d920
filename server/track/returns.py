"""A customer asks by the tracking page to send something back: what the page's form says. The link
alone is not enough: whoever asks has typed the postcode, too.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import sqlalchemy as sa

from server.returns.offering import MOST_LINES, Offered
from server.returns.ops import StartReturn, WantedLine
from server.store.submit import Outside, submit
from server.store.tables import outside
from server.store.tx import Tx

LONGEST = 32 * 1024
"""Bytes of the form: all lines, and a note in any script."""
NOTE = 500
SOURCE = "track-return"
_QTY = "qty-"
_ONCE = re.compile(r"[A-Za-z0-9_-]{22}")
_PLAIN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """As it was typed, cut to what a person could mean. `qty`: pieces by line; `once`: made by the
    page, the same however often the button is pressed."""

    once: str
    postcode: str = ""
    reason: str = ""
    note: str = ""
    lang: str = ""
    qty: dict[int, str] = {}


def once() -> str:
    return secrets.token_urlsafe(16)


def read(body: bytes) -> Form:
    """Whatever was sent. Without a `once` of ours it cannot be the page's form."""
    try:
        told = dict(parse_qsl(body.decode("ascii"), max_num_fields=MOST_LINES + 20))
    except (UnicodeError, ValueError):
        told = {}
    said = told.get("once", "")
    return Form(
        once=said if _ONCE.fullmatch(said) else "",
        postcode=told.get("postcode", "")[:40],
        reason=told.get("reason", "")[:32],
        note=_PLAIN.sub(" ", told.get("note", "").replace("\r\n", "\n"))[:NOTE],
        lang=told.get("lang", "")[:35],
        qty=_quantities(told),
    )


def _quantities(told: Mapping[str, str]) -> dict[int, str]:
    named = {name.removeprefix(_QTY): said for name, said in told.items() if name.startswith(_QTY)}
    return {int(no): said[:9] for no, said in named.items() if _is_number(no)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7


def wanted(form: Form, may: Offered) -> list[WantedLine] | str:
    """The lines, or the word for what is wrong: `no_reason`, `bad_qty`, `too_many`, `nothing`."""
    left = {line.no: line.left for line in may.lines}
    lines = []
    for no, said in form.qty.items():
        text = said.strip() or "0"
        if not _is_number(text):
            return "bad_qty"
        if int(text) > left.get(no, 0):
            return "too_many"
        if int(text):
            lines.append(WantedLine(no=no, qty=int(text)))
    if not lines:
        return "nothing"
    return lines if form.reason in may.reasons else "no_reason"


def ask(tx: Tx, site: str, order_id: str, form: Form, lines: list[WantedLine]) -> str:
    """Refused with which code; empty: it is open, or was already by the same press."""
    op = StartReturn(order=order_id, reason=form.reason, lines=lines, note=form.note.strip())
    press = Outside(SOURCE, f"{order_id}/{form.once}")
    verdict = submit(tx, site, "track", "returns.start_return.v1", op, press)
    return "" if verdict.code == "already_done" else verdict.code or ""


def is_asked(conn: Any, order_id: str, form: Form) -> bool:
    """Whether this press of the button has been answered before."""
    ref = f"{order_id}/{form.once}"
    found = sa.select(outside.c.n).where(outside.c.source == SOURCE, outside.c.ref == ref)
    return bool(form.once) and conn.execute(found).first() is not None
