"""From a row of the outbox to words that can be sent."""

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from server.mailing.letters import one_line
from server.notices.channels.port import Browser, Outgoing
from server.notices.edi.messages import Document
from server.notices.edi.partners import KIND_OF
from server.notices.settings import NoticeRules, Texts
from server.notices.tables import push_subscription
from server.notices.templates import filled
from server.notices.words import COPY, WORDS
from server.orders import links

LONGEST_SHORT = 300
"""Characters of an SMS or a push: two or three segments."""


def outgoing(
    conn: sa.Connection, row: Mapping[str, Any], rules: NoticeRules, key: bytes, origin: str
) -> Outgoing:
    """`key`: of the site's links, which are put in only here: the outbox holds none."""
    base = rules.origin or origin
    link = base + links.path_of(key, row["order_id"])
    survey = base + links.survey_path_of(key, row["order_id"])
    said = msgspec.json.decode(row["facts"], type=dict[str, str])
    if row["channel"] == "edi":
        return _to_software(row, said, base)
    facts = {name: one_line(value) for name, value in said.items()}
    facts |= {"link": link, "survey": survey}
    subject, text, short = (filled(t, facts) for t in templates(row, rules))
    if row["audience"] == "manager":
        text = f"{COPY[row['lang']]}\n\n{text}"
    return Outgoing(
        id=row["id"],
        what=row["what"],
        to=row["target"],
        lang=row["lang"],
        subject=subject,
        text=text,
        short=short[:LONGEST_SHORT],
        link=survey if row["what"] == "survey" else link,
        links=(link, survey),
        origin=base,
        browser=_browser(conn, row) if row["channel"] == "push" else None,
    )


def _to_software(row: Mapping[str, Any], said: Mapping[str, str], base: str) -> Outgoing:
    document = msgspec.json.decode(said["document"], type=Document)
    title = f"{KIND_OF[row['what']]} {document.number} {row['reference']}"
    return Outgoing(
        id=row["id"],
        what=row["what"],
        to=row["target"],
        lang=row["lang"],
        subject=title,
        text=title,
        short=title,
        link="",
        links=(),
        origin=base,
        document=document,
        reference=row["reference"],
    )


def templates(row: Mapping[str, Any], rules: NoticeRules) -> tuple[str, str, str]:
    """The site's own words where it has some, else the built-in ones."""
    own = rules.texts.get(row["what"], {}).get(row["lang"], Texts())
    built_in = WORDS[row["lang"]][row["what"]]
    return (
        own.subject or built_in.subject,
        own.text or built_in.text,
        own.short or built_in.short,
    )


def _browser(conn: sa.Connection, row: Mapping[str, Any]) -> Browser | None:
    s = push_subscription.c
    found = sa.select(s.endpoint, s.p256dh, s.auth).where(s.id == row["target"])
    r = conn.execute(found).first()
    return Browser(*r) if r else None
