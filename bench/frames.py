"""The frames of a board: those that the server delivers, and those that a browser paints of them
(`board_frames.py`).

Delivered: the server's CPU for each, beside that of a bare websocket send.

200 boards watch a site where a row is written 20 times a second; the CPU includes all but the
commit itself, which is measured alone. Baseline: the same uvicorn in a process of its own sends as
many frames of the same size to as many sockets, out of an ASGI app of a few lines.
"""

import asyncio
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

import server.modules  # noqa: F401  registers operations and tables
from bench import board_frames
from bench.client import Caller, Client, Rows
from bench.figure import Figure, median, told
from bench.frames_server import PER_SECOND, TICKS, WARM_UP
from bench.limits import raise_open_files
from bench.server_process import ROOT, free_port
from bench.site import build
from server.store.store import Store

BOARDS = 200
ROUNDS = 3
MOST = 1.5


def run() -> list[Figure]:
    raise_open_files()
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        boards = build(store, 1, 1, 1, BOARDS)[1:]
        callers = [Caller(d.id, d.sid, d.cookie) for d in boards]
        epoch = store.epoch
        store.close()
        mine, bare = [], []
        for _ in range(ROUNDS):
            commits = asyncio.run(_commit_alone(folder))
            mine.append(asyncio.run(_deliver(folder, epoch, callers, commits)))
            bare.append(asyncio.run(_send_bare(folder)))
    ratio = median([a / b for a, b in zip(mine, bare, strict=True)])
    return [
        Figure(
            name="frames: CPU for each delivered frame",
            value=1e6 * median(mine),
            unit="us",
            baseline=1e6 * median(bare),
            ratio=ratio,
            target=f"ratio <= {MOST:g}",
            ok=ratio <= MOST,
        ),
        told("frames: delivered", BOARDS * PER_SECOND, "frames/s"),
        *board_frames.run(),
    ]


async def _commit_alone(folder: Path) -> float:
    """CPU seconds of the same commits with nobody connected."""
    async with _serving("product", folder) as (_, process):
        return await _tell(process)


async def _deliver(folder: Path, epoch: str, callers: list[Caller], commits: float) -> float:
    """CPU seconds of the product for each frame, beyond those of the commits themselves."""
    frames = 0

    def heard(rows: Rows) -> None:
        nonlocal frames
        frames += any(kind == "shown" for _, kind, *_ in rows)

    async with _serving("product", folder) as (port, process):
        clients = [Client(port, epoch, caller, heard) for caller in callers]
        for client in clients:
            await client.connect()
        await asyncio.sleep(2)  # the arrivals are not what is measured
        cpu = await _tell(process)
        await asyncio.gather(*(c.close() for c in clients))
    return (cpu - commits) / _counted(frames)


async def _send_bare(folder: Path) -> float:
    frames = 0

    async def hear(socket: ClientConnection) -> None:
        nonlocal frames
        async for _ in socket:
            frames += 1

    async with _serving("bare", folder) as (port, process), contextlib.AsyncExitStack() as stack:
        address = f"ws://127.0.0.1:{port}"
        sockets = [
            await stack.enter_async_context(connect(address, compression=None))
            for _ in range(BOARDS)
        ]
        hearing = [asyncio.create_task(hear(socket)) for socket in sockets]
        cpu = await _tell(process)
        for task in hearing:
            task.cancel()
    return cpu / _counted(frames)


def _counted(frames: int) -> float:
    """Frames of the measured time. Two rows in one frame would make the frames too cheap."""
    sent = BOARDS * (TICKS + WARM_UP)
    if not 0.9 * sent <= frames <= sent:
        raise RuntimeError(f"{frames} of {sent} frames came")
    return frames * TICKS / (TICKS + WARM_UP)


async def _tell(process: asyncio.subprocess.Process) -> float:
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"\n")
    cpu = float(await process.stdout.readline())
    await asyncio.sleep(0.5)  # the last frames are on their way
    return cpu


@contextlib.asynccontextmanager
async def _serving(
    kind: str, folder: Path
) -> AsyncIterator[tuple[int, asyncio.subprocess.Process]]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.frames_server", kind, str(folder), str(port)),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        await _until_up(port)
        yield port, process
    finally:
        process.kill()  # nobody waits for what it still has to say
        await process.wait()


async def _until_up(port: int) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError("the server did not start")


if __name__ == "__main__":
    for figure in run():
        print(figure)
