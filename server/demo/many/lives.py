"""Whole lives of orders: a working day of a hundred of them, from the channel to the doorstep.

    08:00 orders come in, some are called off   09:00 wave   10:00 picks, some short
    12:00 bench   14:00 run   15:00 van   16:00 doors, some refused   18:00 what came back

Everything is said by operations, through the same frames and handlers as on any day.
"""

from collections import defaultdict
from dataclasses import dataclass
from random import Random
from typing import Any

import sqlalchemy as sa

from server.demo.many.crew import Pushing, Said, Stated, crew_of, push_together
from server.demo.many.customers import person
from server.demo.many.ground import goods_of, lay_ground, refill
from server.demo.many.proofs import proof
from server.demo.many.shapes import Shapes
from server.floor.ops import TakeTask
from server.floor.tables import task
from server.kernel.ops import Outcome
from server.kernel.values import Role
from server.orders.ops import CancelOrder, ImportOrder
from server.orders.tables import order_line, orders
from server.orders.validation import OrderLine
from server.packing.ops import CheckItem, ClosePack
from server.packing.tables import pack_line, parcel
from server.picking.ops import ConfirmPick, FinishTask, ReportShort
from server.picking.planner import plan_waiting
from server.picking.tables import pick_line
from server.picking.waves import PlanWave
from server.pod.loading import Depart, LoadParcel
from server.pod.ops import Arrive, PlanRun
from server.pod.returning import BackLine, FinishReturns, ReturnParcel
from server.pod.tables import stop
from server.returns.ops import CameLine, ReceiveReturn, StartReturn, WantedLine
from server.returns.tables import rma, rma_line
from server.store.store import Store
from server.store.submit import Outside, submit
from server.store.tx import Tx

DAY_MS, HOUR_MS, MINUTE_MS = 86_400_000, 3_600_000, 60_000
PACE_MS = 8_000
"""From one thing that a picker does to the next."""
A_DAY = 100
"""Orders of one day: a wave and a run take so many."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Of a hundred orders so many are called off, short, late, refused at the door, sent back."""

    cancelled: float = 0.03
    short: float = 0.02
    late: float = 0.06
    refused: float = 0.02
    returned: float = 0.03


