"""A bare websocket echo and its round trip: the baseline of everything that travels by websocket.

`python -m bench.echo PORT` serves; `round_trips` measures it from another process.
"""

import asyncio
import subprocess
import sys
import time

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from bench.server_process import ROOT, free_port

MESSAGE = "x" * 1000
PAUSE_S = 0.005


async def _serve(port: int) -> None:
    async def echo(socket: ServerConnection) -> None:
        async for message in socket:
            await socket.send(message)

    async with serve(echo, "127.0.0.1", port):
        await asyncio.get_running_loop().create_future()


def round_trips(count: int) -> list[float]:
    """Seconds of each of `count` round trips of 1,000 bytes, one after another."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.echo", str(port)], cwd=ROOT)
    try:
        return asyncio.run(_measure(port, count))
    finally:
        process.terminate()
        process.wait(10)


async def _measure(port: int, count: int) -> list[float]:
    took = []
    async for socket in connect(f"ws://127.0.0.1:{port}"):  # tries again until it serves
        for _ in range(count):
            await asyncio.sleep(PAUSE_S)
            started = time.perf_counter()
            await socket.send(MESSAGE)
            await socket.recv()
            took.append(time.perf_counter() - started)
        await socket.close()
        break
    return took


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
