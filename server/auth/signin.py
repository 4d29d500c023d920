"""A person signs in on a device: badge and PIN give a grant, `sid`, that operations name.

A try is counted and committed before the PIN is looked at, and taken back when it was right; so it
does not matter how many arrive at once, on how many nodes, or who dies in between.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth import pins, rules
from server.auth.sessions import DeviceSession, open_session
from server.auth.tables import grant, person, pin_trouble
from server.kernel.errors import Refusal
from server.kernel.values import Role
from server.store.store import Store
from server.store.tables import device
from server.store.tx import Tx

GRANT_LIFE = 12 * 3_600 * 1_000
_DAY = 24 * rules.HOUR


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A grant as the device keeps it, wrapped under the PIN. Times in ms."""

    sid: str
    person: str
    name: str
    role: Role
    lang: str
    site: str
    issued: int
    expires: int


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was let through: whose hash to check, and what to take back if it was right."""

    at: int
    person: str | None
    pin_hash: str | None
    subjects: Mapping[str, str]


async def sign_in(
    store: Store, session: DeviceSession, badge: str, pin: str
) -> tuple[SignedIn, str, list[str]]:
    """The grant, the device's new cookie value, and the grants that end by it.

    Refuses `wait` (with `seconds`) before looking at the PIN, and `bad_sign_in` for an unknown
    badge, one of another site, a person who left, and a wrong PIN alike.
    """
    tried = await store.run(lambda tx: book_try(tx, session, badge))
    if isinstance(tried, int):
        raise Refusal("wait", seconds=-(-tried // 1_000))
    if not await pins.matches(tried.pin_hash, pin):
        raise Refusal("bad_sign_in")
    return await store.run(lambda tx: open_grant(tx, session, tried))


def book_try(tx: Tx, session: DeviceSession, badge: str) -> Try | int:
    """Count the try, or say how many ms it has to wait."""
    found = tx.conn.execute(
        sa.select(person.c.id, person.c.pin_hash).where(
            person.c.badge == badge, person.c.site == session.site, person.c.active
        )
    ).first()
    home = _home(tx, found.id) if found else None
    subjects = rules.subjects(badge, session.device, home)
    tries = _lock(tx, subjects)
    wait = rules.wait_for(tries, tx.now)
    if wait:
        return wait
    _save(tx, subjects, {r: rules.count(r, t, tx.now) for r, t in tries.items()})
    return Try(tx.now, found and found.id, found and found.pin_hash, subjects)


def _home(tx: Tx, person_id: str) -> str | None:
    latest = (
        sa.select(grant.c.device)
        .where(grant.c.person == person_id)
        .order_by(grant.c.issued_at.desc())
        .limit(1)
    )
    return tx.conn.execute(latest).scalar()


_MAKE = sa.text(
    "INSERT INTO pin_trouble (subject, failures, wait_until, recent, last_at)"
    " VALUES (:subject, 0, 0, '[]', :now) ON CONFLICT (subject) DO NOTHING"
)


def _lock(tx: Tx, subjects: Mapping[str, str]) -> dict[str, rules.Tries]:
    """The counters, locked in one order until the commit."""
    tx.conn.execute(sa.delete(pin_trouble).where(pin_trouble.c.last_at < tx.now - _DAY))
    tx.conn.execute(_MAKE, [{"subject": s, "now": tx.now} for s in sorted(subjects.values())])
    rows = tx.conn.execute(
        sa.select(pin_trouble)
        .where(pin_trouble.c.subject.in_(subjects.values()))
        .order_by(pin_trouble.c.subject)
        .with_for_update()
    )
    by_subject = {r.subject: r for r in rows}
    return {rule: _read(by_subject[subject]) for rule, subject in subjects.items()}


def _read(row: Any) -> rules.Tries:
    recent = msgspec.json.decode(row.recent, type=tuple[int, ...])
    return rules.Tries(row.failures, row.wait_until, recent)


def _save(tx: Tx, subjects: Mapping[str, str], tries: Mapping[str, rules.Tries]) -> None:
    tx.conn.execute(
        sa.update(pin_trouble).where(pin_trouble.c.subject == sa.bindparam("s")),
        [
            {
                "s": subjects[rule],
                "failures": t.failures,
                "wait_until": t.wait_until,
                "recent": msgspec.json.encode(t.recent).decode(),
                "last_at": tx.now,
            }
            for rule, t in tries.items()
        ],
    )


def open_grant(tx: Tx, session: DeviceSession, tried: Try) -> tuple[SignedIn, str, list[str]]:
    """The PIN was right: take the try back, end the former person's grant, open this one's."""
    who = tx.conn.execute(
        sa.select(person).where(
            person.c.id == tried.person, person.c.active, person.c.pin_hash == tried.pin_hash
        )
    ).first()
    active = sa.select(device.c.id).where(
        device.c.id == session.device, device.c.revoked_at.is_(None)
    )
    if who is None or tx.conn.execute(active).first() is None:
        raise Refusal("bad_sign_in")  # revoked, or given another PIN, while this one was checked
    tries = _lock(tx, tried.subjects)
    _save(tx, tried.subjects, {r: rules.forgive(r, t, tried.at) for r, t in tries.items()})
    ended = end_grants(tx, session.device)
    return give_grant(tx, session, who), open_session(tx, session.device), ended


def give_grant(tx: Tx, session: DeviceSession, who: Any) -> SignedIn:
    made = SignedIn(
        sid=f"s{secrets.token_hex(16)}",
        person=who.id,
        name=who.name,
        role=Role(who.role),
        lang=who.lang,
        site=session.site,
        issued=tx.now,
        expires=tx.now + GRANT_LIFE,
    )
    tx.conn.execute(
        sa.insert(grant).values(
            sid=made.sid,
            device=session.device,
            person=made.person,
            role=made.role.value,
            site=made.site,
            issued_at=made.issued,
            expires_at=made.expires,
        )
    )
    return made


def end_grants(tx: Tx, device_id: str, sid: str | None = None) -> list[str]:
    """End this grant of the device, or all of them; returns those that were still open.

    Operations made under an ended grant are still taken: they happened.
    """
    mine = [grant.c.device == device_id, grant.c.ended_at.is_(None)]
    if sid is not None:
        mine.append(grant.c.sid == sid)
    found = tx.conn.execute(
        sa.update(grant).where(*mine).values(ended_at=tx.now).returning(grant.c.sid)
    )
    return [str(r.sid) for r in found]
