"""A websocket that does only what it is told: it neither reads nor answers by itself."""

import json
import socket
import time
from typing import Any

from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.uri import parse_uri

from tests.serving import WireDevice

SMALL_WINDOW = 4_096


class RawSocket:
    """Connected and placed; from then on it hears nothing unless `heard` is called."""

    def __init__(self, owner: WireDevice) -> None:
        server = owner.server
        self.tcp = socket.socket()
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW)
        self.tcp.connect(("127.0.0.1", server.port))
        self._protocol = ClientProtocol(
            parse_uri(f"{server.base.replace('http', 'ws')}/sync"), max_size=None
        )
        request = self._protocol.connect()
        headers = {"cookie": owner.cookie, "origin": server.base}
        request = Request(request.path, Headers([*request.headers.raw_items(), *headers.items()]))
        self._protocol.send_request(request)
        self._flush()
        while self._protocol.state is State.CONNECTING:
            self.heard(5)
        while self._ask(owner)["more"]:
            pass

    def _ask(self, owner: WireDevice) -> dict[str, Any]:
        self.say({"t": "ask", "id": 1, "frame": owner.frame()})
        while True:
            for message in self.heard(5):
                if message["t"] == "answer":
                    owner.apply(message["answer"])
                    return dict(message["answer"])

    @property
    def port(self) -> int:
        return int(self.tcp.getsockname()[1])

    def say(self, message: dict[str, Any]) -> None:
        self._protocol.send_text(json.dumps(message).encode())
        self._flush()

    def heard(self, seconds: float) -> list[dict[str, Any]]:
        """What came in one read of at most `seconds`; `{"t": "close", "code": …}` at the end."""
        self.tcp.settimeout(seconds)
        try:
            data = self.tcp.recv(1 << 20)
        except TimeoutError:
            return []
        except ConnectionResetError:
            data = b""
        if not data:
            return [{"t": "close", "code": 1006}]
        self._protocol.receive_data(data)
        self._flush()
        return [m for event in self._protocol.events_received() if (m := _message(event))]

    def closed_after(self, seconds: float) -> tuple[float, int]:
        """Seconds until it is closed, and the code; reads all the while."""
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            for message in self.heard(0.5):
                if message["t"] == "close":
                    return time.monotonic() - started, message["code"]
        raise TimeoutError(f"still open after {seconds} s")

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self.tcp.sendall(data)


def _message(event: object) -> dict[str, Any] | None:
    if not isinstance(event, Frame):
        return None
    if event.opcode is Opcode.CLOSE:
        return {"t": "close", "code": int.from_bytes(bytes(event.data[:2]))}
    return dict(json.loads(bytes(event.data))) if event.opcode is Opcode.TEXT else None
