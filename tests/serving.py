"""A real server in a process of its own, on loopback, that tests may kill and start again.

Forked from a process that has imported everything: to import it anew is most of what a start costs.
"""

import multiprocessing
import os
import runpy
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import msgspec

from server.auth.sessions import COOKIE, open_session
from server.store.store import Store
from tests.floor_site import Handheld

STARTING_S = 60
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "server.app",
        "uvicorn.loops.uvloop",
        "uvicorn.protocols.http.httptools_impl",
        "uvicorn.protocols.websockets.websockets_sansio_impl",
        "sqlalchemy.dialects.sqlite.aiosqlite",
        "sqlalchemy.dialects.postgresql.psycopg",
        "tests.serving",
    ]
)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@dataclass
class Server:
    """`dockhand` serving `url`; `start`, `kill` (SIGKILL) and `stop` as often as a test likes.

    `public_port`: where browsers reach it, if something stands in between. `program`: a module,
    and what it wants to be told first, that serves in place of this one.
    """

    url: str
    folder: Path
    port: int = field(default_factory=free_port)
    public_port: int = 0
    program: tuple[str, ...] = ("tests.serving",)
    process: BaseProcess | None = None

    @property
    def base(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def public(self) -> str:
        return f"http://localhost:{self.public_port or self.port}"

    def start(self) -> "Server":
        told = [self.url, str(self.folder), str(self.port), str(self.public_port)]
        command = [*self.program, *told]
        log = self.folder / "server.log"
        self.process = FORKS.Process(target=run, args=(command, log, dict(os.environ)))
        self.process.start()
        deadline = time.monotonic() + STARTING_S
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.base}/auth/me", timeout=1).status_code == 401:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise RuntimeError((self.folder / "server.log").read_text())

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.join(10)
            if self.process.is_alive():
                self.kill()
            self.process = None


def run(command: list[str], log: Path, environment: dict[str, str]) -> None:
    """In the fork: become `python -m command`, all that it says written to `log`."""
    os.environ.update(environment)
    with log.open("ab") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    sys.argv = command
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


@contextmanager
def serving(url: str, folder: Path, public_port: int = 0) -> Iterator[Server]:
    server = Server(url, folder, public_port=public_port).start()
    try:
        yield server
    finally:
        server.stop()


def cookie_for(store: Store, device: str) -> str:
    """A device session as the challenge would have given it."""
    token = store.run_sync(lambda tx: open_session(tx, device))
    return f"{COOKIE}={token}"


@dataclass
class WireDevice:
    """A handheld on the wire: posts frames, applies answers, keeps cursors."""

    server: Server
    handheld: Handheld
    cookie: str
    cur: dict[str, str] = field(default_factory=dict)
    rows: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    epoch: str = ""
    done: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {
            "cookie": self.cookie,
            "x-dockhand": "1",
            "origin": self.server.base,
            "content-type": "application/json",
        }

    def frame(self, *ops: Any) -> dict[str, Any]:
        made: dict[str, Any] = msgspec.to_builtins(self.handheld.frame(*ops))
        return made | {"cur": self.cur, "epoch": self.epoch}

    def sync(self, *ops: Any) -> dict[str, Any]:
        while True:
            answer = self.post(self.frame(*ops))
            self.apply(answer)
            if not answer.get("more"):
                return answer
            ops = ()

    def post(self, frame: dict[str, Any]) -> dict[str, Any]:
        got = httpx.post(f"{self.server.base}/sync", json=frame, headers=self.headers, timeout=30)
        assert got.status_code == 200, got.text
        return dict(got.json())

    def apply(self, answer: dict[str, Any]) -> None:
        self.epoch = answer["epoch"]
        if answer.get("restart"):
            self.rows.clear()
            self.cur.clear()
            self.done = answer["last_n"]
            return
        gone = set(answer["reset"]) | {k[0] for k in self.rows} - set(answer["cur"])
        for key in [k for k in self.rows if k[0] in gone]:
            del self.rows[key]
        for scope, kind, key, _, body in answer["rows"]:
            if body is None:
                self.rows.pop((scope, kind, key), None)
            else:
                self.rows[(scope, kind, key)] = body
        self.cur = answer["cur"]
        self.done = self.rows.get((f"d:{self.handheld.id}", "done", ""), self.done)

    def kind(self, kind: str) -> list[Any]:
        return [body for (_, k, _), body in self.rows.items() if k == kind]


def main() -> None:
    import uvicorn

    from server import web
    from server.app import create_app
    from server.settings import Settings
    from server.web.listening import configure

    url, folder, port, public = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    store = Store(url, folder / "blobs")
    origins = web.local_origins(port) | (web.local_origins(public) if public else frozenset())
    settings = Settings(url=url, blobs=folder / "blobs", origins=origins, edi=folder / "edi")
    app = create_app(settings, store)
    uvicorn.Server(configure(app, "127.0.0.1", port)).run()


if __name__ == "__main__":
    main()
