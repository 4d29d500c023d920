"""A real server process that is started in a fraction of a second, killed, and started again.

Forked from a process that has imported everything, so that sixty restarts fit into a test."""

import contextlib
import socket
import time
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.faults.sabotage import POINTS, SABOTAGES, Countdown, dying_after_answers
from tests.serving import FORKS, STARTING_S, free_port


@dataclass
class Forked:
    """`sabotage`: a protection taken out. `point`, `count`: where it kills itself, and when."""

    url: str
    folder: Path
    sabotage: str = ""
    port: int = field(default_factory=free_port)
    process: BaseProcess | None = None

    @property
    def base(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self, point: str = "", count: int = 0) -> float:
        """Returns the seconds until it answers."""
        began = time.monotonic()
        args = (self.url, self.folder, self.port, self.sabotage, point, count)
        self.process = FORKS.Process(target=serve, args=args)
        self.process.start()
        while time.monotonic() - began < STARTING_S:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return time.monotonic() - began
            time.sleep(0.01)
        raise RuntimeError("the server did not start")

    @property
    def is_dead(self) -> bool:
        return self.process is None or not self.process.is_alive()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None


def serve(url: str, folder: Path, port: int, sabotage: str, point: str, count: int) -> None:
    import uvicorn

    from server import web
    from server.app import create_app
    from server.settings import Settings
    from server.store.store import Store

    die = Countdown(count)
    SABOTAGES[sabotage]()
    if point:
        POINTS[point](Countdown(count + 1) if point != "after_answer" else Countdown(0))
    store = Store(url, folder / "blobs")
    settings = Settings(url=url, blobs=folder / "blobs", origins=web.local_origins(port))
    app = create_app(settings, store)
    if point == "after_answer":
        app = dying_after_answers(app, die)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
