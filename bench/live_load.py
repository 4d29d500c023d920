"""One handheld that goes on scanning: `python -m bench.live_load`, told by JSON on the first line
of its standard input; it stops when that is closed, and prints how long each scan waited.

A process of its own, so that it does not wait for whoever makes the load.
"""

import asyncio
import sys
import time

import msgspec

from bench.client import Caller, Client

EACH_S = 0.1


class Plan(msgspec.Struct):
    port: int
    epoch: str
    caller: Caller


class Seen(msgspec.Struct):
    """`waits`: seconds from the moment of each scan to its answer, the wait for the scan before it
    included."""

    waits: list[float]
    failures: list[str]


async def run(plan: Plan, stopping: "asyncio.Future[bytes]") -> Seen:
    client = Client(plan.port, plan.epoch, plan.caller)
    await client.connect()
    waits, began = [], time.perf_counter()
    for i, ops in enumerate(plan.caller.asks):
        if stopping.done():
            break
        due = began + i * EACH_S
        await asyncio.sleep(due - time.perf_counter())
        await client.ask(ops)
        waits.append(time.perf_counter() - due)
    await client.close()
    return Seen(waits, client.failures)


async def main() -> None:
    loop = asyncio.get_running_loop()
    plan = msgspec.json.decode(sys.stdin.buffer.readline(), type=Plan)
    stopping = loop.run_in_executor(None, sys.stdin.buffer.read)
    seen = await run(plan, stopping)
    sys.stdout.buffer.write(msgspec.json.encode(seen))


if __name__ == "__main__":
    asyncio.run(main())
