"""Devices that push: `python -m bench.push_load`, told by JSON on its standard input.

One process, one asyncio loop, frames made beforehand: it takes little of the machine that it
shares with the server. Prints what it saw as JSON.
"""

import asyncio
import itertools
import sys
import time

import msgspec

from bench.client import Caller, Client


class Plan(msgspec.Struct):
    """`ports`: of each node; the callers are spread over them."""

    ports: list[int]
    epoch: str
    callers: list[Caller]


class Seen(msgspec.Struct):
    """`seconds` from the first push to the last answer; `waits`: of each push, in seconds."""

    seconds: float
    waits: list[float]
    failures: list[str]


async def _push(client: Client, asks: list[str]) -> list[float]:
    waits = []
    for ops in asks:
        started = time.perf_counter()
        await client.ask(ops)
        waits.append(time.perf_counter() - started)
    return waits


async def run(plan: Plan) -> Seen:
    ports = itertools.cycle(plan.ports)
    clients = [Client(next(ports), plan.epoch, caller) for caller in plan.callers]
    await asyncio.gather(*(c.connect() for c in clients))
    started = time.perf_counter()
    pairs = zip(clients, plan.callers, strict=True)
    waits = await asyncio.gather(*(_push(client, caller.asks) for client, caller in pairs))
    seconds = time.perf_counter() - started
    await asyncio.gather(*(c.close() for c in clients))
    return Seen(
        seconds, [w for some in waits for w in some], [f for c in clients for f in c.failures]
    )


if __name__ == "__main__":
    seen = asyncio.run(run(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)))
    sys.stdout.buffer.write(msgspec.json.encode(seen))
