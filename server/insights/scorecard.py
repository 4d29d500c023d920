"""How well each carrier does: punctual, unharmed, arrived. Figures, and no opinion on them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.pod.carriers.tables import carrier_event, waybill
from server.pod.carriers.wording import folded

_BROKEN = ("damage", "broken", "endommage", "beschad", "danad", "danneg", "uszkodz", "破损")
_LOST = ("lost", "perdu", "verloren", "extravi", "smarrit", "vermist", "zagub", "丢失", "遗失")


@dataclass(frozen=True, slots=True)
class Score:
    """`ended`: waybills that were delivered or came back. `on_time`: delivered by the carrier's own
    promise. `damaged`, `lost`: waybills of which it said so, whatever came of them."""

    carrier: str
    waybills: int
    ended: int
    delivered: int
    on_time: int
    returned: int
    damaged: int
    lost: int

    @property
    def punctual_pm(self) -> int | None:
        """Per mille of what was delivered; None before anything was."""
        return self.on_time * 1_000 // self.delivered if self.delivered else None


def scorecard(conn: Any, site: str, since: int, until: int) -> list[Score]:
    """Waybills made from `since` until before `until` (ms), by carrier."""
    w = waybill.c
    made = sa.and_(w.site == site, w.state != "void", w.created_at >= since, w.created_at < until)
    bills = conn.execute(sa.select(waybill).where(made).order_by(w.carrier)).all()
    harm = _harm(conn, made)
    carriers = sorted({b.carrier for b in bills})
    return [_score(c, [b for b in bills if b.carrier == c], harm) for c in carriers]


def _score(carrier: str, bills: list[Any], harm: dict[str, set[str]]) -> Score:
    done = [b for b in bills if b.delivered_at is not None]
    states = Counter(b.state for b in bills)
    mine = {b.id for b in bills}
    return Score(
        carrier=carrier,
        waybills=len(bills),
        ended=len(done) + states["returned"],
        delivered=len(done),
        on_time=sum(b.delivered_at <= b.arrives_by for b in done),
        returned=states["returned"],
        damaged=len(harm["damaged"] & mine),
        lost=len(harm["lost"] & mine),
    )


def _harm(conn: Any, made: Any) -> dict[str, set[str]]:
    """Waybills with an event that says so in words."""
    found = (
        sa.select(carrier_event.c.waybill, carrier_event.c.text)
        .join(waybill, waybill.c.id == carrier_event.c.waybill)
        .where(made, carrier_event.c.state == "exception")
    )
    harm: dict[str, set[str]] = {"damaged": set(), "lost": set()}
    for bill, text in conn.execute(found):
        said = folded(text)
        if any(word in said for word in _BROKEN):
            harm["damaged"].add(bill)
        if any(word in said for word in _LOST):
            harm["lost"].add(bill)
    return harm
