"""Which carriers are to be asked now, for which waybills, by which node: rows beside the log."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from server.catalog.tables import setting
from server.pod.carriers.adapter import Carrier
from server.pod.carriers.consigning import carriers_of, readable_carriers
from server.pod.carriers.tables import carrier_poll, waybill
from server.pod.carriers.tariffs import Carriers, Tracking
from server.store import lease
from server.store.tx import Tx

MIN_MS, DAY_MS = 60_000, 86_400_000
_OVER = ("void", "delivered", "returned", "cancelled")
_LEASE = "carrier"


class Askable(NamedTuple):
    carrier: Carrier
    rules: Tracking


class Round(NamedTuple):
    """One carrier's turn. `numbers`: waybills by id, in the order in which they are asked for;
    `failed`: times in a row until now; `is_all`: nobody waits behind them."""

    site: str
    carrier: Carrier
    rules: Tracking
    numbers: dict[str, str]
    failed: int
    is_all: bool


def askable(found: Carriers) -> list[Askable]:
    """Those of the setting that have somebody to ask."""
    rules = {table.id: table.tracking for table in found.rate_tables if table.tracking}
    return [Askable(c, rules[c.id]) for c in carriers_of(found, _no_number) if c.id in rules]


def _no_number(name: str) -> int:
    raise AssertionError(f"who asks where a parcel is uses up no number of {name}")


def sites(conn: Any) -> dict[str, Carriers]:
    found = sa.select(setting.c.site).where(setting.c.key == "carriers").order_by(setting.c.site)
    return {site: readable_carriers(conn, site) for site in conn.execute(found).scalars().all()}


def due(conn: Any, site: str, asked: Sequence[Askable], now: int) -> list[Askable]:
    """Those whose turn it is, and whom no node is asking."""
    p = carrier_poll.c
    waits = sa.select(p.carrier).where(p.site == site, p.next_at > now)
    later = set(conn.execute(waits).scalars())
    mine = [a for a in asked if a.carrier.id not in later and _is_free(conn, site, a, now)]
    return [a for a in mine if _open(conn, site, a, now, "", 1)]


def _is_free(conn: Any, site: str, asked: Askable, now: int) -> bool:
    key = sa.literal(_key(site, asked.carrier))
    return bool(conn.execute(sa.select(lease.free(_LEASE, key, now))).scalar())


def _key(site: str, carrier: Carrier) -> str:
    return f"{site}/{carrier.id}"


def claim(tx: Tx, site: str, asked: Askable, node: str) -> Round | None:
    """The carrier is this node's until it has answered; None where another was faster."""
    rules, p = asked.rules, carrier_poll.c
    here = sa.select(p.next_at, p.after, p.failed).where(p.site == site)
    row = tx.conn.execute(here.where(p.carrier == asked.carrier.id)).first()
    ms = (rules.timeout_s * rules.at_once + 60) * 1_000
    if row is not None and row.next_at > tx.now:
        return None
    if not lease.claim(tx, _LEASE, _key(site, asked.carrier), node, ms):
        return None
    after, failed = (row.after, row.failed) if row is not None else ("", 0)
    found = _open(tx.conn, site, asked, tx.now, after, rules.at_once + 1)
    found = found or _open(tx.conn, site, asked, tx.now, "", rules.at_once + 1)
    numbers = dict(list(found.items())[: rules.at_once])
    return Round(site, asked.carrier, rules, numbers, failed, len(found) <= rules.at_once)


def _open(conn: Any, site: str, asked: Askable, now: int, after: str, most: int) -> dict[str, str]:
    w = waybill.c
    found = (
        sa.select(w.id, w.number)
        .where(w.site == site, w.carrier == asked.carrier.id, w.state.not_in(_OVER))
        .where(w.created_at > now - asked.rules.days * DAY_MS, w.id > after)
    )
    return {r.id: r.number for r in conn.execute(found.order_by(w.id).limit(most))}


_PUT = sa.text(
    "INSERT INTO carrier_poll (site, carrier, next_at, failed, after)"
    " VALUES (:site, :carrier, :next_at, :failed, :after)"
    " ON CONFLICT (site, carrier) DO UPDATE"
    " SET next_at = excluded.next_at, failed = excluded.failed, after = excluded.after"
)


def finish(tx: Tx, done: Round, node: str, after: str, *, failed: bool) -> None:
    """When it is asked again: in its time, in a minute where more wait behind, later after a
    failure. `after`: the last waybill that was asked for: one that nobody can answer for does not
    keep the others waiting."""
    times = done.failed + 1 if failed else 0
    more = not failed and not done.is_all
    wait_min = 1 if more else wait(done.rules, times)
    then = {
        "site": done.site,
        "carrier": done.carrier.id,
        "next_at": tx.now + wait_min * MIN_MS,
        "failed": times,
        "after": after if more or failed else "",
    }
    tx.conn.execute(_PUT, then)
    lease.give_back(tx, _LEASE, _key(done.site, done.carrier), node)


def wait(rules: Tracking, failed: int) -> int:
    """Minutes until it is asked again, after so many failures in a row."""
    return min(rules.every_min << min(failed, 20), max(rules.seldom_min, rules.every_min))
