"""How a node listens: uvicorn with the limits that the protocol needs, the same for every command,
test and benchmark."""

import struct
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from server.web.asgi import WRITE_NOW, App

FRAME_BYTES = 524_288
"""A frame of the exchange is at most half of this; the server's own default is 16 MiB."""
LINGER_S = 5.0
"""How long a peer may take to read what is left when its socket is closed."""
SHUTDOWN_S = 3
BACKLOG = 4_096
"""A fleet that comes back at once; the kernel caps it at net.core.somaxconn."""


class SocketProtocol(WebSocketsSansIOProtocol):
    """A socket that closes although its peer has stopped reading.

    uvicorn's own waits until the peer has read everything before it even says that it closes, and
    then until it has read that, too: for ever, with all that is buffered for it.
    """

    async def run_asgi(self) -> None:
        """Offers itself to the app, which may write a message without a task that waits for it."""
        extensions: Any = self.scope.setdefault("extensions", {})
        extensions[WRITE_NOW] = self
        await super().run_asgi()

    def is_free(self) -> bool:
        """Open, and the peer has taken what was written to it, but for a little."""
        return (
            self.handshake_complete
            and self.writable.is_set()
            and not (self.close_sent or self.disconnected or self.transport.is_closing())
        )

    def write_now(self, text: bytes) -> None:
        """One text message, whole and unmasked (RFC 6455, 5.2). Only while `is_free`."""
        self.transport.write(_text_head(len(text)) + text)

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close":
            self.writable.set()
            self.loop.call_later(LINGER_S, self.transport.abort)
        await super().send(message)

    def shutdown(self) -> None:
        super().shutdown()
        self.loop.call_later(SHUTDOWN_S / 2, self.transport.abort)


def _text_head(length: int) -> bytes:
    final_text = 0x81
    if length < 126:
        return struct.pack("!BB", final_text, length)
    if length < 65_536:
        return struct.pack("!BBH", final_text, 126, length)
    return struct.pack("!BBQ", final_text, 127, length)


def configure(
    app: App, host: str, port: int, tls: tuple[Path, Path] | None = None
) -> uvicorn.Config:
    """`tls`: certificate and key. One process: the hub wakes sockets by itself.

    No deflate on sockets: it costs some 300 KB for each, and catching up can go by gzipped POST.
    No pings: the protocol's own heartbeat also tells a mute browser from a living one.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        backlog=BACKLOG,
        ws=SocketProtocol,
        ws_max_size=FRAME_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        ws_ping_timeout=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
        ssl_certfile=tls[0] if tls else None,
        ssl_keyfile=tls[1] if tls else None,
    )
