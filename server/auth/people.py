"""People and devices, as commands, seeds and the administrator's calls make and unmake them.

Functions run inside a transaction (`Store.run(lambda tx: …)`) and refuse with a code. Who does it
is a `By`: a command has no device and signs with its own name.
"""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from server.auth import events, feeds  # noqa: F401  feeds registers the rows that these show as
from server.auth.tables import grant, person, pin_trouble
from server.kernel.errors import Refusal, code
from server.kernel.events import Event
from server.kernel.ops import OpContext
from server.kernel.values import FLOOR, Role
from server.store.tables import device
from server.store.tx import Tx

BADGE_TAKEN = code("badge_taken")


@dataclass(frozen=True, slots=True)
class By:
    """Who manages: `person` may also be the name of a command."""

    person: str
    role: Role
    device: str = "sys"


COMMAND = By("command", Role.ADMIN)


def tell(tx: Tx, site: str, by: By, event: Event) -> None:
    """Into the site's event log. `n` is 0: no operation of a device, hence never replayed."""
    OpContext(tx, site, by.device, n=0, at=tx.now, person=by.person, role=by.role).emit(event)


def new_badge() -> str:
    """A badge nobody reads wrongly: no letters that look like digits."""
    return "B-" + "".join(secrets.choice("23456789BCDFGHJKLMNPQRSTVWXZ") for _ in range(6))


def add_person(
    tx: Tx,
    *,
    site: str,
    name: str,
    badge: str,
    role: Role,
    pin_hash: str,
    lang: str = "en",
    by: By = COMMAND,
) -> str:
    """The new person's id. `pin_hash` from `pins.hash_pin`. Refuses `badge_taken`."""
    taken = sa.select(person.c.id).where(person.c.badge == badge)
    if tx.conn.execute(taken).first():
        raise Refusal(BADGE_TAKEN, field="badge", value=badge, mend="give every person a badge")
    person_id = f"p{secrets.token_hex(8)}"
    tx.conn.execute(
        sa.insert(person).values(
            id=person_id,
            site=site,
            name=name,
            badge=badge,
            role=role.value,
            lang=lang,
            pin_hash=pin_hash,
        )
    )
    tx.touch(site, "person", person_id)
    tell(tx, site, by, events.PersonAdded(person=person_id, role=role, by=by.person))
    return person_id


def add_device(
    tx: Tx, *, site: str, name: str, public_key: str | None = None, by: By = COMMAND
) -> str:
    """The new device's id. Without a key it can prove nothing: simulated devices and sources."""
    device_id = f"k{secrets.token_hex(8)}"
    tx.conn.execute(
        sa.insert(device).values(
            id=device_id, site=site, name=name, public_key=public_key, enrolled_at=tx.now
        )
    )
    tx.touch(site, "device", device_id)
    tell(tx, site, by, events.DeviceEnrolled(device=device_id, by=by.person))
    return device_id


def check_manages(by: By, managed: Role, person_id: str) -> None:
    """A supervisor looks after the floor; only an administrator looks after desks. Otherwise a
    supervisor could set an administrator's PIN and become one."""
    of_floor = managed in FLOOR and managed is not Role.SUPERVISOR
    if by.role is not Role.ADMIN and not of_floor:
        raise Refusal("not_allowed", field="person", value=person_id)


def access_person(tx: Tx, site: str, person_id: str) -> sa.Row[tuple[object, ...]]:
    """The only door to somebody else's row: of this site, or `not_found`."""
    found = tx.conn.execute(
        sa.select(person).where(person.c.id == person_id, person.c.site == site)
    ).first()
    if found is None:
        raise Refusal("not_found", field="person", value=person_id)
    return found


def set_pin(tx: Tx, site: str, person_id: str, pin_hash: str, by: By) -> None:
    """A new PIN; the person's grants stay, what they were given for has been proved."""
    who = access_person(tx, site, person_id)
    check_manages(by, Role(who.role), person_id)
    tx.conn.execute(sa.update(person).where(person.c.id == person_id).values(pin_hash=pin_hash))
    _forget_tries(tx, who.badge)
    tell(tx, site, by, events.PinSet(person=person_id, by=by.person))


def do_unlock(tx: Tx, site: str, person_id: str, by: By) -> None:
    """Forget the wrong PINs of a badge, wherever they were typed."""
    _forget_tries(tx, access_person(tx, site, person_id).badge)
    tell(tx, site, by, events.PersonUnlocked(person=person_id, by=by.person))


def _forget_tries(tx: Tx, badge: str) -> None:
    subject = pin_trouble.c.subject
    tx.conn.execute(
        sa.delete(pin_trouble).where(
            sa.or_(
                subject.in_([f"person:{badge}", f"away:{badge}"]),
                subject.startswith(f"pair:{badge}:", autoescape=True),
            )
        )
    )


def do_revoke_person(tx: Tx, site: str, person_id: str, by: By) -> None:
    """No more sign-in; work done from now on under this person's grants waits for a supervisor."""
    check_manages(by, Role(access_person(tx, site, person_id).role), person_id)
    tx.conn.execute(sa.update(person).where(person.c.id == person_id).values(active=False))
    _revoke_grants(tx, grant.c.person == person_id)
    tx.touch(site, "person", person_id)
    tell(tx, site, by, events.PersonRevoked(person=person_id, by=by.person))


def do_revoke_device(tx: Tx, site: str, device_id: str, by: By) -> None:
    """The device's session stays, so that what it still holds can be handed in to quarantine."""
    marked = tx.conn.execute(
        sa.update(device)
        .where(device.c.id == device_id, device.c.site == site)
        .values(state="revoked", revoked_at=sa.func.coalesce(device.c.revoked_at, tx.now))
    )
    if not marked.rowcount:
        raise Refusal("not_found", field="device", value=device_id)
    _revoke_grants(tx, grant.c.device == device_id)
    tx.touch(site, "device", device_id)
    tell(tx, site, by, events.DeviceRevoked(device=device_id, by=by.person))


def _revoke_grants(tx: Tx, whose: sa.ColumnElement[bool]) -> None:
    """Ended ones too: a grant that has ended still vouches for facts made off-line."""
    tx.conn.execute(
        sa.update(grant).where(whose, grant.c.revoked_at.is_(None)).values(revoked_at=tx.now)
    )
