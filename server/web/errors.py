"""Every exception becomes one shape with a code; its text stays inside.

{"error": {"code": "wait", "field": "…", "value": …, "mend": "…", "data": {"seconds": 30}}}
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from server.kernel.errors import CODES, ProtocolError, Refusal, Unavailable
from server.web.asgi import App, Message, Receive, Scope, Send

STATUS = {
    "not_signed_in": 401,
    "bad_sign_in": 401,
    "bad_code": 401,
    "bad_signature": 401,
    "not_allowed": 403,
    "wrong_device": 403,
    "foreign_origin": 403,
    "revoked": 403,
    "not_found": 404,
    "sign_link_gone": 404,
    "already_done": 409,
    "stale": 409,
    "fork": 409,
    "rewound": 409,
    "badge_taken": 409,
    "bad_pin": 409,
    "too_large": 413,
    "too_old": 426,
    "wait": 429,
    "bad_hash": 460,
    "internal": 500,
    "busy": 503,
}
"""What is not here is 400."""
_CODE_OF_STATUS = {
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "not_found",
    413: "too_large",
    429: "wait",
    503: "busy",
}
_TROUBLE = (Unavailable, OperationalError, InterfaceError, InternalError, PoolTimeout)
_TOP = ("field", "value", "mend")
_LONGEST = 200
_RETRY_SECONDS = 1

log = structlog.get_logger("web")


def error_body(code: str, data: Mapping[str, Any]) -> bytes:
    error: dict[str, Any] = {"code": code if code in CODES else "internal"}
    error |= {name: _short(data[name]) for name in _TOP if name in data}
    rest = {name: value for name, value in data.items() if name not in _TOP}
    if rest:
        error["data"] = rest
    return msgspec.json.encode({"error": error})


def _short(value: Any) -> Any:
    """A value as it may be echoed: bounded, and encodable whatever was typed."""
    if not isinstance(value, str):
        return value
    return value[:_LONGEST].encode(errors="replace").decode()


def error_response(
    code: str, data: Mapping[str, Any] | None = None, status: int | None = None
) -> Response[bytes]:
    data = data or {}
    headers = {}
    if code in ("wait", "busy"):
        headers["retry-after"] = str(data.get("seconds", _RETRY_SECONDS))
    if code == "wrong_offset":
        headers["connection"] = "close"  # the rest of these bytes need not be sent
    return Response(
        error_body(code, data),
        status_code=status or STATUS.get(code, 400),
        media_type=MediaType.JSON,
        headers=headers,
    )


def answer(error: BaseException) -> Response[bytes]:
    """The answer to any exception whatever."""
    match error:
        case Refusal():
            return error_response(error.code, error.data)
        case ProtocolError():
            return error_response(error.code, error.data, error.http_status)
        case _ if isinstance(error, _TROUBLE):
            return error_response("busy")
        case ValidationException():
            return error_response("malformed", _first_fault(error))
        case HTTPException():
            return _http(error)
        case _ if is_bad_input(error):
            return error_response("malformed")
        case _:
            return error_response("internal")


def _first_fault(error: ValidationException) -> dict[str, Any]:
    """Where, and what the schema wants there. Values are not repeated: one may be a PIN."""
    faults = error.extra if isinstance(error.extra, list) else []
    if not faults or not isinstance(faults[0], dict):
        return {}
    named = {"field": faults[0].get("key"), "mend": faults[0].get("message")}
    return {name: text for name, text in named.items() if text}


def _http(error: HTTPException) -> Response[bytes]:
    status = error.status_code
    if status >= 500 and is_bad_input(error):
        return error_response("malformed")
    code = _CODE_OF_STATUS.get(status, "malformed" if status < 500 else "internal")
    made = error_response(code, status=status)
    allow = {k.lower(): v for k, v in (error.headers or {}).items()}.get("allow")
    if allow:
        made.headers["allow"] = allow
    return made


_BAD_INPUT = (
    RecursionError,
    UnicodeError,
    OverflowError,
    SerializationException,
    msgspec.MsgspecError,
)


def is_bad_input(error: BaseException | None) -> bool:
    """Nested too deep, not the text it claims to be, a number beyond all bounds: the sender's."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, _BAD_INPUT):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    made = answer(error)
    _note(made, error, request.url.path)
    return made


def _note(made: Response[bytes], error: BaseException, path: str) -> None:
    if (made.status_code or 500) >= 500:
        kind = type(error).__name__
        bug = not isinstance(error, _TROUBLE)  # whose text may quote a statement's values
        log.error("failed", path=path[:_LONGEST], kind=kind, exc_info=error if bug else None)


exception_handlers: ExceptionHandlersMap = {Exception: handle}


def catch(app: App) -> App:
    """For what fails outside the framework's own net: routing, parsing of the request line."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] in ("http.response.start", "websocket.accept")
            await send(message)

        try:
            await app(scope, receive, watched)
        except Exception as error:
            if started or scope["type"] == "lifespan":
                raise
            made = answer(error)
            _note(made, error, scope["path"])
            await _send(scope, send, made)

    return wrapped


async def refuse(scope: Scope, receive: Receive, send: Send, why: str, **data: Any) -> None:
    """Answer before the app is asked; a handshake is refused as an HTTP answer where it can be."""
    if scope["type"] == "websocket":
        await receive()
    await _send(scope, send, error_response(why, data))


async def _send(scope: Scope, send: Send, made: Response[bytes]) -> None:
    prefix = "http" if scope["type"] == "http" else "websocket.http"
    if scope["type"] == "websocket" and "websocket.http.response" not in (
        scope.get("extensions") or {}
    ):
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    headers = [(b"content-type", b"application/json")]
    headers += [(k.encode(), v.encode()) for k, v in made.headers.items()]
    headers.append((b"content-length", str(len(made.content)).encode()))
    start = {"type": f"{prefix}.response.start", "status": made.status_code, "headers": headers}
    body = b"" if scope.get("method") == "HEAD" else made.content
    await send(start)
    await send({"type": f"{prefix}.response.body", "body": body, "more_body": False})
