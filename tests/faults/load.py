"""Devices that hand over work as fast as they can, remember what was acknowledged, and send again
what was not: the witnesses of every fault."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from server.inventory.ops import ReceiveStock
from server.kernel.ops import Envelope
from server.store.store import Store
from tests.faults.forked import Forked
from tests.floor_site import Handheld, table
from tests.floor_work import assert_stock_adds_up
from tests.serving import cookie_for

BATCH = 20
SETTLING_S = 30
BIN, SKU = "A01-1-1", "MUG"


@dataclass
class Witness:
    """`done`: acknowledged up to here, and the worker was shown so."""

    handheld: Handheld
    cookie: str
    cur: dict[str, str] = field(default_factory=dict)
    epoch: str = ""
    done: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def ops(self) -> list[Envelope]:
        return self.handheld.sent

    async def work(self, http: httpx.AsyncClient, server: Forked, chance: random.Random) -> None:
        """One frame: what waits, and a few more; a failure leaves all as it was."""
        for _ in range(chance.randint(1, BATCH)):
            if len(self.ops) - self.done < BATCH:
                received = ReceiveStock(bin=BIN, sku=SKU, qty=1)
                self.handheld.envelope("inventory.receive_stock.v1", received)
        await self.hand_over(http, server)

    async def hand_over(self, http: httpx.AsyncClient, server: Forked) -> None:
        frame: dict[str, Any] = msgspec.to_builtins(
            self.handheld.frame(*self.ops[self.done : self.done + BATCH])
        )
        frame |= {"cur": self.cur, "epoch": self.epoch}
        headers = {"cookie": self.cookie, "x-dockhand": "1", "origin": server.base}
        try:
            got = await http.post(f"{server.base}/sync", json=frame, headers=headers)
        except httpx.TransportError:
            await asyncio.sleep(0.02)
            return
        self.statuses[got.status_code] += 1
        if got.status_code == httpx.codes.OK:
            self._adopt(got.json())
        else:
            await asyncio.sleep(0.05)

    def _adopt(self, answer: dict[str, Any]) -> None:
        self.epoch, self.cur = answer["epoch"], answer["cur"]
        for _, kind, _, _, body in answer["rows"]:
            if kind == "done":
                self.done = max(self.done, body)


def witnesses(store: Store, count: int) -> list[Witness]:
    made = [Handheld(store, "supervisor", f"dev-{i}") for i in range(count)]
    return [Witness(handheld, cookie_for(store, handheld.id)) for handheld in made]


async def all_work(
    fleet: list[Witness], server: Forked, chance: random.Random, seconds: float
) -> None:
    """Everybody for so long, or until the server is dead; what is under way is finished."""

    async def one(witness: Witness, http: httpx.AsyncClient) -> None:
        while asyncio.get_running_loop().time() < until and not server.is_dead:
            await witness.work(http, server, chance)

    async with _client() as http:
        until = asyncio.get_running_loop().time() + seconds
        await asyncio.gather(*(one(witness, http) for witness in fleet))


def _client() -> httpx.AsyncClient:
    """Plain HTTP on loopback: to read the system's certificates would take longer than a cycle."""
    return httpx.AsyncClient(timeout=20, verify=False, trust_env=False)  # noqa: S501


async def hand_over_all(fleet: list[Witness], server: Forked) -> None:
    async with asyncio.timeout(SETTLING_S), _client() as http:
        for witness in fleet:
            while witness.done < len(witness.ops):
                await witness.hand_over(http, server)


def losses(store: Store, fleet: list[Witness], started_with: int) -> list[str]:
    """Everything that was promised and does not hold; empty when all is well."""
    found = []
    log: dict[str, list[int]] = {}
    for r in table(store, "SELECT device, n FROM op WHERE device LIKE 'dev-%' ORDER BY n"):
        log.setdefault(r["device"], []).append(r["n"])
    for witness in fleet:
        numbers = log.get(witness.handheld.id, [])
        if numbers != list(range(1, len(numbers) + 1)):
            found.append(f"I4 {witness.handheld.id}: {numbers[-3:]}")
        if len(numbers) < witness.done:
            found.append(f"P1 {witness.handheld.id}: lost {witness.done - len(numbers)}")
    taken = sum(map(len, log.values()))
    kept = table(store, "SELECT qty FROM stock WHERE bin = :b AND sku = :s", b=BIN, s=SKU)[0]["qty"]
    if kept != started_with + taken:
        found.append(f"P2 {kept} pieces, {started_with} + {taken} came in")
    try:
        assert_stock_adds_up(store)
    except AssertionError:
        found.append("I6 stock is not the sum of its movements")
    if store.is_sqlite:
        found += [
            r["integrity_check"]
            for r in table(store, "PRAGMA integrity_check")
            if r["integrity_check"] != "ok"
        ]
    return found
