"""Rows that travel to devices: their shapes, their scopes, and who makes them.

A row is the latest value of a key in a scope. Domains either put a row themselves, or say with
`ctx.touch("order", id)` that something about it changed: the projector registered under that name
makes the rows once per transaction, however many operations touched it.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

import msgspec

from server.kernel.values import Role

ROWS: dict[str, type["Row"]] = {}
PROJECTORS: dict[str, "Projector"] = {}

R = TypeVar("R", bound=type["Row"])


class Row(msgspec.Struct):
    """Base of everything that a device may hold."""


def row(kind: str) -> Callable[[R], R]:
    def register(cls: R) -> R:
        ROWS[kind] = cls
        return cls

    return register


class RowSink(Protocol):
    """The part of a transaction that projectors write to."""

    conn: Any
    site: str
    now: int

    def put(self, scope: str, kind: str, key: str, body: Row | int) -> None: ...
    def drop(self, scope: str, kind: str, key: str) -> None: ...


Projector = Callable[[RowSink, Iterable[str]], None]


def projects(name: str) -> Callable[[Projector], Projector]:
    """Register the maker of the rows that show one kind of thing. Several may share a name."""

    def register(fn: Projector) -> Projector:
        before = PROJECTORS.get(name)
        PROJECTORS[name] = fn if before is None else _both(before, fn)
        return fn

    return register


def _both(first: Projector, then: Projector) -> Projector:
    def run(sink: RowSink, keys: Iterable[str]) -> None:
        keys = list(keys)
        first(sink, keys)
        then(sink, keys)

    return run


def device_scope(device: str) -> str:
    return f"d:{device}"


def person_scope(person: str) -> str:
    return f"u:{person}"


def queue_scope(site: str, kind: str) -> str:
    return f"q:{site}:{kind}"


def site_scope(site: str) -> str:
    return f"s:{site}"


def board_scope(site: str) -> str:
    return f"b:{site}"


QUEUES: dict[Role, tuple[str, ...]] = {
    Role.PICKER: (
        "pick",
        "putaway",
        "replenish",
        "transfer",
        "putback",
        "count",
        "check",
        "return",
    ),
    Role.PACKER: ("pack", "check", "return"),
    Role.DRIVER: ("drive",),
}
DESKS = (Role.SUPERVISOR, Role.SERVICE, Role.ADMIN)


def scopes_of(device: str, site: str, person: str | None, role: Role | None) -> frozenset[str]:
    """What a session may see. Computed here only: a client cannot name a scope into being."""
    scopes = {device_scope(device)}
    if person is None or role is None:
        return frozenset(scopes)
    scopes |= {person_scope(person), site_scope(site)}
    scopes |= {queue_scope(site, kind) for kind in QUEUES.get(role, ())}
    if role in DESKS:
        scopes.add(board_scope(site))
    return frozenset(scopes)
