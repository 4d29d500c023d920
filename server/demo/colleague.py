"""One of the demo's people at work before it opened: a device, a grant, and real operations."""

import msgspec
import sqlalchemy as sa

from server.auth.people import add_device
from server.auth.sessions import DeviceSession
from server.auth.signin import end_grants, give_grant
from server.auth.tables import person
from server.demo.people import SeededPerson
from server.kernel.ops import Envelope, Op, Outcome
from server.kernel.wire import MAX_OPS, Frame
from server.store import tables as t
from server.store.store import Store
from server.store.tx import Tx
from server.sync.exchange import push

Step = tuple[str, Op]


class NotApplied(Exception):
    """An operation of the seed had another outcome: the demo and the rules do not agree."""


class Colleague:
    """Signed in until `leave`. The device has no key: it can prove nothing and never comes back."""

    def __init__(self, store: Store, site: str, who: SeededPerson) -> None:
        self._store, self._n = store, 0
        self.device, self._sid = store.run_sync(lambda tx: _come(tx, site, who))

    def do(self, *steps: Step) -> None:
        """In order; each must be applied."""
        for at in range(0, len(steps), MAX_OPS):
            ops = [self._envelope(name, op) for name, op in steps[at : at + MAX_OPS]]
            frame = Frame(dev=self.device, sid=self._sid, now=self._store.clock(), ops=ops)
            self._store.run_sync(lambda tx, frame=frame: self._push(tx, frame))  # type: ignore[misc]

    def leave(self) -> None:
        self._store.run_sync(lambda tx: end_grants(tx, self.device))

    def _envelope(self, name: str, op: Op) -> Envelope:
        self._n += 1
        kind, _, version = name.rpartition(".v")
        return Envelope(
            n=self._n,
            id=f"{self.device}-{self._n}",
            k=kind,
            v=int(version),
            sid=self._sid,
            at=self._store.clock(),
            body=msgspec.to_builtins(op),
        )

    def _push(self, tx: Tx, frame: Frame) -> None:
        push(tx, self.device, frame)
        said = sa.select(t.op.c.kind, t.op.c.outcome, t.op.c.code).where(
            t.op.c.device == self.device, t.op.c.outcome != Outcome.APPLIED
        )
        if wrong := tx.conn.execute(said).all():
            raise NotApplied(str(wrong))


def _come(tx: Tx, site: str, who: SeededPerson) -> tuple[str, str]:
    device = add_device(tx, site=site, name=f"Handheld of {who.name}")
    row = tx.conn.execute(sa.select(person).where(person.c.id == who.id)).one()
    return device, give_grant(tx, DeviceSession(device, site, "", 0), row).sid
