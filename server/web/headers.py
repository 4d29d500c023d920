"""Security headers on every answer, those included that the app never saw (404, 405, 413, 500)."""

from typing import Any

from server.web.asgi import App, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"
    " img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; object-src 'none';"
    " base-uri 'none'; frame-ancestors 'none'; form-action 'self';"
    " require-trusted-types-for 'script'; trusted-types dockhand"
)
# The microphone: for spoken check digits, where a person has switched them on. The serial port: the
# scale at a packing bench, where a person has chosen it.
PERMISSIONS = (
    "camera=(self), geolocation=(self), microphone=(self), accelerometer=(), autoplay=(self),"
    " bluetooth=(), display-capture=(), gyroscope=(), hid=(), magnetometer=(), midi=(),"
    " payment=(), publickey-credentials-get=(), serial=(self), usb=()"
)
ALWAYS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", PERMISSIONS.encode()),
)
HSTS = (b"strict-transport-security", b"max-age=31536000")
"""Only over TLS (RFC 6797 7.2), without subdomains: those may be somebody else's."""
POLICY = b"content-security-policy"
"""A handler may add a stricter one of its own: browsers enforce every policy they are given."""
NO_STORE = (b"cache-control", b"no-store")
"""Unless the handler says otherwise, as only that of the built app's files does."""

_STARTS = ("http.response.start", "websocket.http.response.start")
_INTERNAL_CLOSE = 1011
_FIRST_FRAMEWORK_CLOSE = 4500


def add_headers(app: App) -> App:
    """Outermost layer."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        secure = scope.get("scheme") in ("https", "wss")

        async def with_headers(message: Message) -> None:
            if message["type"] in _STARTS:
                message["headers"] = _complete(message.get("headers", ()), secure=secure)
            elif message["type"] == "websocket.close":
                _hush(message)
            await send(message)

        await app(scope, receive, with_headers)

    return wrapped


def _complete(given: Any, *, secure: bool) -> list[tuple[bytes, bytes]]:
    ours = [*ALWAYS, HSTS] if secure else list(ALWAYS)
    names = {name for name, _ in ours} - {POLICY}
    kept = [(n, v) for n, v in given if n.lower() not in names]
    if not any(n.lower() == b"cache-control" for n, _ in kept):
        ours.append(NO_STORE)
    return kept + ours


def _hush(message: Message) -> None:
    """The framework writes the text of an exception into the reason; that stays inside."""
    if message.get("code", 1000) >= _FIRST_FRAMEWORK_CLOSE:
        message["code"] = _INTERNAL_CLOSE
    if message.get("code") == _INTERNAL_CLOSE:
        message["reason"] = ""
