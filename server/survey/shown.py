"""What the page of a link shows, and what its form says."""

import re
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import sqlalchemy as sa

from server.orders.tables import orders
from server.store.submit import submit
from server.store.tx import Tx
from server.survey.ops import Answer, survey_rules
from server.survey.rules import open_until
from server.survey.tables import survey_answer

LONGEST = 16 * 1024
"""Bytes of the form: a comment in any script."""
COMMENT = 500
_PLAIN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_YES_NO = {"yes": True, "no": False}


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """As it was chosen; empty: not yet."""

    on_time: str = ""
    complete: str = ""
    courtesy: str = ""
    comment: str = ""
    lang: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """`answered`: there is an answer, which `form` holds. `until` (ms): it may be given or changed
    so long."""

    site: str
    number: str
    answered: bool
    is_open: bool
    until: int
    form: Form


def look(conn: sa.Connection, order_id: str, now: int) -> Shown | None:
    """None where there is no such order, it has not been delivered, or that was too long ago."""
    found = sa.select(orders.c.site, orders.c.number, orders.c.delivered_at)
    row = conn.execute(found.where(orders.c.id == order_id)).first()
    if row is None or row.delivered_at is None:
        return None
    mine = sa.select(survey_answer).where(survey_answer.c.order_id == order_id)
    said = conn.execute(mine).first()
    rules = survey_rules(conn, row.site)
    until = open_until(row.delivered_at, said.at if said else None, rules)
    if said is None and now > until:
        return None
    return Shown(
        site=row.site,
        number=row.number,
        answered=said is not None,
        is_open=now <= until,
        until=until,
        form=_form(said) if said else Form(),
    )


def _form(said: Any) -> Form:
    return Form(
        on_time="yes" if said.on_time else "no",
        complete="yes" if said.complete else "no",
        courtesy=str(said.courtesy),
        comment=said.comment,
    )


def read(body: bytes) -> Form:
    """Whatever was sent, cut to what a person could mean."""
    try:
        told = dict(parse_qsl(body.decode("ascii"), max_num_fields=20))
    except (UnicodeError, ValueError):
        told = {}
    comment = _PLAIN.sub(" ", told.get("comment", "").replace("\r\n", "\n"))
    return Form(
        on_time=told.get("on_time", "")[:3],
        complete=told.get("complete", "")[:3],
        courtesy=told.get("courtesy", "")[:1],
        comment=comment[:COMMENT],
        lang=told.get("lang", "")[:35],
    )


def answer_of(order_id: str, form: Form) -> Answer | None:
    """None while something is not chosen."""
    on_time, complete = _YES_NO.get(form.on_time), _YES_NO.get(form.complete)
    if on_time is None or complete is None or form.courtesy not in {"1", "2", "3", "4", "5"}:
        return None
    return Answer(
        order=order_id,
        on_time=on_time,
        complete=complete,
        courtesy=int(form.courtesy),
        comment=form.comment.strip(),
    )


def take(tx: Tx, site: str, op: Answer) -> str:
    """Refused with which code; empty: it is written down."""
    return submit(tx, site, "survey", "survey.answer.v1", op).code or ""
