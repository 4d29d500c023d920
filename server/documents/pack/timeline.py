"""What happened to an order, for the pack: the event log without names, addresses and free text.

People and devices stand in it by their ids, as in the records.
"""

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa

from server.documents.pack.words import PACK_WORDS
from server.documents.words import Language
from server.store.tables import event, op

MAX_EVENTS = 5_000
TOLD = frozenset(
    {
        *("after", "before", "delivered", "found", "asked", "hash", "lines", "number", "ordered"),
        *("outcome", "parcel", "pieces", "proof", "qty", "run", "seq", "sku", "stop", "vehicle"),
        *("verdicts", "weight_g"),
    }
)
"""Fields of events that are told. A reason is told only where it is a code, past the dock door."""
_CODED = "pod."


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """`at`: the server's estimate of when it happened (ms)."""

    at: int
    kind: str
    device: str
    person: str
    told: dict[str, Any]


def timeline_of(conn: sa.Connection, site: str, order_id: str) -> list[Moment]:
    """Oldest first; within one ms as they were written down."""
    found = (
        sa.select(event.c.kind, event.c.body, event.c.device, op.c.at_est, op.c.person)
        .join(op, sa.and_(op.c.device == event.c.device, op.c.n == event.c.n))
        .where(event.c.key == order_id, event.c.site == site)
        .order_by(event.c.ver, event.c.seq)
        .limit(MAX_EVENTS)
    )
    moments = [
        Moment(
            at=r.at_est,
            kind=r.kind,
            device=r.device,
            person=r.person or "",
            told=_told(r.kind, msgspec.json.decode(r.body)),
        )
        for r in conn.execute(found)
    ]
    return sorted(moments, key=lambda m: m.at)


def _told(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in body.items() if name in TOLD}
    if kind.startswith(_CODED) and body.get("reason"):
        kept["reason"] = body["reason"]
    return kept


def as_text(moments: list[Moment], language: Language) -> str:
    """A line each: moment in UTC, what happened, and its particulars."""
    return "".join(f"{_when(m.at)}  {_sentence(m, language)}\n" for m in moments)


def _sentence(moment: Moment, language: Language) -> str:
    words = PACK_WORDS[language]["events"]
    told = " ".join(
        f"{name}={value}" for name, value in moment.told.items() if isinstance(value, str | int)
    )
    return f"{words.get(moment.kind, moment.kind)}  {told}".rstrip()


def _when(at: int) -> str:
    moment = dt.datetime.fromtimestamp(at / 1000, dt.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
