"""How well each carrier does: punctual, unharmed, arrived. Figures, and no opinion on them."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from server.pod.carriers.standing import Score
from server.pod.carriers.tables import carrier_event, waybill, waybill_of
from server.pod.carriers.tariffs import OWN
from server.pod.carriers.wording import folded
from server.pod.tables import stop

_BROKEN = ("damage", "broken", "endommage", "beschad", "danad", "danneg", "uszkodz", "破损")
_LOST = ("lost", "perdu", "verloren", "extravi", "smarrit", "vermist", "zagub", "丢失", "遗失")


def scorecard(conn: Any, site: str, since: int, until: int) -> list[Score]:
    """Waybills made from `since` until before `until` (ms), by carrier. Those of the house's own
    vans end with their stops."""
    w = waybill.c
    made = sa.and_(w.site == site, w.state != "void", w.created_at >= since, w.created_at < until)
    harm = _harm(conn, made)
    return [_score(r, harm) for r in conn.execute(_counted(made)).all()]


def _counted(made: Any) -> Any:
    """One row a carrier, counted where the rows are: a year of waybills is not to be read here."""
    w, done = waybill.c, _ends()
    at = sa.case((w.carrier == OWN, done.c.at), else_=w.delivered_at)
    back = sa.case((w.carrier == OWN, done.c.back), else_=sa.case((w.state == "returned", 1)))
    return (
        sa.select(
            w.carrier,
            sa.func.count().label("waybills"),
            sa.func.count(at).label("delivered"),
            sa.func.count(sa.case((at <= w.arrives_by, 1))).label("on_time"),
            sa.func.count(back).label("returned"),
        )
        .outerjoin(done, done.c.waybill == w.id)
        .where(made)
        .group_by(w.carrier)
        .order_by(w.carrier)
    )


def _ends() -> Any:
    """When the last stop of a waybill was delivered, and whether one was not (null: no)."""
    s = stop.c
    came = sa.case((s.outcome.in_(("full", "partial")), s.closed_at))
    back = sa.case((s.outcome == "refused", 1))
    return (
        sa.select(
            waybill_of.c.waybill, sa.func.max(came).label("at"), sa.func.max(back).label("back")
        )
        .join(stop, s.shipment == waybill_of.c.shipment)
        .where(s.state == "closed")
        .group_by(waybill_of.c.waybill)
        .subquery()
    )


def _score(r: Any, harm: dict[str, dict[str, set[str]]]) -> Score:
    mine = harm.get(r.carrier, {})
    return Score(
        carrier=r.carrier,
        waybills=r.waybills,
        ended=r.delivered + r.returned,
        delivered=r.delivered,
        on_time=r.on_time,
        returned=r.returned,
        damaged=len(mine.get("damaged", ())),
        lost=len(mine.get("lost", ())),
    )


def _harm(conn: Any, made: Any) -> dict[str, dict[str, set[str]]]:
    """By carrier the waybills with an event that says so in words."""
    found = (
        sa.select(waybill.c.carrier, carrier_event.c.waybill, carrier_event.c.text)
        .join(waybill, waybill.c.id == carrier_event.c.waybill)
        .where(made, carrier_event.c.state == "exception")
    )
    harm: dict[str, dict[str, set[str]]] = {}
    for carrier, bill, text in conn.execute(found):
        for what in _said(folded(text)):
            harm.setdefault(carrier, {}).setdefault(what, set()).add(bill)
    return harm


def _said(text: str) -> Collection[str]:
    words = {"damaged": _BROKEN, "lost": _LOST}
    return [what for what, marks in words.items() if any(mark in text for mark in marks)]
