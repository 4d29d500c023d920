"""The real server in a process of its own: `python -m bench.server_process URL FOLDER PORT [TAPE]`.

With a TAPE it also keeps what its writer executes, and writes it there when it is stopped.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from bench.tape import Tape
from server import web
from server.app import create_app
from server.settings import Settings
from server.store.store import Store
from server.web.listening import configure

ROOT = Path(__file__).parent.parent
STARTING_S = 60


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def serving(folder: Path, tape: Path | None = None, url: str = "") -> Iterator[tuple[int, int]]:
    """Serve `url`, else `folder`/site.db; gives the port and the process id."""
    port = free_port()
    command = [sys.executable, "-m", "bench.server_process"]
    command += [
        url or f"sqlite:///{folder / 'site.db'}",
        str(folder),
        str(port),
        *([str(tape)] if tape else []),
    ]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait_until_up(port, folder / "server.log")
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(60)


def _wait_until_up(port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://localhost:{port}/auth/me", timeout=1).status_code == 401:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(log.read_text())


def main() -> None:
    url, folder, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    store = Store(url, folder / "blobs")
    tape = Tape(store.write_engine) if len(sys.argv) > 4 else None
    settings = Settings(url=url, blobs=folder / "blobs", origins=web.local_origins(port))
    app = create_app(settings, store)
    # uvicorn raises the signal again once it has stopped: the tape is yet to be saved
    signal.signal(signal.SIGTERM, lambda *_: None)
    uvicorn.Server(configure(app, "127.0.0.1", port)).run()
    if tape:
        tape.save(Path(sys.argv[4]))


if __name__ == "__main__":
    main()
