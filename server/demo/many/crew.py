"""Handhelds that push what their people did, as real ones do: in frames, numbered, signed."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec

from server.auth.tables import grant, person
from server.imports.groups import groups
from server.kernel import base64url
from server.kernel.ops import Envelope, Op
from server.kernel.values import Role
from server.kernel.wire import MAX_OPS, Frame
from server.store import tables as t
from server.store.store import Store
from server.store.tx import Tx
from server.sync.exchange import push

YEARS_MS = 10 * 366 * 86_400_000
CREW = (
    ("Nia Brandt", Role.PICKER),
    ("Otto Kaya", Role.PACKER),
    ("Sven Roy", Role.DRIVER),
    ("Lea Quinn", Role.SUPERVISOR),
)
_CURVE = ec.SECP256R1()
Stated = tuple[str, Op]
Said = tuple[str, Op | dict[str, Any]]
Pushing = Callable[[Store, list[Frame]], None]


@dataclass(slots=True)
class Handheld:
    """One device with one person. `seq`, `prev`: the chain of its delivery proofs."""

    site: str
    role: Role
    seed: int
    n: int = 0
    seq: int = 0
    prev: str = "0" * 64
    key: ec.EllipticCurvePrivateKey = field(init=False)

    def __post_init__(self) -> None:
        told = hashlib.sha256(f"{self.seed}/{self.id}".encode()).digest()
        self.key = ec.derive_private_key(int.from_bytes(told) >> 8, _CURVE)

    @property
    def id(self) -> str:
        return f"many-{self.site}-{self.role.value}"

    def frames(self, said: Sequence[Said], at: int, pace_ms: int = 0) -> list[Frame]:
        """What was said until `at` (ms), one thing every `pace_ms`."""
        begun = at - pace_ms * len(said)
        made = [self._envelope(*one, begun + pace_ms * i) for i, one in enumerate(said, 1)]
        return [Frame(dev=self.id, sid=self.id, now=at, ops=some) for some in groups(made, MAX_OPS)]

    def _envelope(self, name: str, op: Op | dict[str, Any], at: int) -> Envelope:
        self.n += 1
        base, _, version = name.rpartition(".v")
        body = op if isinstance(op, dict) else msgspec.to_builtins(op)
        made = f"{self.id}-{self.n}"
        return Envelope(n=self.n, id=made, k=base, v=int(version), sid=self.id, at=at, body=body)


def enrol(tx: Tx, handheld: Handheld, name: str) -> None:
    """Nobody knows a PIN of theirs: they sign in on no other device."""
    site, known = handheld.site, handheld.id
    who = {"id": known, "site": site, "name": name, "badge": f"B-{known}"}
    tx.conn.execute(sa.insert(person).values(**who, role=handheld.role, pin_hash=""))
    numbers = handheld.key.public_key().public_numbers()
    x, y = (base64url.encode(n.to_bytes(32)) for n in (numbers.x, numbers.y))
    jwk = msgspec.json.encode({"kty": "EC", "crv": "P-256", "x": x, "y": y}).decode()
    device = {"id": known, "site": site, "name": known, "public_key": jwk}
    tx.conn.execute(sa.insert(t.device).values(**device, enrolled_at=tx.now))
    given: dict[str, Any] = {
        "sid": known,
        "device": known,
        "person": known,
        "role": handheld.role,
        "site": site,
    }
    given |= {"issued_at": tx.now, "expires_at": tx.now + YEARS_MS}
    tx.conn.execute(sa.insert(grant).values(**given))


def crew_of(store: Store, site: str, seed: int) -> dict[Role, Handheld]:
    crew = {role: Handheld(site, role, seed) for _, role in CREW}
    for name, role in CREW:
        store.run_sync(partial(enrol, handheld=crew[role], name=name))
    return crew


def push_together(store: Store, frames: list[Frame]) -> None:
    """Many frames in one commit, as the writer groups what comes at the same moment."""
    for some in groups(frames, 20):
        store.run_sync(lambda tx, some=some: [push(tx, f.dev, f) for f in some])  # type: ignore[misc]


def push_one_by_one(store: Store, frames: list[Frame]) -> None:
    """Each operation in a commit of its own: the slow way, which must give the same."""
    for frame in frames:
        for e in frame.ops:
            alone = msgspec.structs.replace(frame, ops=[e])
            store.run_sync(lambda tx, f=alone: push(tx, f.dev, f))  # type: ignore[misc]
