"""The supervisor of the day, at a desk on the wire: plans waves while orders wait, and upsets the
floor as customers and absences do: cancellations, reassignments, splits, holds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from server.floor.leases import PrioritiseTask
from server.floor.ops import Acknowledge, ReassignTask
from server.orders.hold import HoldOrder, ResumeOrder
from server.orders.ops import CancelOrder
from server.picking.ops import SplitTask
from server.picking.waves import PlanWave
from tests.faults.handheld import OnTheWire

MODES: tuple[Literal["", "single", "cluster", "batch", "zone"], ...] = (
    "",
    "single",
    "cluster",
    "batch",
    "zone",
)
GIVEN_LINES = range(6, 21)
UPSET = 0.4
"""How often a look at the desk brings one, while any is still to come."""
WITHOUT_PROGRESS = 2
"""So often the same orders are planned in vain before they are left waiting for goods."""
Body = dict[str, Any]


@dataclass
class DayChief(OnTheWire):
    """`workers`: who may be given a task. `wave`: orders of one. `upsets`: how many of each kind
    are still to come."""

    workers: Sequence[str] = ()
    by_screen: Sequence[str] = ()
    """Of the workers those who are never given a batch: nothing on the screen says what lies on
    the cart, which only whoever put it there knows."""
    wave: int = 20
    upsets: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    _turn: int = 0
    _held: dict[str, int] = field(default_factory=dict)
    """Orders that were put on hold, and how many more looks they stay so."""
    _planned: frozenset[str] = frozenset()
    _tried: Counter[frozenset[str]] = field(default_factory=Counter)

    @property
    def has_plans(self) -> bool:
        """Whether some order waits for a wave that may still come, or for being let go on."""
        return bool(self._held) or bool(self._waiting()) or not self.twin.of("order")

    def _work(self) -> None:
        for told in self.twin.of("result"):
            if told["n"] not in self.twin.read:
                self.twin.read.add(told["n"])
                self.twin.say("floor.acknowledge.v1", Acknowledge(n=told["n"]))
        tasks = [t for t in self.twin.of("task") if t["kind"] == "pick"]
        self._let_go_on()
        if not self._plan(tasks) and not self._give_to_screens(tasks):
            self._upset(tasks)

    def _let_go_on(self) -> None:
        for order in [o for o, looks in self._held.items() if looks <= 0]:
            del self._held[order]
            self.twin.say("orders.resume_order.v1", ResumeOrder(order=order))
        self._held = {order: looks - 1 for order, looks in self._held.items()}

    def _waiting(self) -> frozenset[str]:
        found = frozenset(o["id"] for o in self.twin.of("order") if o["state"] == "confirmed")
        return frozenset() if self._tried[found] >= WITHOUT_PROGRESS else found

    def _plan(self, tasks: list[Body]) -> bool:
        waiting = self._waiting()
        is_planning = any(w["state"] == "planning" for w in self.twin.of("wave"))
        free = sum(t["state"] == "open" for t in tasks)
        is_quiet = all(t["state"] in ("done", "cancelled") for t in tasks)
        if not waiting or is_planning or free > len(self.workers) // 2:
            return False
        if waiting == self._planned and not is_quiet:
            return False  # in vain: what they wait for may still come free
        self._planned = waiting
        self._tried[waiting] += is_quiet
        wave = PlanWave(max_orders=self.wave, mode=MODES[self._turn % len(MODES)])
        self._turn += 1
        self.twin.say("picking.plan_wave.v1", wave)
        self.done["wave"] += 1
        return True

    def _give_to_screens(self, tasks: list[Body]) -> bool:
        """The others are faster: whoever works by a screen is given a first task."""
        busy = {t["assignee"] for t in tasks}
        idle = [who for who in self.by_screen if who not in busy]
        fit = [t for t in tasks if t["mode"] != "batch" and t["lines"] in GIVEN_LINES]
        fit = [t for t in fit if t["state"] in ("open", "held") and t["done"] == 0]
        if not idle or not fit:
            return False
        task = self.chance.choice(sorted(fit, key=lambda t: (-t["lines"], t["id"]))[:3])
        given = ReassignTask(task=task["id"], expects=task["epoch"], person=idle[0])
        self.twin.say("floor.reassign_task.v1", given)
        return True

    def _upset(self, tasks: list[Body]) -> None:
        left = [what for what, n in self.upsets.items() if n > 0]
        if not left or self.chance.random() > UPSET:
            return
        what = self.chance.choice(left)
        if getattr(self, f"_{what}")([t for t in tasks if t["state"] in ("open", "held")]):
            self.upsets[what] -= 1
            self.done[what] += 1

    def _able(self, task: Body) -> list[str]:
        batch = task["mode"] == "batch"
        return [w for w in self.workers if not (batch and w in self.by_screen)]

    def _reassign(self, tasks: list[Body]) -> bool:
        begun = [t for t in tasks if t["state"] == "held" and 0 < t["done"] < t["lines"]]
        if not begun:
            return False
        task = self.chance.choice(begun)
        to = self.chance.choice([w for w in self._able(task) if w != task["assignee"]])
        moved = ReassignTask(task=task["id"], expects=task["epoch"], person=to)
        self.twin.say("floor.reassign_task.v1", moved)
        return True

    def _split(self, tasks: list[Body]) -> bool:
        long = [t for t in tasks if t["state"] == "held" and t["lines"] - t["done"] > 3]
        if not long:
            return False
        task = self.chance.choice(long)
        to = self.chance.choice([*self._able(task), None])
        split = SplitTask(task=task["id"], expects=task["epoch"], person=to)
        self.twin.say("picking.split_task.v1", split)
        return True

    def _prioritise(self, tasks: list[Body]) -> bool:
        if not tasks:
            return False
        task = self.chance.choice(tasks)
        ranked = PrioritiseTask(task=task["id"], expects=task["epoch"], priority=95)
        self.twin.say("floor.prioritise_task.v1", ranked)
        return True

    def _cancel(self, _: list[Body]) -> bool:
        order = self._in_work()
        if order:
            self.twin.say("orders.cancel_order.v1", CancelOrder(order=order, reason="customer"))
        return bool(order)

    def _hold(self, _: list[Body]) -> bool:
        order = self._in_work()
        if order:
            self.twin.say("orders.hold_order.v1", HoldOrder(order=order, reason="address"))
            self._held[order] = self.chance.randint(3, 12)
        return bool(order)

    def _in_work(self) -> str | None:
        begun = [o["id"] for o in self.twin.of("order") if o["state"] == "picking" and o["picked"]]
        begun = [o for o in begun if o not in self._held]
        return self.chance.choice(begun) if begun else None
