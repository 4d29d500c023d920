"""Operations: the only way anything changes, and the registry that knows them all."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, get_type_hints

import msgspec

from server.kernel.errors import CODES
from server.kernel.events import Event, reactions_to
from server.kernel.feeds import Row
from server.kernel.values import Id, Moment, Role


class Kind(StrEnum):
    """A fact has happened and is never refused when well formed; a request may be refused."""

    FACT = "fact"
    REQUEST = "request"


FACT = Kind.FACT
REQUEST = Kind.REQUEST


class Outcome(StrEnum):
    APPLIED = "applied"
    DIVERTED = "diverted"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    HELD = "held"


class Op(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of every operation's arguments."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One operation as it travels; `body` is read by the registry, never by a tagged union."""

    n: int
    id: Id
    k: Id
    v: int = 1
    sid: Id | None = None
    at: Moment
    boot: str = ""
    mono: float = 0.0
    body: dict[str, Any]
    refs: list[str] = []

    def digest(self) -> str:
        """What makes a repeat a repeat: the same n with the same digest."""
        body = msgspec.json.encode(
            [self.n, self.id, self.k, self.v, self.sid, self.at, self.body], order="deterministic"
        )
        return hashlib.sha256(body).hexdigest()


class Diverted(msgspec.Struct, frozen=True):
    code: str
    data: dict[str, Any]


class Signer(Protocol):
    """The site's own key. `kid`: its fingerprint; `sign`: ES256, r‖s in base64url."""

    @property
    def kid(self) -> str: ...
    def sign(self, body: bytes) -> str: ...


class EffectSink(Protocol):
    """What a transaction offers to handlers (`server.store.tx.Tx`)."""

    conn: Any
    now: int
    signer: Callable[[], Signer] | None

    def put(self, site: str, scope: str, kind: str, key: str, body: Row | int) -> None: ...
    def drop(self, site: str, scope: str, kind: str, key: str) -> None: ...
    def touch(self, site: str, name: str, key: str) -> None: ...
    def record(self, ctx: "OpContext", event: Event) -> None: ...
    def next_number(self, site: str, counter: str, by: int = 1) -> int: ...
    def insert_later(self, table: Any, row: dict[str, Any]) -> None: ...
    def pending(self, of: Any) -> list[Mapping[str, Any]]: ...


@dataclass(slots=True)
class OpContext:
    """One operation being handled: who, where, when, and the transaction it writes to.

    `at` is the server's estimate of when it happened (ms); `now` when the server took it.
    """

    tx: EffectSink
    site: str
    device: str
    n: int
    at: int
    person: str | None = None
    role: Role | None = None
    diverted: Diverted | None = None
    _ids: int = 0

    @property
    def conn(self) -> Any:
        return self.tx.conn

    @property
    def now(self) -> int:
        return self.tx.now

    def emit(self, event: Event) -> None:
        """Write the event down, then let later stages react in the same savepoint.

        Whoever watches the event's order is told: its row moves with everything on its time line.
        """
        self.tx.record(self, event)
        if event.order:
            self.touch("order", event.order)
        for react in reactions_to(event):
            react(event, self)

    def put(self, scope: str, kind: str, key: str, body: Row) -> None:
        self.tx.put(self.site, scope, kind, key, body)

    def drop(self, scope: str, kind: str, key: str) -> None:
        self.tx.drop(self.site, scope, kind, key)

    def touch(self, name: str, key: str) -> None:
        """Say that `key` changed; its projector makes the rows once per transaction."""
        self.tx.touch(self.site, name, key)

    def divert(self, why: str, **data: Any) -> None:
        """Keep the fact, and tell the worker what followed instead of what was meant."""
        if why not in CODES:
            raise ValueError(f"code {why!r} was never declared")
        self.diverted = Diverted(why, data)

    def new_id(self) -> str:
        """An id that a replay of the log gives again: made from (device, n, count), not chance."""
        seed = f"{self.device}|{self.n}|{self.count()}".encode()
        return hashlib.sha256(seed).hexdigest()[:20]

    def count(self) -> int:
        """1, 2, 3 … within this operation: keys of what it writes, the same in every replay."""
        self._ids += 1
        return self._ids

    def next_number(self, counter: str, by: int = 1) -> int:
        return self.tx.next_number(self.site, counter, by)


Handler = Callable[[Any, OpContext], None]


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    version: int
    kind: Kind
    roles: frozenset[Role]
    args: type[Op]
    handle: Handler


REGISTRY: dict[tuple[str, int], Operation] = {}
_UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


def operation(
    name: str, *, kind: Kind, roles: set[Role] | frozenset[Role]
) -> Callable[[Handler], Handler]:
    """`name` ends in its version: `picking.confirm_pick.v1`. Arguments come from the signature."""
    base, _, version = name.rpartition(".v")

    def register(fn: Handler) -> Handler:
        hints = get_type_hints(fn)
        args = next(t for p, t in hints.items() if p != "return")
        key = (base, int(version))
        if key in REGISTRY:
            raise ValueError(f"operation {name} is registered twice")
        REGISTRY[key] = Operation(base, int(version), kind, frozenset(roles), args, fn)
        return fn

    return register


def upcast(
    name: str, version: int
) -> Callable[
    [Callable[[dict[str, Any]], dict[str, Any]]], Callable[[dict[str, Any]], dict[str, Any]]
]:
    """Register the pure step from arguments of `version` to those of `version + 1`."""

    def register(
        fn: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> Callable[[dict[str, Any]], dict[str, Any]]:
        _UPCASTS[(name, version)] = fn
        return fn

    return register


def is_known(name: str, version: int) -> bool:
    """Is it registered, or is there a way from it to one that is?"""
    while (name, version) in _UPCASTS:
        version += 1
    return (name, version) in REGISTRY


def find(name: str, version: int, body: dict[str, Any]) -> tuple[Operation, dict[str, Any]] | None:
    """The newest operation of that name and the body brought up to it; None when unknown."""
    while (name, version) in _UPCASTS:
        body = _UPCASTS[(name, version)](body)
        version += 1
    found = REGISTRY.get((name, version))
    return (found, body) if found else None
