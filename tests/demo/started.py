"""`dockhand demo` in a process of its own, as a person starts it in a terminal."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

COMMAND = [sys.executable, "-c", "import sys; from server.cli import main; sys.exit(main())"]
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo(
    folder: Path, *more: str, env: Mapping[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], int, list[str]]]:
    """The process, its port, and the lines of its welcome. `env`: in place of our own."""
    port = free_port()
    given = ["demo", "--data", str(folder), "--port", str(port), *more]
    process = subprocess.Popen(
        [*COMMAND, *given],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl+C" in line:
                break
        yield process, port, said
    finally:
        process.kill()
        process.wait()


def answers(url: str) -> httpx.Response:
    for _ in range(200):
        try:
            return httpx.get(url)
        except httpx.ConnectError:
            time.sleep(0.05)
    raise AssertionError(f"{url} never answered")
