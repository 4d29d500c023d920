"""How a browser becomes a device, and proves later on that it still is that device.

supervisor  POST /auth/codes      a code for ten minutes, shown as QR
new device  POST /auth/enrol      code + public key -> device id, once
device      POST /auth/challenge  -> nonce, sixty seconds, once
device      POST /auth/device     nonce signed with the key -> session
"""

import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from server.auth.people import By, add_device
from server.auth.tables import challenge, enrol_code
from server.kernel.errors import Refusal
from server.kernel.values import Role
from server.store.tables import device
from server.store.tx import Tx

CODE_LIFE = 10 * 60 * 1_000
NONCE_LIFE = 60 * 1_000
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L, which hands copy wrongly. Eight of them: 39 bits for ten minutes."""
SIGNED_PREFIX = "dockhand-device:"


def make_code(tx: Tx, *, site: str, made_by: str) -> tuple[str, int]:
    """A code like `7KQ4-M2XD` and when it expires (ms). `made_by`: a person's id or a command."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    expires = tx.now + CODE_LIFE
    tx.conn.execute(sa.delete(enrol_code).where(enrol_code.c.expires_at <= tx.now - CODE_LIFE))
    tx.conn.execute(
        sa.insert(enrol_code).values(
            code_hash=_hashed(letters), site=site, made_by=made_by, expires_at=expires
        )
    )
    return f"{letters[:4]}-{letters[4:]}", expires


def _hashed(code: str) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def do_enrol(tx: Tx, *, code: str, name: str, key: str) -> tuple[str, str]:
    """Spend the code: the new device's id and its site. Of two at once exactly one wins.

    Refuses `bad_code` alike for one that never was, is used or has expired.
    """
    spent = tx.conn.execute(
        sa.update(enrol_code)
        .where(
            enrol_code.c.code_hash == _hashed(code),
            enrol_code.c.used_by.is_(None),
            enrol_code.c.expires_at > tx.now,
        )
        .values(used_by="…")
        .returning(enrol_code.c.site, enrol_code.c.made_by)
    ).first()
    if spent is None:
        raise Refusal("bad_code", field="code", mend="ask a supervisor for a new code")
    by = By(spent.made_by, Role.SUPERVISOR)
    device_id = add_device(tx, site=spent.site, name=name, public_key=key, by=by)
    tx.conn.execute(
        sa.update(enrol_code)
        .where(enrol_code.c.code_hash == _hashed(code))
        .values(used_by=device_id)
    )
    return device_id, str(spent.site)


def make_challenge(tx: Tx, device_id: str) -> str:
    """A nonce to sign. A device that is not known gets one too, of no use: nothing is betrayed."""
    nonce = secrets.token_urlsafe(24)
    tx.conn.execute(sa.delete(challenge).where(challenge.c.expires_at <= tx.now))
    if tx.conn.execute(sa.select(device.c.id).where(device.c.id == device_id)).first():
        tx.conn.execute(
            sa.insert(challenge).values(
                nonce=nonce, device=device_id, expires_at=tx.now + NONCE_LIFE
            )
        )
    return nonce


@dataclass(frozen=True, slots=True)
class Proving:
    key: str
    revoked: bool


def spend_challenge(tx: Tx, device_id: str, nonce: str) -> Proving | None:
    """What the signature must be checked with; None for a nonce that is not (or no longer) good.

    Answers rather than refuses: a refusal would undo the spending, and a nonce serves once only,
    whatever becomes of the signature.
    """
    spent = tx.conn.execute(
        sa.delete(challenge).where(
            challenge.c.nonce == nonce,
            challenge.c.device == device_id,
            challenge.c.expires_at > tx.now,
        )
    )
    found = tx.conn.execute(
        sa.select(device.c.public_key, device.c.revoked_at).where(device.c.id == device_id)
    ).first()
    if not spent.rowcount or found is None or found.public_key is None:
        return None
    return Proving(found.public_key, found.revoked_at is not None)
