"""Pickers who confirm lines and ask for another walk: `python -m bench.reroute_load`, told by JSON
on its standard input. Each does both at random moments of the whole time, as people do."""

import asyncio
import random
import sys
import time

import msgspec

from bench.client import Caller, Client


class Plan(msgspec.Struct):
    port: int
    epoch: str
    seconds: float
    callers: list[Caller]


class Seen(msgspec.Struct):
    """Seconds from a question to its answer, with all rows that changed. `changed`: walks of which
    some line got another turn."""

    seconds: float
    walks: list[float]
    picks: list[float]
    changed: int
    failures: list[str]


class Picker:
    def __init__(self, plan: Plan, caller: Caller) -> None:
        self.client = Client(plan.port, plan.epoch, caller)
        self._asks = caller.asks
        self._seconds = plan.seconds
        self.walks: list[float] = []
        self.picks: list[float] = []
        self.changed = 0

    async def work(self) -> None:
        began = time.perf_counter()
        chance = random.Random(self._asks[0])
        moments = sorted(chance.uniform(0, self._seconds) for _ in self._asks)
        for at, ops in zip(moments, self._asks, strict=True):
            await asyncio.sleep(max(0, began + at - time.perf_counter()))
            started = time.perf_counter()
            rows = await self.client.ask(ops)
            took = time.perf_counter() - started
            if "picking.reroute" in ops:
                self.walks.append(took)
                self.changed += any(kind == "line" for _, kind, *_ in rows)
            else:
                self.picks.append(took)


async def run(plan: Plan) -> Seen:
    pickers = [Picker(plan, caller) for caller in plan.callers]
    await asyncio.gather(*(p.client.connect() for p in pickers))
    await asyncio.sleep(1)  # what the arrivals stirred up is not what is measured
    started = time.perf_counter()
    await asyncio.gather(*(p.work() for p in pickers))
    seconds = time.perf_counter() - started
    await asyncio.gather(*(p.client.close() for p in pickers))
    return Seen(
        seconds,
        [w for p in pickers for w in p.walks],
        [w for p in pickers for w in p.picks],
        sum(p.changed for p in pickers),
        [f for p in pickers for f in p.client.failures],
    )


if __name__ == "__main__":
    found = asyncio.run(run(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)))
    sys.stdout.buffer.write(msgspec.json.encode(found))
