"""One request, one answer: what both transports call (sync.md, "The one exchange")."""

import functools
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from server.kernel.build import is_newer
from server.kernel.errors import ProtocolError, Unavailable
from server.kernel.feeds import device_scope
from server.kernel.ops import Envelope, is_known
from server.kernel.wire import Answer, Frame, Restart
from server.store import feed
from server.store import tables as t
from server.store.dispatch import TRIES, HandlerFailed, hold, note_failure, take
from server.store.feed import Cursor, Page
from server.store.prepared import INFRASTRUCTURE
from server.store.store import Store
from server.store.tx import RowsNotMade, Tx
from server.sync import caller, gaps
from server.sync.caller import Caller, Session, look_up


@dataclass(frozen=True, slots=True)
class Pushed:
    """`last`: up to which number the device's operations are taken; `moved`: some were new;
    `session`: who sees what follows, None for a revoked device; `versions`: of the commit, by site,
    once there is one."""

    last: int
    moved: bool
    session: Session | None
    versions: Mapping[str, int]


Recall = Callable[[Pushed, Mapping[str, str]], Answer | None]
"""What a caller with these cursors has not seen, from memory; None where that does not reach."""
Admit = Callable[[], AbstractAsyncContextManager[None]]


def _recall_nothing(_pushed: Pushed, _cur: Mapping[str, str]) -> None:
    return None


async def exchange(
    store: Store,
    device: str,
    frame: Frame,
    admit: Admit = nullcontext,
    recall: Recall = _recall_nothing,
) -> tuple[Answer | Restart, Session]:
    """Take the frame's operations, then answer with everything its cursors have not seen.

    `device` is who the transport proved the caller to be; `admit` may let the reading wait, never
    the operations. Raises ProtocolError, Unavailable.
    """
    if frame.dev != device:
        raise ProtocolError("wrong_device", 403)
    if frame.epoch and frame.epoch != store.epoch:
        return await _restart(store, device), Session(device, "", frozenset(), None)
    pushed = await _push(store, device, frame) if frame.ops else None
    if pushed and pushed.moved and pushed.session and (known := recall(pushed, frame.cur)):
        return known, pushed.session
    async with admit():
        try:
            return await store.read(lambda conn: _answer(conn, store, device, frame))
        except INFRASTRUCTURE as trouble:
            raise Unavailable(str(trouble.orig)) from trouble


def _answer(conn: sa.Connection, store: Store, device: str, frame: Frame) -> tuple[Answer, Session]:
    session = look_up(conn, device, frame.sid, store.clock())
    return pull(conn, store, session, frame.cur), session


async def _push(store: Store, device: str, frame: Frame) -> Pushed | None:
    try:
        return await store.run(lambda tx: push(tx, device, frame))
    except RowsNotMade:
        await _push_one_by_one(store, device, frame)
        return None


async def _push_one_by_one(store: Store, device: str, frame: Frame) -> None:
    """Of one operation no rows can be made: find it, and count that against it alone."""
    for e in frame.ops:
        alone = msgspec.structs.replace(frame, ops=[e])
        try:
            await store.run(functools.partial(push, device_id=device, frame=alone))
        except RowsNotMade as broken:
            note = functools.partial(note_failure, device=device, n=e.n, error=str(broken))
            await store.run(note)
            return


def push(tx: Tx, device_id: str, frame: Frame) -> Pushed:
    """Apply what is new, in order, and move `last_n`."""
    named = [e.sid for e in frame.ops if e.sid]
    sid = frame.sid or (named[0] if named else None)
    device = caller.lock(tx, device_id, sid, named)
    _check_repeats(tx, device_id, [e for e in frame.ops if e.n <= device.last_n])
    last, at = device.last_n, device.last_at
    for e in (e for e in frame.ops if e.n > device.last_n):
        if e.n != last + 1:
            _look_at_gap(tx, device, frame, last + 1, e)
            break
        if _is_from_a_later_build(e, frame, first=e.n == device.last_n + 1):
            break
        at = estimate(e.at, frame.now, tx.now, at)
        if not _take_one(tx, device, e, at):
            break
        last = e.n
    moved = last > device.last_n
    if moved:
        caller.move(tx, device_id, last, at)
        tx.put(device.site, device_scope(device_id), "done", "", last)
    return Pushed(last, moved, device.session(frame.sid, tx.now), tx.versions)