class Clock:
    """The site's own: a day goes by as fast as its work is done."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class Lives:
    """One site, day after day. `people`: so many customers order again and again."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        shapes: Shapes,
        *,
        site: str,
        seed: int,
        people: int,
        shares: Shares | None = None,
        pushing: Pushing = push_together,
    ) -> None:
        self.store, self.clock, self.shapes, self.site = store, clock, shapes, site
        self.people, self.shares, self._push = people, shares or Shares(), pushing
        self.chance = Random(seed)  # noqa: S311  decides who orders what, nothing secret
        self.made = 0
        self._one_by_one = pushing is not push_together
        self._system(lay_ground())
        self.crew = crew_of(store, site, seed)
        self.goods = goods_of()
        self._grams = {good.sku: good.weight_g for good in self.goods}

    def day(self, orders_today: int = A_DAY) -> None:
        begin = self.clock.now - self.clock.now % DAY_MS
        self._at(begin, 8)
        self._intake(orders_today)
        self._at(begin, 9)
        self._release()
        self._at(begin, 10)
        self._pick()
        self._at(begin, 12)
        self._pack()
        self._at(begin, 14)
        self._deliver(begin)
        self._at(begin, 18)
        self._send_back()

    def _at(self, begin: int, hour: int) -> None:
        self.clock.now = begin + hour * HOUR_MS

    def _system(self, said: list[Stated], outside: bool = False) -> None:
        if self._one_by_one:
            for one in said:
                self.store.run_sync(lambda tx, one=one: _submit(tx, self.site, [one], outside))  # type: ignore[misc]
        else:
            self.store.run_sync(lambda tx: _submit(tx, self.site, said, outside))

    def _say(self, role: Role, said: list[Said], pace_ms: int = 0) -> None:
        """Whatever an operation's outcome: a handheld hears of it, and goes on."""
        if said:
            self._push(self.store, self.crew[role].frames(said, self.clock.now, pace_ms))

    def _rows(self, statement: sa.Select[Any]) -> list[Any]:
        return self.store.run_sync(lambda tx: list(tx.conn.execute(statement)))

    def _intake(self, count: int) -> None:
        if self.made % (A_DAY * 50) == 0:
            self._system(refill(self.goods))
        some = [self._order() for _ in range(count)]
        self._system([("orders.import_order.v1", o) for o in some], outside=True)
        off = [o.ref for o in some if self.chance.random() < self.shares.cancelled]
        found = sa.select(orders.c.id).where(orders.c.site == self.site, orders.c.ref.in_(off))
        gone = [
            CancelOrder(order=r.id, reason="bought twice")
            for r in self._rows(_by_id(found, orders))
        ]
        self._say(Role.SUPERVISOR, [("orders.cancel_order.v1", op) for op in gone])

    def _order(self) -> ImportOrder:
        self.made += 1
        who = person(self.chance.randrange(self.people))
        shape = self.shapes.one(self.chance)
        late = self.chance.random() < self.shares.late
        placed = self.clock.now - self.chance.randrange(1, 15 * HOUR_MS)
        return ImportOrder(
            channel="EC",
            ref=f"M{self.made:08}",
            customer=who.id,
            customer_name=who.name,
            ship_to=who.ship_to,
            currency="GBP",
            placed_at=placed,
            due_at=placed + (6 * HOUR_MS if late else 3 * DAY_MS),
            lines=[
                OrderLine(sku=good.sku, name=good.name, qty=qty, price=good.price)
                for good, qty in zip(self.chance.sample(self.goods, len(shape)), shape, strict=True)
            ],
        )

    def _release(self) -> None:
        wave = PlanWave(max_orders=200, policy="s_shape", mode="single")
        self._system([("picking.plan_wave.v1", wave)])
        plan_waiting(self.store)

    def _take(self, kind: str) -> list[tuple[str, Said]]:
        open_ones = sa.select(task.c.id, task.c.epoch, task.c.ref).where(
            task.c.site == self.site, task.c.kind == kind, task.c.state == "open"
        )
        return [
            (r.id, ("floor.take_task.v1", TakeTask(task=r.id, expects=r.epoch)))
            for r in self._rows(_by_id(open_ones, task))
        ]

    def _pick(self) -> None:
        waiting = self._take("pick")
        lines = self._lines(pick_line, [t for t, _ in waiting])
        said: list[Said] = []
        for name, take in waiting:
            said += [take, *(self._pick_line(name, r) for r in lines[name])]
            said.append(("picking.finish_task.v1", FinishTask(task=name)))
        # Between the wave and now, or it was the picking of days.
        pace_ms = min(PACE_MS, 50 * MINUTE_MS // max(1, len(said)))
        self._say(Role.PICKER, said, pace_ms)

    def _pick_line(self, name: str, r: Any) -> Said:
        same = {"task": name, "line": r.no, "bin": r.bin, "sku": r.sku}
        if r.qty > 1 and self.chance.random() < self.shares.short:
            return "picking.report_short.v1", ReportShort(**same, found=r.qty - 1, reason="missing")
        return "picking.confirm_pick.v1", ConfirmPick(**same, qty=r.qty)

    def _pack(self) -> None:
        waiting = self._take("pack")
        names = [t for t, _ in waiting]
        lines = self._lines(pack_line, names)
        found = sa.select(task.c.id, parcel.c.number).join(parcel, parcel.c.shipment == task.c.ref)
        number = {r.id: r.number for r in self._rows(found.where(task.c.id.in_(names)))}
        said: list[Said] = []
        for name, take in waiting:
            checks = [CheckItem(task=name, line=r.no, sku=r.sku, packed=r.qty) for r in lines[name]]
            weight = sum(self._grams[r.sku] * r.qty for r in lines[name])
            closed = ClosePack(task=name, parcel=number[name], weight_g=weight)
            said += [take, *(("packing.check_item.v1", c) for c in checks)]
            said.append(("packing.close_pack.v1", closed))
        self._say(Role.PACKER, said)

    def _lines(self, table: sa.Table, tasks: list[str]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = defaultdict(list)
        wanted = sa.select(table).where(table.c.task.in_(tasks))
        for r in self._rows(wanted.order_by(table.c.task, table.c.no)):
            found[r.task].append(r)
        return found

    def _deliver(self, begin: int) -> None:
        self._system([("pod.plan_run.v1", PlanRun(max_stops=200))])
        waiting = self._take("drive")
        stops = self._rows(
            sa.select(stop, parcel.c.number, orders.c.customer_name)
            .join(parcel, parcel.c.shipment == stop.c.shipment)
            .join(orders, orders.c.id == stop.c.order_id)
            .where(stop.c.task.in_([t for t, _ in waiting]))
            .order_by(stop.c.run, stop.c.seq)
        )
        said = [take for _, take in waiting]
        said += [
            ("pod.load_parcel.v1", LoadParcel(run=s.run, stop=s.id, parcel=s.number)) for s in stops
        ]
        runs = sorted({s.run for s in stops})
        said += [("pod.depart.v1", Depart(run=r, vehicle="VAN-1")) for r in runs]
        self._say(Role.DRIVER, said)
        self._at(begin, 16)
        self._doors(stops, runs)

    def _doors(self, stops: list[Any], runs: list[str]) -> None:
        goods: dict[str, list[Any]] = defaultdict(list)
        wanted = sa.select(order_line).where(order_line.c.order_id.in_([s.order_id for s in stops]))
        for r in self._rows(wanted.order_by(order_line.c.order_id, order_line.c.no)):
            goods[r.order_id].append(r)
        driver = self.crew[Role.DRIVER]
        said: list[Said] = []
        back: list[Said] = []
        for s in stops:
            refused = self.chance.random() < self.shares.refused
            said.append(("pod.arrive.v1", Arrive(stop=s.id)))
            outcome = "refused" if refused else "full"
            mine = goods[s.order_id]
            said.append(proof(driver, s, mine, outcome, s.customer_name, self.clock.now))
            if refused:
                off = [BackLine(no=g.no, sku=g.sku, back=g.picked) for g in mine]
                back.append(("pod.return_parcel.v1", ReturnParcel(run=s.run, stop=s.id, lines=off)))
        ends: list[Said] = [("pod.finish_returns.v1", FinishReturns(run=r)) for r in runs]
        self._say(Role.DRIVER, [*said, *back, *(ends if back else [])])

    def _send_back(self) -> None:
        """Customers announce what they send back; it comes the same evening, with the refused."""
        today = sa.select(orders.c.id).where(
            orders.c.site == self.site,
            orders.c.state == "delivered",
            orders.c.changed_at >= self.clock.now - 10 * HOUR_MS,
        )
        chosen = [r.id for r in self._rows(_by_id(today, orders)) if self._returned()]
        one = [WantedLine(no=1, qty=1)]
        wishes = [StartReturn(order=o, reason="changed_mind", lines=one) for o in chosen]
        self._system([("returns.start_return.v1", w) for w in wishes])
        came: dict[str, list[CameLine]] = defaultdict(list)
        opened = sa.select(rma_line).join(rma, rma.c.id == rma_line.c.rma)
        opened = opened.where(rma.c.site == self.site, rma.c.state == "opened")
        for r in self._rows(opened.order_by(rma_line.c.rma, rma_line.c.no)):
            came[r.rma].append(CameLine(no=r.no, sku=r.sku, qty=r.back))
        received = [ReceiveReturn(rma=r, lines=lines) for r, lines in came.items()]
        self._say(Role.PACKER, [("returns.receive_return.v1", op) for op in received])

    def _returned(self) -> bool:
        return self.chance.random() < self.shares.returned


class LifeBroken(Exception):
    """An operation was refused: the seeder and the rules do not agree."""


def _by_id(found: sa.Select[Any], table: sa.Table) -> sa.Select[Any]:
    return found.order_by(table.c.id)


def _submit(tx: Tx, site: str, said: list[Stated], outside: bool) -> None:
    for name, op in said:
        ref = (
            Outside("many", f"{site}/{op.ref}") if outside and isinstance(op, ImportOrder) else None
        )
        verdict = submit(tx, site, "many", name, op, ref)
        if verdict.outcome is not Outcome.APPLIED:
            raise LifeBroken(f"{name}: {verdict.outcome} {verdict.code} {verdict.data}")
