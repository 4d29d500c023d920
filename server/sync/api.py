"""Both transports of the exchange: `POST /sync`, which always works, and `WS /sync`."""

import asyncio
import contextlib
import gzip
import math
import time
from contextlib import nullcontext
from typing import Any, Literal

import msgspec
from litestar import Request, Response, WebSocket, post, websocket
from litestar.exceptions import WebSocketDisconnect

from server.auth.access import device_of, identify_device, store_of
from server.auth.live import Close, Live
from server.kernel.errors import ProtocolError, Refusal, Unavailable
from server.kernel.wire import Beat, Frame
from server.store.store import Store
from server.sync.admission import Admission
from server.sync.caller import Session
from server.sync.exchange import Admit, exchange
from server.sync.hub import Hub, Line, Position
from server.sync.presence import Presence
from server.web.asgi import OWN_COMPRESSION, WRITE_NOW

BEAT_S = 10
SILENCE_S = 15
MESSAGES_PER_S = 200
FRAME_LIMIT = 256 * 1024
SEND_S = 10
"""A peer that has not taken a message by then has stopped reading."""
CLOSE_S = 2
TRY_AGAIN_LATER = 1013
POLICY = 1008

GZIP_LEVEL = 4
"""A page of 500 rows takes 1.2 ms. Level 2 takes 0.8 ms and is a tenth larger, level 6 takes 1.7 ms
and is a twentieth smaller: a fleet that comes back at once pays for it, one device does not."""
SMALL = 1_000

_encode = msgspec.json.Encoder().encode


