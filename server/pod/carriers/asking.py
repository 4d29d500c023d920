"""What a carrier has answered is handed in as if it had told by itself."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from server.kernel.ops import Outcome
from server.pod.carriers.reports import CarrierEvent, ref_of
from server.pod.carriers.shapes import Reported
from server.pod.carriers.tables import carrier_event
from server.pod.carriers.tracking import in_order
from server.store.submit import submit
from server.store.tx import Tx

_log = logging.getLogger(__name__)
_LONGEST: Mapping[str, int] = {"text": 500, "place": 120}


def hand_in(tx: Tx, site: str, carrier: str, number: str, told: Iterable[Reported]) -> int:
    """Every event of the number that is not known yet, in their order; returns how many were not
    set aside. What cannot be an event is left out."""
    ops = [op for said in in_order(told) if (op := _event(carrier, number, said)) is not None]
    known = _known(tx.conn, site, carrier, [ref_of(op) for op in ops])
    taken = 0
    for op in ops:
        if ref_of(op) in known:
            continue
        verdict = submit(tx, site, f"carrier-{carrier}", "pod.carrier_event.v1", op)
        taken += verdict.outcome is Outcome.APPLIED
    return taken


def _event(carrier: str, number: str, said: Reported) -> CarrierEvent | None:
    if "".join(said.number.split()) != "".join(number.split()):
        return None
    told: dict[str, Any] = {f: getattr(said, f) for f in ("number", "ref", "code", "seq")}
    told |= {f: _plain(getattr(said, f))[:most] for f, most in _LONGEST.items()}
    try:
        return msgspec.convert(told | {"source": carrier, "happened_at": said.at}, CarrierEvent)
    except msgspec.ValidationError as error:
        _log.warning("carrier %s tells of %s what cannot be read: %s", carrier, number, error)
        return None


def _plain(text: str) -> str:
    """A line is a line: what a carrier puts between words is no matter."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _known(conn: Any, site: str, carrier: str, refs: list[str]) -> set[str]:
    found = sa.select(carrier_event.c.ref).where(
        carrier_event.c.site == site,
        carrier_event.c.source == carrier,
        carrier_event.c.ref.in_(refs),
    )
    return set(conn.execute(found).scalars())
