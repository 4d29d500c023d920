"""A floor at work under a bad network: pickers, a supervisor and the house, all at random by seed.

Every exchange may lose its question or its answer, be doubled, or have its answer come late;
pickers change places, act on rows that are long stale, and are handed each other's tasks.
"""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from server.auth.tables import grant
from server.floor.ops import Acknowledge, ReassignTask, ReleaseTask, TakeTask
from server.inventory.ops import ReceiveStock
from server.kernel.errors import Unavailable
from server.kernel.wire import Answer, Frame, Restart
from server.orders.hold import HoldOrder, ResumeOrder
from server.orders.ops import CancelOrder
from server.picking.ops import (
    ConfirmPick,
    FinishTask,
    PickElsewhere,
    ReportShort,
    SkipLine,
    SplitTask,
    UndoPick,
)
from server.store.store import Store
from server.store.tx import Tx
from server.sync.exchange import exchange
from tests.floor_site import ITEMS, SITE, STOCK, Handheld, build, order, release_wave, system
from tests.sync.engine.twin import Twin

PICKERS = ("picker", "picker2")


@dataclass
class Fleet:
    """`stores`: the nodes, over one database. `late`: answers that have not come yet."""

    stores: list[Store]
    chance: random.Random
    pickers: list[Twin] = field(default_factory=list)
    chief: Twin = field(init=False)
    late: list[tuple[Twin, Frame, Answer | Restart]] = field(default_factory=list)
    orders: int = 0

    @property
    def store(self) -> Store:
        return self.stores[0]

    def open(self, devices: int) -> None:
        build(self.store)
        for bin_code, sku, _ in STOCK:
            system(
                self.store,
                "inventory.receive_stock.v1",
                ReceiveStock(bin=bin_code, sku=sku, qty=200),
            )
        for i in range(devices):
            handheld = Handheld(self.store, PICKERS[i % 2], f"dev-{i}")
            self.store.run_sync(lambda tx, i=i: _second_grant(tx, f"dev-{i}", PICKERS[1 - i % 2]))  # type: ignore[misc]
            self.pickers.append(Twin(handheld))
            self.pickers[-1].undone = self.pickers[0].undone
        self.chief = Twin(Handheld(self.store, "supervisor"))
        self.more_work()

    def more_work(self) -> None:
        for _ in range(3):
            self.orders += 1
            lines = {sku: self.chance.randint(1, 4) for sku in ITEMS}
            order(self.store, f"R-{self.orders}", **lines)
        release_wave(self.store)

    # --- the work

    async def shift(self, steps: int) -> None:
        """Everybody at once; then the network heals and all is handed over."""
        await self.work_on(steps)
        await self.settle()

    async def work_on(self, steps: int) -> None:
        seeds = [random.Random(self.chance.random()) for _ in self.pickers]
        work = (self._pick(t, c, steps) for t, c in zip(self.pickers, seeds, strict=True))
        await asyncio.gather(*work, self._lead(random.Random(self.chance.random()), steps // 2))

    async def settle(self) -> None:
        self.late.clear()
        for _ in range(2):  # what one hands over may change what another sees
            for twin in (*self.pickers, self.chief):
                while await twin.ask(self.store):
                    pass

    async def _pick(self, twin: Twin, chance: random.Random, steps: int) -> None:
        for _ in range(steps):
            work(twin, chance)
            await self._exchange(twin, chance)
            if chance.random() < 0.04:
                twin.sid = f"sid-{twin.id}" if twin.sid.endswith("-2") else f"sid-{twin.id}-2"

    async def _lead(self, chance: random.Random, steps: int) -> None:
        for _ in range(steps):
            if not lead(self.chief, chance, PICKERS) and chance.random() < 0.2:
                with contextlib.suppress(Unavailable):  # a deadlock lost: the house tries later
                    await asyncio.to_thread(self.more_work)
            await self._exchange(self.chief, chance)

    # --- the network

    async def _exchange(self, twin: Twin, chance: random.Random) -> None:
        store, roll = chance.choice(self.stores), chance.random()
        frame = twin.frame()
        if roll < 0.1:
            return  # the question is lost
        try:
            answer, _ = await exchange(store, twin.id, frame)
            if roll < 0.2:
                answer, _ = await exchange(chance.choice(self.stores), twin.id, frame)  # doubled
        except Unavailable:
            return
        if roll < 0.3:
            return  # the answer is lost
        if roll < 0.4:
            self.late.append((twin, frame, answer))
            return
        twin.adopt(frame, answer)
        if self.late and chance.random() < 0.5:
            other, asked, old = self.late.pop(chance.randrange(len(self.late)))
            other.adopt(asked, old)


def work(twin: Twin, chance: random.Random) -> None:
    """One look at the handheld, and what its picker does next."""
    lines, tasks = twin.of("line"), [t for t in twin.of("task") if t["kind"] == "pick"]
    for told in twin.of("result"):
        if told["n"] not in twin.read and chance.random() < 0.5:
            twin.read.add(told["n"])
            twin.say("floor.acknowledge.v1", Acknowledge(n=told["n"]))
    free = [t for t in tasks if t["assignee"] is None]
    if free and chance.random() < 0.4:
        task = chance.choice(free)
        twin.say("floor.take_task.v1", TakeTask(task=task["id"], expects=task["epoch"]))
    for line in chance.sample(lines, min(2, len(lines))):
        if chance.random() < 0.1:
            _cure(twin, chance, line)
        else:
            _confirm(twin, chance, line)
    held = [t for t in tasks if t["assignee"] is not None]
    if held and chance.random() < 0.2:
        task = chance.choice(held)
        over = FinishTask(task=task["id"]) if chance.random() < 0.7 else None
        name = "picking.finish_task.v1" if over else "floor.release_task.v1"
        twin.say(name, over or ReleaseTask(task=task["id"]))


def lead(chief: Twin, chance: random.Random, people: Sequence[str]) -> bool:
    """A supervisor's next step: give a task to somebody else, or cancel an order."""
    tasks = [t for t in chief.of("task") if t["state"] in ("open", "held")]
    begun = [o for o in chief.of("order") if o["state"] in ("released", "picking")]
    roll = chance.random()
    if tasks and roll < 0.15:
        task, to = chance.choice(tasks), chance.choice((*people, None))
        split = SplitTask(task=task["id"], expects=task["epoch"], person=to)
        chief.say("picking.split_task.v1", split)
        return True
    if roll < 0.22 and _stop_or_go(chief, chance, begun):
        return True
    if tasks and roll < 0.5:
        task, to = chance.choice(tasks), chance.choice((*people, None))
        moved = ReassignTask(task=task["id"], expects=task["epoch"], person=to)
        chief.say("floor.reassign_task.v1", moved)
        return True
    if begun and roll < 0.65:
        gone = CancelOrder(order=chance.choice(begun)["id"], reason="customer")
        chief.say("orders.cancel_order.v1", gone)
        return True
    return False


def _stop_or_go(chief: Twin, chance: random.Random, begun: list[dict[str, Any]]) -> bool:
    """Put an order on hold, or let one that is go on."""
    stopped = [o for o in chief.of("order") if o["state"] == "hold"]
    if stopped and chance.random() < 0.7:
        on = ResumeOrder(order=chance.choice(stopped)["id"])
        chief.say("orders.resume_order.v1", on)
        return True
    if begun:
        held = HoldOrder(order=chance.choice(begun)["id"], reason="address")
        chief.say("orders.hold_order.v1", held)
    return bool(begun)


def _cure(twin: Twin, chance: random.Random, line: dict[str, Any]) -> None:
    """The rest fetched elsewhere, or the last step taken back, now and then too late."""
    place = {"task": line["task"], "line": line["no"], "bin": line["bin"], "sku": line["sku"]}
    if line["state"] != "open":
        twin.undone.add(f"{line['task']}/{line['no']}")
        twin.say("picking.undo_pick.v1", UndoPick(**place, qty=line["picked"]))
        return
    walk = [each["no"] for each in twin.of("line") if each["task"] == line["task"]]
    chance.shuffle(walk)
    if line["qty"] < 2 or line["no"] > 10_000:
        skip = SkipLine(task=line["task"], line=line["no"], walk=walk)
        twin.say("picking.skip_line.v1", skip)
        return
    found = {"found": line["qty"] - 1, "reason": chance.choice(("missing", "damaged", "blocked"))}
    cure = PickElsewhere(**place, **found, to_bin="A02-2-1", qty=1, walk=walk)
    twin.say("picking.pick_elsewhere.v1", cure)


def _confirm(twin: Twin, chance: random.Random, line: dict[str, Any]) -> None:
    """As the row says, whether or not it is still open: two taps, or somebody else was there."""
    if line["state"] != "open" and chance.random() < 0.8:
        return
    place = {"task": line["task"], "line": line["no"], "bin": line["bin"], "sku": line["sku"]}
    if chance.random() < 0.15:
        short = ReportShort(**place, found=max(0, line["qty"] - 1), reason="missing")
        twin.say("picking.report_short.v1", short)
    else:
        extra = 1 if chance.random() < 0.05 else 0
        twin.say("picking.confirm_pick.v1", ConfirmPick(**place, qty=line["qty"] + extra))


def _second_grant(tx: Tx, device: str, person: str) -> None:
    """Another person may sign in on the same device: other scopes, the same numbers."""
    tx.conn.execute(
        sa.insert(grant).values(
            sid=f"sid-{device}-2",
            device=device,
            person=person,
            role="picker",
            site=SITE,
            issued_at=tx.now,
            expires_at=tx.now + 10**9,
        )
    )
