"""Who is asking: what handlers of every domain use to learn the device and the person.

`current_device` and `current_grant` are dependencies; `require` is a guard:

    @get("/orders/search", guards=[require(Role.SERVICE)])
    async def search(grant: ByGrant) -> …
"""

from collections.abc import Callable, Coroutine
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers.base import BaseRouteHandler

from server.auth import grants, sessions
from server.auth.grants import Grant
from server.auth.sessions import COOKIE, DeviceSession
from server.kernel.errors import Refusal
from server.kernel.values import Role
from server.store.store import Store, all_rows

AnyConnection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]
_SID_LENGTH = 64
_FOUND = "dockhand.grant"
"""Where a guard leaves what it found for the handler of the same request."""


def store_of(connection: AnyConnection) -> Store:
    """The composition root puts the store at `app.state.store`."""
    store: Store = connection.app.state.store
    return store


async def identify_device(connection: AnyConnection) -> DeviceSession:
    """Whose cookie it is, revoked or not. For the exchange alone, which takes a revoked device's
    operations into quarantine. Refuses `not_signed_in`."""
    store = store_of(connection)
    token = connection.cookies.get(COOKIE)
    if token is None:
        raise Refusal("not_signed_in", mend="prove the device's key, or enrol it")
    # On every request, and for a whole fleet at once: in one hop, see docs/adr/0006.
    rows = await store.read(lambda conn: all_rows(conn, sessions.statement(token)))
    session = sessions.read(rows[0] if rows else None, store.clock())
    if session is None:
        raise Refusal("not_signed_in", mend="prove the device's key, or enrol it")
    return session


async def device_of(connection: AnyConnection) -> DeviceSession:
    """Works for requests and for a websocket's handshake. Refuses `not_signed_in`, `revoked`."""
    session = await identify_device(connection)
    if session.revoked_at is not None:
        raise Refusal("revoked", mend="hand this device to a supervisor")
    return session


async def grant_of(connection: AnyConnection) -> tuple[DeviceSession, Grant]:
    """The signed-in person, from the header `x-sid` (for images the query's `sid`)."""
    scope: Any = connection.scope
    if _FOUND not in scope:
        scope[_FOUND] = await _look_up(connection)
    found: tuple[DeviceSession, Grant] = scope[_FOUND]
    return found


async def _look_up(connection: AnyConnection) -> tuple[DeviceSession, Grant]:
    session = await device_of(connection)
    sid = connection.headers.get("x-sid") or connection.query_params.get("sid") or ""
    store = store_of(connection)
    rows = await store.rows(grants.statement([sid])) if 0 < len(sid) <= _SID_LENGTH else []
    found = grants.read(rows).get(sid)
    if found is None or found.device != session.device or found.site != session.site:
        raise Refusal("not_signed_in", field="x-sid")
    if found.revoked_at is not None:
        raise Refusal("revoked", field="x-sid")
    if not found.sees(store.clock()):
        raise Refusal("not_signed_in", field="x-sid")
    return session, found


async def current_device(request: AnyRequest) -> DeviceSession:
    return await device_of(request)


async def current_grant(request: AnyRequest) -> Grant:
    return (await grant_of(request))[1]


dependencies = {"device": Provide(current_device), "grant": Provide(current_grant)}
"""For the app: a handler that takes `device: ByDevice` or `grant: ByGrant` gets it."""
ByDevice = NamedDependency[DeviceSession]
ByGrant = NamedDependency[Grant]

Guard = Callable[[AnyConnection, BaseRouteHandler], Coroutine[Any, Any, None]]


def require(*roles: Role) -> Guard:
    """A guard: a valid grant with one of these roles, before the body is even read."""
    allowed = frozenset(roles)

    async def guard(connection: AnyConnection, _handler: BaseRouteHandler) -> None:
        _, found = await grant_of(connection)
        if found.role not in allowed:
            raise Refusal("not_allowed", mend="ask a supervisor")

    return guard
