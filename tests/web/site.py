"""An app with one handler of every kind, inside the envelope, over ASGI or on a real port."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import msgspec
import uvicorn
from litestar import Litestar, Request, Router, WebSocket, delete, get, patch, post, put, websocket
from litestar.exceptions import ServiceUnavailableException
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from server.kernel.errors import ProtocolError, Refusal, Unavailable
from server.web import JSON_LIMIT, WebSettings, exception_handlers, local_origins, wrap
from server.web.asgi import App

PORT = 8000
ORIGIN = f"http://localhost:{PORT}"
HEADERS = {"origin": ORIGIN, "x-dockhand": "1", "content-type": "application/json"}
INSIDE = "postgresql://dockhand:hunter2@db/live"


class Item(msgspec.Struct, forbid_unknown_fields=True):
    sku: Annotated[str, Meta(max_length=20)]
    qty: Annotated[int, Meta(ge=0, le=100)] = 0
    more: Any = None


@get("/ok", sync_to_thread=False)
def ok() -> dict[str, bool]:
    return {"ok": True}


@get("/asset", sync_to_thread=False, response_headers={"cache-control": "public, immutable"})
def asset() -> bytes:
    return b"x"


@post("/items", status_code=200, sync_to_thread=False)
def items(data: JSONBody[Item]) -> Item:
    return data


@put("/items/{sku:str}", sync_to_thread=False)
def put_item(sku: FromPath[str]) -> str:
    return sku


@delete("/items/{sku:str}", status_code=200, sync_to_thread=False)
def delete_item(sku: FromPath[str]) -> str:
    return sku


@patch("/blobs/{sha:str}", status_code=200, request_max_body_size=1_000_000)
async def blob(request: Request[Any, Any, Any], sha: FromPath[str]) -> str:
    return f"{sha} {len(await request.body())}"


@get("/fail/{how:str}", sync_to_thread=False)
def fail(how: FromPath[str]) -> None:
    raise {
        "bug": RuntimeError(INSIDE),
        "refusal": Refusal("stale", field="task", value="x" * 5_000 + "\ud800", expects=4),
        "busy": Unavailable(INSIDE),
        "framework": ServiceUnavailableException(detail=INSIDE),
        "protocol": ProtocolError("fork", 409, n=3),
        "deep": RecursionError(INSIDE),
    }[how]


@websocket("/socket")
async def echo(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    text = await socket.receive_text()
    if text == "fail":
        raise ServiceUnavailableException(detail=INSIDE)
    await socket.send_text(text)
    await socket.close()


def make_app(origins: frozenset[str] = local_origins(PORT)) -> App:
    handlers: list[Any] = [ok, asset, items, put_item, delete_item, blob, fail, echo]
    app = Litestar(
        [Router("/", route_handlers=handlers)],
        exception_handlers=exception_handlers,
        request_max_body_size=JSON_LIMIT,
        openapi_config=None,
    )
    return wrap(app, WebSettings(origins))


def client(app: App | None = None, origin: str = ORIGIN) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app or make_app())
    return httpx.AsyncClient(transport=transport, base_url=origin)


@contextlib.asynccontextmanager
async def served() -> AsyncIterator[int]:
    """The same app under uvicorn on a free port of loopback."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = int(listening.getsockname()[1])
        app: Any = make_app(local_origins(port))
        config = uvicorn.Config(app, log_level="error", ws="websockets-sansio", lifespan="off")
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield port
        server.should_exit = True
        await running