@post("/sync", status_code=200, opt={OWN_COMPRESSION: True})
async def sync(request: Request[Any, Any, Any]) -> Response[bytes]:
    """One exchange. The frame is read here and not by the framework, so that one bad operation
    cannot refuse the rest of the batch."""
    device = await identify_device(request)
    frame = read_frame(await request.body())
    admission: Admission = request.app.state.admission
    hub: Hub = request.app.state.hub
    answer, _ = await exchange(
        store_of(request), device.device, frame, admission.catching_up, hub.recall
    )
    body = _encode(answer)
    headers = {"vary": "accept-encoding"}
    if len(body) > SMALL and "gzip" in request.headers.get("accept-encoding", ""):
        body = await asyncio.to_thread(gzip.compress, body, GZIP_LEVEL)
        headers["content-encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)


def read_frame(body: bytes) -> Frame:
    try:
        return msgspec.json.decode(body, type=Frame)
    except msgspec.ValidationError as error:
        raise Refusal("malformed", field=_field(str(error)), detail=str(error)[:200]) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Refusal("malformed", field="frame", mend="send one JSON object") from error


def _field(text: str) -> str:
    """`$.ops[0].n` out of msgspec's sentence."""
    _, _, path = text.partition("`$")
    return path.partition("`")[0].lstrip(".") or "frame"


class Message(msgspec.Struct):
    t: Literal["ask", "beat"]
    id: int = 0
    frame: msgspec.Raw = msgspec.Raw(b"")
    unsent: int = 0
    oldest: int | None = None
    battery: float | None = None
    lat_e7: int | None = None
    lon_e7: int | None = None


@websocket("/sync")
async def live_sync(socket: WebSocket[Any, Any, Any]) -> None:
    """Authenticated at the handshake by the device's cookie; revocation closes it later."""
    try:
        device = await device_of(socket)
    except Refusal:
        await socket.close(code=POLICY, reason="not_signed_in")
        return
    await socket.accept()
    await _Conversation(socket, device.device, device.site).run()


class _Conversation:
    """One socket from accept to close."""

    def __init__(self, socket: WebSocket[Any, Any, Any], device: str, site: str) -> None:
        state = socket.app.state
        self._store: Store = state.store
        self._hub: Hub = state.hub
        self._live: Live = state.live
        self._presence: Presence = state.presence
        self._admission: Admission = state.admission
        self._socket = socket
        self._sending = asyncio.Lock()
        self._send_began = 0.0
        self._heard_at = time.monotonic()
        offered: Any = socket.scope.get("extensions") or {}
        line: Line | None = offered.get(WRITE_NOW)
        self._position = Position(Session(device, site, frozenset(), None), self._send, line)
        self._device = device
        self._site = site
        self._placed = False
        self._close_code = TRY_AGAIN_LATER

    async def run(self) -> None:
        tasks = [
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._hub.follow(self._position)),
            asyncio.create_task(self._beat()),
        ]
        loop = asyncio.get_running_loop()
        self._entry = self._live.connected(self._device, self._revoking(loop, tasks[0]))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._hub.left(self._position)
            self._live.left(self._entry)
            self._presence.left(self._site, self._device)
            with contextlib.suppress(Exception):
                async with asyncio.timeout(CLOSE_S):
                    await self._socket.close(code=self._close_code)

    def _revoking(self, loop: asyncio.AbstractEventLoop, listening: "asyncio.Task[None]") -> Close:
        def close() -> None:
            self._close_code = POLICY
            loop.call_soon(listening.cancel)

        return close

    async def _listen(self) -> None:
        budget, since = MESSAGES_PER_S, time.monotonic()
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                text = await self._socket.receive_data(mode="text")
                now = time.monotonic()
                budget = min(MESSAGES_PER_S, budget + int((now - since) * MESSAGES_PER_S)) - 1
                since = now
                if budget < 0:
                    await self._socket.close(code=POLICY, reason="too_fast")
                    return
                self._heard_at = math.inf  # while it is answered, nobody listens
                await self._take(text)
                self._heard_at = time.monotonic()

    async def _take(self, text: str | bytes) -> None:
        try:
            message = msgspec.json.decode(text, type=Message)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            await self._send({"t": "answer", "id": 0, "status": 400, "error": _error("malformed")})
            return
        if message.t == "beat":
            self._hear(message)
        else:
            await self._answer(message)

    def _hear(self, m: Message) -> None:
        with contextlib.suppress(msgspec.ValidationError):
            beat = msgspec.convert({f: getattr(m, f) for f in Beat.__struct_fields__}, Beat)
            person = self._position.session.person
            self._presence.heard(self._site, self._device, person, beat)

    async def _answer(self, m: Message) -> None:
        self._position.ready = False
        reply: dict[str, Any] = {"t": "answer", "id": m.id}
        await self._hub.tail_of(self._site)  # before the answer, that nothing falls in between
        try:
            frame = read_frame(bytes(m.frame))
            answer, session = await exchange(
                self._store, self._device, frame, self._admit(frame), self._hub.recall
            )
        except Refusal as error:
            await self._send(reply | {"status": 400, "error": _error(error.code, error.data)})
        except ProtocolError as error:
            body = _error(error.code, error.data)
            await self._send(reply | {"status": error.http_status, "error": body})
        except Unavailable:
            await self._send(reply | {"status": 503, "error": _error("busy")})
        else:
            await self._send(reply | {"status": 200, "answer": answer})
            if not getattr(answer, "restart", False):
                self._entry.sid = frame.sid if session.person else None
                self._presence.came(self._site, self._device, session.person)
                if not answer.more:  # type: ignore[union-attr]
                    self._hub.placed(self._position, session, answer.cur)  # type: ignore[union-attr]
                    self._placed = True

    def _admit(self, frame: Frame) -> Admit:
        """Who was told everything a moment ago and brings work is live: its answer is small."""
        return nullcontext if self._placed and frame.ops else self._admission.catching_up

    async def _send(self, message: Any) -> None:
        text = _encode(message).decode()
        async with self._sending:
            self._send_began = time.monotonic()
            await self._socket.send({"type": "websocket.send", "bytes": None, "text": text})

    async def _beat(self) -> None:
        """Until the device has been silent, or has not taken a message, for too long."""
        while (left := self._heard_at + SILENCE_S - time.monotonic()) > 0:
            if not self._sending.locked():
                async with asyncio.timeout(SEND_S):
                    await self._send({"t": "beat", "now": self._store.clock()})
            elif time.monotonic() - self._send_began > SEND_S:
                return
            await asyncio.sleep(min(BEAT_S / 2, left))


def _error(code: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
    known = {k: v for k, v in (data or {}).items() if k in ("field", "value", "mend", "detail")}
    return {"code": code, **known}
