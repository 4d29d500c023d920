"""Devices and sockets that speak the wire to a running server."""

import json
import time
from typing import Any

from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from server.floor.ops import TakeTask
from server.picking.ops import ConfirmPick
from server.store.store import Store
from tests.floor_site import Handheld
from tests.serving import Server, WireDevice, cookie_for


def device(store: Store, server: Server, who: str, name: str = "") -> WireDevice:
    handheld = Handheld(store, who, name)
    return WireDevice(server, handheld, cookie_for(store, handheld.id))


class Socket:
    def __init__(self, owner: WireDevice) -> None:
        self.owner = owner
        self.socket: ClientConnection = connect(
            owner.server.base.replace("http", "ws") + "/sync",
            additional_headers={"cookie": owner.cookie},
            origin=Origin(owner.server.base),
            legacy=True,
        )
        self.asked = 0

    def send(self, *ops: Any) -> None:
        self.asked += 1
        frame = self.owner.frame(*ops)
        self.socket.send(json.dumps({"t": "ask", "id": self.asked, "frame": frame}))

    def beat(self) -> None:
        self.socket.send('{"t":"beat","unsent":0,"oldest":null,"battery":null}')

    def ask(self, *ops: Any) -> dict[str, Any]:
        self.send(*ops)
        message = self.until("answer")
        assert message["status"] == 200, message
        self.owner.apply(message["answer"])
        return message

    def until(self, t: str, seconds: float = 5) -> dict[str, Any]:
        """Raises TimeoutError when there is none in time, whatever else is heard."""
        deadline = time.monotonic() + seconds
        while True:
            left = max(0.0, deadline - time.monotonic())
            message: dict[str, Any] = json.loads(self.socket.recv(timeout=left))
            if message["t"] == t:
                return message

    def pushed(self, seconds: float = 5) -> dict[str, Any]:
        message = self.until("push", seconds)
        assert message["base"] == self.owner.cur
        self.owner.apply(message["answer"] | {"reset": []})
        return message


def take(owner: WireDevice) -> str:
    task = owner.kind("task")[0]
    asked = TakeTask(task=task["id"], expects=task["epoch"])
    owner.sync(owner.handheld.envelope("floor.take_task.v1", asked))
    return str(task["id"])


def pick(owner: WireDevice, line: dict[str, Any]) -> Any:
    op = ConfirmPick(
        task=line["task"], line=line["no"], bin=line["bin"], sku=line["sku"], qty=line["qty"]
    )
    return owner.handheld.envelope("picking.confirm_pick.v1", op)