def _look_at_gap(tx: Tx, device: Caller, frame: Frame, due: int, e: Envelope) -> None:
    """What this node has seen and left for later (its handler broke, it is of a later build) is not
    missing: the device sends on while it reads on, and comes back to it."""
    if due not in device.failed and not is_newer(frame.app):
        gaps.tell(tx, device.site, device.device, due, e)


def _is_from_a_later_build(e: Envelope, frame: Frame, *, first: bool) -> bool:
    """Its handheld was upgraded before this node: not refused but kept for later, or for another
    node. What stands before it in the frame is taken. Raises Unavailable if nothing does."""
    if is_known(e.k, e.v) or not is_newer(frame.app):
        return False
    if first:
        raise Unavailable(f"{e.k}.v{e.v} needs build {frame.app}")
    return True


def estimate(at: int, device_now: int, server_now: int, before: int) -> int:
    """When it happened on the server's clock: never later than now, never before the device's
    previous operation, whatever the device's clock says."""
    return max(before, min(server_now, server_now - (device_now - at)))


def _check_repeats(tx: Tx, device: str, repeats: list[Envelope]) -> None:
    if not repeats:
        return
    found = sa.select(t.op.c.n, t.op.c.hash).where(
        t.op.c.device == device, t.op.c.n.in_([e.n for e in repeats])
    )
    stored = {r.n: r.hash for r in tx.conn.execute(found)}
    for e in repeats:
        if e.n in stored and stored[e.n] != e.digest():
            raise ProtocolError("fork", 409, n=e.n)


def _take_one(tx: Tx, device: Caller, e: Envelope, at: int) -> bool:
    """False when the handler broke: the batch stops here and the device sends again."""
    who = device.who(e.sid, at)
    if device.failed.get(e.n, 0) >= TRIES - 1:
        hold(tx, device.site, device.device, e, who, at)
        return True
    try:
        take(tx, device.site, device.device, e, who, at)
    except HandlerFailed as broken:
        note_failure(tx, device.device, e.n, str(broken))
        return False
    return True


async def _restart(store: Store, device: str) -> Restart:
    row = await store.one(sa.select(t.device.c.last_n).where(t.device.c.id == device))
    if row is None:
        raise ProtocolError("wrong_device", 403)
    return Restart(epoch=store.epoch, last_n=int(row["last_n"]), now=store.clock())


def pull(conn: sa.Connection, store: Store, session: Session, cur: Mapping[str, str]) -> Answer:
    held = {s: Cursor.parse(c) for s, c in cur.items() if s in session.scopes}
    reset = feed.expired(held, _floors(conn, session.site, held))
    for scope in reset:
        del held[scope]
    bases = {s: held[s].pos if s in held else 0 for s in session.scopes}
    found = feed.read_page(conn, session.site, bases)
    page = feed.build_page(found, session.scopes, held, reset)
    top = int(found[0][0]) if found else 0
    if any(c.pos > top for c in held.values()):
        store.rewound[session.device] = store.clock()
        raise ProtocolError("rewound", 409)
    return as_answer(store, page)


def as_answer(store: Store, page: Page) -> Answer:
    return Answer(
        epoch=store.epoch,
        now=store.clock(),
        rows=page.rows,
        cur={s: str(c) for s, c in page.cursors.items()},
        reset=page.reset,
        more=page.more,
    )


def _floors(conn: sa.Connection, site: str, held: Mapping[str, Cursor]) -> dict[str, int]:
    if not held:
        return {}
    found = conn.execute(_FLOORS, {"site": site, "scopes": sorted(held)})
    return {r.scope: int(r.ver) for r in found}


_FLOORS = sa.select(t.scope_floor.c.scope, t.scope_floor.c.ver).where(
    t.scope_floor.c.site == sa.bindparam("site"),
    t.scope_floor.c.scope.in_(sa.bindparam("scopes", expanding=True)),
)
