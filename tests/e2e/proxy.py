"""A link that fails on demand: TCP from one loopback port to another, with weather in between.

Cuts are resets, at any byte. What is held back is delivered late, as TCP would; what is swallowed
never arrives. Bytes are counted as they come from the client, so also those that a cut wasted.
"""

import asyncio
import contextlib
import math
import re
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Self, TypeVar

PIECE = 4096
BUFFER = 16 * 1024
"""Small, so that what a slow link has not carried yet waits at its sender."""
ARRIVING_S = 0.1
"""A reset throws away what the other end has not read yet: so long it has time to."""
IN_FLIGHT = 32
"""Pieces that a connection carries at a time in one direction."""
_RESET = struct.pack("ii", 1, 0)
T = TypeVar("T")


@dataclass(frozen=True)
class Weather:
    """What the link does; as made by default it only carries."""

    refuse: bool = False
    """New connections are reset at once."""
    up: bool = True
    """Whether bytes from the client get through now; else they wait."""
    down: bool = True
    swallow: bool = False
    """Bytes from the server are lost."""
    delay_s: float = 0
    bytes_per_s: float = math.inf
    """In each direction, all connections together."""


FINE = Weather()
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Requests:
    """The requests on one connection as they pass by, to see where their bodies end."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._left = 0
        self._start = b""

    def ended(self, data: bytes) -> bytes | None:
        """How the request began whose last byte `data` brings, if there is one."""
        if not self._left:
            self._head += data
            head, found, body = bytes(self._head).partition(b"\r\n\r\n")
            if not found:
                return None
            length = _LENGTH.search(head)
            self._start, self._left = head[:64], int(length[1]) if length else 0
            self._head.clear()
            data = body
        self._left = max(0, self._left - len(data))
        return None if self._left else self._start


@dataclass(frozen=True)
class Piece:
    data: bytes
    due: float
    """When it arrives."""
    cut: bool
    """Whether every connection is reset behind it."""
    last: bool = False
    """Whether a request ends with it that `cut_after` waits for."""


@dataclass(eq=False)
class Connection:
    client: socket.socket
    server: socket.socket
    task: asyncio.Task[None] | None = None
    mute: bool = False

    def reset(self) -> None:
        for sock in (self.client, self.server):
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            sock.close()


class Proxy:
    """Listens on `port` from `start` to `stop`; `server_port` may be set and changed meanwhile.

    All methods are for the test's own thread; each has taken effect when it returns.
    """

    def __init__(self) -> None:
        self.server_port = 0
        self.sent = 0
        """Bytes that clients have put on the link, wasted ones too."""
        self.received = 0
        """Bytes from the server that clients were given."""
        self._weather = FINE
        self._cuts: list[int] = []
        self._cut_after = b""
        self.cut_ends = 0
        """How many requests were cut off from their answer by `cut_after`."""
        self._connections: set[Connection] = set()
        self._free_at = [0.0, 0.0]
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._listener.setblocking(False)
        self._accepting: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def start(self) -> Self:
        self._thread.start()
        self._in_loop(self._begin)
        return self

    def stop(self) -> None:
        self._in_loop(self._end)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def set(self, weather: Weather) -> None:
        async def change() -> None:
            self._weather = weather
            self._wake()

        self._in_loop(change)

    def cut(self) -> None:
        """Reset every connection that is open now."""
        self._in_loop(self._cut)

    def mute(self) -> None:
        """What is open now stays open and never carries another byte: a half-open link."""

        async def silence() -> None:
            for connection in self._connections:
                connection.mute = True

        self._in_loop(silence)

    def cut_at(self, marks: Iterable[int]) -> None:
        """Reset every connection when `sent` reaches each of `marks`, to the byte."""
        self._cuts = sorted(marks)

    def cut_after(self, start: bytes) -> None:
        """From now on reset each connection as soon as a request that begins with `start` has
        passed whole, before its answer; empty for none."""
        self._cut_after = start

    @property
    def cuts_left(self) -> int:
        return len(self._cuts)

    def _in_loop(self, act: Callable[[], Awaitable[T]]) -> T:
        async def run() -> T:
            return await act()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    async def _begin(self) -> None:
        self._accepting = asyncio.create_task(self._accept())

    async def _end(self) -> None:
        if self._accepting is not None:
            self._accepting.cancel()
        tasks = [c.task for c in self._connections if c.task is not None]
        await self._cut()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._listener.close()

    async def _cut(self) -> None:
        for connection in self._connections:
            if connection.task is not None:
                connection.task.cancel()
        await asyncio.sleep(0)

    def _wake(self) -> None:
        """Everybody who waits for better weather looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def _accept(self) -> None:
        while True:
            client, _ = await self._loop.sock_accept(self._listener)
            if self._weather.refuse:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                client.close()
                continue
            client.setblocking(False)
            server = socket.socket()
            server.setblocking(False)
            connection = Connection(client, server)
            connection.task = asyncio.create_task(self._serve(connection))
            self._connections.add(connection)

    async def _serve(self, connection: Connection) -> None:
        tasks: list[asyncio.Task[None]] = []
        try:
            await self._loop.sock_connect(connection.server, ("127.0.0.1", self.server_port))
            tasks = [asyncio.create_task(self._carry(connection, way)) for way in (0, 1)]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass
        finally:
            for task in tasks:
                task.cancel()
            connection.reset()
            self._connections.discard(connection)

    async def _carry(self, connection: Connection, way: int) -> None:
        """`way`: 0 from client to server, 1 back."""
        source = (connection.client, connection.server)[way]
        on_the_way: asyncio.Queue[Piece | None] = asyncio.Queue(IN_FLIGHT)
        arriving = asyncio.create_task(self._arrive(connection, way, on_the_way))
        requests = Requests()
        cut = False
        try:
            with contextlib.suppress(OSError):
                while not cut and (data := await self._loop.sock_recv(source, PIECE)):
                    data, cut = self._count(data) if way == 0 else (data, False)
                    last = way == 0 and self._is_waited_for(requests.ended(data))
                    await self._pass(connection, way, len(data))
                    due = self._loop.time() + self._weather.delay_s
                    await on_the_way.put(Piece(data, due, cut, last))
            await on_the_way.put(None)
            await arriving
        finally:
            arriving.cancel()

    async def _arrive(
        self, connection: Connection, way: int, on_the_way: "asyncio.Queue[Piece | None]"
    ) -> None:
        """A long link holds many pieces at a time: each comes late, none waits for another."""
        target = (connection.client, connection.server)[1 - way]
        with contextlib.suppress(OSError):
            while piece := await on_the_way.get():
                await asyncio.sleep(max(0, piece.due - self._loop.time()))
                if way == 0 or not self._weather.swallow:
                    await self._loop.sock_sendall(target, piece.data)
                    self.received += len(piece.data) if way else 0
                if piece.last:
                    self.cut_ends += 1
                    connection.mute = True
                    await asyncio.sleep(ARRIVING_S)
                if piece.cut or piece.last:
                    await self._cut()

    def _is_waited_for(self, ended: bytes | None) -> bool:
        return bool(ended and self._cut_after) and (ended or b"").startswith(self._cut_after)

    def _count(self, data: bytes) -> tuple[bytes, bool]:
        """As much of `data` as comes before the next cut, and whether that is now."""
        if not self._cuts or self.sent + len(data) < self._cuts[0]:
            self.sent += len(data)
            return data, False
        before = max(0, self._cuts.pop(0) - self.sent)
        self.sent += len(data)
        return data[:before], True

    async def _pass(self, connection: Connection, way: int, size: int) -> None:
        while connection.mute or not (self._weather.down if way else self._weather.up):
            await self._changed.wait()
        now = self._loop.time()
        self._free_at[way] = max(now, self._free_at[way]) + size / self._weather.bytes_per_s
        if self._free_at[way] > now:
            await asyncio.sleep(self._free_at[way] - now)
