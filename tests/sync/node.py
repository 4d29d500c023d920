"""A node with parts taken out: `python -m tests.sync.node FAULT,FAULT URL FOLDER PORT PUBLIC_PORT`.

What protects is missing in the product's own code only here, so that a test can show it is needed.
"""

import sys
from collections.abc import Callable

from tests import serving


def deaf() -> None:
    """No doorbell at all."""
    from server.store.doorbell import Doorbell

    Doorbell.listen = lambda *_: None  # type: ignore[method-assign]
    Doorbell.ring = lambda *_: None  # type: ignore[method-assign]


def once() -> None:
    """A doorbell that is not connected again when its connection is lost."""
    from server.store import doorbell

    doorbell.AGAIN_S = doorbell.AGAIN_AT_MOST_S = 3600.0


def blind() -> None:
    """Never looks by itself whether there is something new."""
    from server.sync import hub

    hub.POLL_S = 3600.0


def patient() -> None:
    """Waits for ever for a peer that has stopped reading, and keeps all that is due to it."""
    from server.sync import api, tail
    from server.web import listening

    api.SEND_S = api.CLOSE_S = 3600
    api.SILENCE_S = 3600
    tail.PUSH_ROWS = tail.PUSH_BYTES = 10**9
    listening.SocketProtocol.send = _without_waiting  # type: ignore[method-assign]


async def _without_waiting(self: object, message: dict[str, object]) -> None:
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    self.writable.set()  # type: ignore[attr-defined]
    await WebSocketsSansIOProtocol.send(self, message)  # type: ignore[arg-type]


FAULTS: dict[str, Callable[[], None]] = {f.__name__: f for f in (deaf, once, blind, patient)}


if __name__ == "__main__":
    for fault in sys.argv.pop(1).split(","):
        FAULTS[fault]()
    serving.main()
