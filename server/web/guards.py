"""Only our own pages may make changes or open sockets here.

The cookie is SameSite=Strict; this stands beside it, and does not depend on the cookie. A form or
an image of another page can send neither the header `x-dockhand` nor a body of type JSON without
being asked by the browser for permission, which nobody here grants.

A page without script can send neither. Its forms are taken below their own paths only, where no
cookie counts and whoever asks must know a secret of the address; the Origin is checked all the
same.
"""

from collections.abc import Collection, Iterable

from server.web.asgi import App, Receive, Scope, Send
from server.web.errors import refuse

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON = "application/json"
BYTES = "application/offset+octet-stream"
FORM = "application/x-www-form-urlencoded"


def origin_allowed(origin: str | None, host: str | None, allowed: Collection[str]) -> bool:
    """Is it exactly one of ours, and the one that was asked? A browser always sends an Origin with
    a handshake and with a POST; absent and `null` are refused alike."""
    if origin is None or origin not in allowed:
        return False
    return host is None or origin.partition("://")[2] == host.lower()


def foreign_field(
    headers: Iterable[tuple[bytes, bytes]], types: Collection[str], allowed: Collection[str]
) -> str | None:
    """The header by which an unsafe request shows that it was not made by one of our pages."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    if not _own_origin(found, allowed):
        return "origin"
    if found.get("sec-fetch-site", ["same-origin"]) != ["same-origin"]:
        return "sec-fetch-site"
    if FORM not in types and found.get("x-dockhand") != ["1"]:
        return "x-dockhand"
    content_types = [t.partition(";")[0].strip().lower() for t in found.get("content-type", [])]
    return None if len(content_types) == 1 and content_types[0] in types else "content-type"


def _own_origin(headers: dict[str, list[str]], allowed: Collection[str]) -> bool:
    origins = headers.get("origin", [])
    host = headers.get("host", [None])[0]
    return len(origins) == 1 and origin_allowed(origins[0], host, allowed)


def guard_origins(
    app: App,
    allowed: Collection[str],
    byte_paths: tuple[str, ...],
    form_paths: tuple[str, ...] = (),
) -> App:
    """Refuse 403 `foreign_origin`, known path or not, before anything of the app runs."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        field = None
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            types = _types(scope["path"], byte_paths, form_paths)
            field = foreign_field(scope["headers"], types, allowed)
        elif scope["type"] == "websocket":
            field = _foreign_handshake(scope, allowed)
        if field is None:
            await app(scope, receive, send)
        else:
            await refuse(scope, receive, send, "foreign_origin", field=field)

    return wrapped


def _types(path: str, byte_paths: tuple[str, ...], form_paths: tuple[str, ...]) -> tuple[str, ...]:
    if _below(path, form_paths):
        return (FORM,)
    return (JSON, BYTES) if _below(path, byte_paths) else (JSON,)


def _foreign_handshake(scope: Scope, allowed: Collection[str]) -> str | None:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return None if _own_origin(found, allowed) else "origin"


def _below(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == f or path.startswith(f"{f}/") for f in folders)
