"""A server that tells its boards something at a steady pace and counts its own CPU for that:
`python -m bench.frames_server bare|product FOLDER PORT`.

It waits for a line on its standard input, does the telling, and prints
the CPU seconds that this took.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from server import web
from server.app import create_app
from server.kernel.feeds import Row
from server.settings import Settings
from server.store.store import Store
from server.store.tx import Tx
from server.web.asgi import App
from server.web.listening import configure

PER_SECOND = 20
TICKS = 120
WARM_UP = 20
BARE_FRAME = "x" * 900
"""About as long as a push of one row to a board."""


class Shown(Row):
    """As long as the board's row of a task."""

    id: str
    n: int
    text: str


class Bare:
    """Every socket gets the same text whenever the bell rings: nothing cheaper can be an app."""

    def __init__(self) -> None:
        self._bell: asyncio.Future[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        self._loop = asyncio.get_running_loop()
        await receive()
        await send({"type": "websocket.accept"})
        while True:
            if self._bell is None or self._bell.done():
                self._bell = self._loop.create_future()
            await asyncio.shield(self._bell)
            await send({"type": "websocket.send", "text": BARE_FRAME})

    def tick(self, _n: int) -> None:
        if self._loop:
            self._loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        if self._bell and not self._bell.done():
            self._bell.set_result(None)


def product(folder: Path, port: int) -> tuple[App, Callable[[int], None]]:
    url = f"sqlite:///{folder / 'site.db'}"
    store = Store(url, folder / "blobs")
    settings = Settings(url=url, blobs=folder / "blobs", origins=web.local_origins(port))

    def tick(n: int) -> None:
        def job(tx: Tx) -> None:
            shown = Shown(f"T{n % 50}", n, "x" * 200)
            tx.put("main", "b:main", "shown", shown.id, shown)

        store.run_sync(job)

    return create_app(settings, store), tick


def _tell(tick: Callable[[int], None]) -> None:
    sys.stdin.readline()
    for n in range(WARM_UP):
        tick(n)
        time.sleep(1 / PER_SECOND)
    before = time.process_time()
    for n in range(TICKS):
        tick(n)
        time.sleep(1 / PER_SECOND)
    print(time.process_time() - before, flush=True)


def main() -> None:
    kind, folder, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    bare = Bare()
    app, tick = (bare, bare.tick) if kind == "bare" else product(folder, port)
    config = configure(app, "127.0.0.1", port)
    if kind == "bare":
        config.lifespan = "off"
    threading.Thread(target=_tell, args=(tick,), daemon=True).start()
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
