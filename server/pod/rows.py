"""Runs and stops as the driver's phone and the board hold them."""

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.floor.tables import task as task_table
from server.floor.tasks import TaskMoved, progress
from server.kernel.events import reacts
from server.kernel.feeds import Row, RowSink, board_scope, person_scope, projects, row
from server.kernel.ops import OpContext
from server.orders.tables import order_line, orders
from server.packing.tables import pallet, parcel
from server.pod import deliveries
from server.pod.coming_back import to_come
from server.pod.load_rules import SHORT
from server.pod.papers import papers_lacking
from server.pod.rules import Clause, Question, StopPolicy
from server.pod.tables import load, order_pin, pod_policy, receiver_sign, run, stop


class StopParcel(msgspec.Struct, frozen=True):
    """`short`: missing or damaged, where it does not go along. `pallet`: the finished one that it
    stands on."""

    number: str
    loaded: bool
    short: str = ""
    pallet: str = ""


class StopLine(msgspec.Struct, frozen=True):
    no: int
    sku: str
    name: str
    qty: int


class StopBack(msgspec.Struct, frozen=True):
    """`qty`: pieces that were not delivered; `back`: of them scanned off the van."""

    no: int
    sku: str
    qty: int
    back: int


class StopPin(msgspec.Struct, frozen=True):
    """What a PIN is checked against: PBKDF2 with SHA-256, salt and hash as hex."""

    salt: str
    hash: str
    rounds: int


class StopSigned(msgspec.Struct, frozen=True):
    """What the receiver signed on a phone of their own."""

    link: str
    receiver: str
    signature: str
    pin: str
    shown: str
    at: int


class StopAsks(msgspec.Struct, frozen=True):
    """The proof policy, for outcome and reason to be filled in: revision `rev`.

    `correct_ms`: within which a proof may be corrected by another."""

    rev: str
    clauses: list[Clause]
    checklist: list[Question]
    stages: list[Question]
    correct_ms: int


@row("run")
class RunRow(Row):
    """Key: run. `task` is the lease a driver holds on it. `leaves_at`, `back_by`: the shift,
    `back_at`: when it will be back (ms; 0 or None: nobody planned it). `lat_e7`, `lon_e7`: where
    the van was seen last."""

    id: str
    number: int
    task: str
    state: str
    vehicle: str
    stops: int
    closed: int
    driver: str | None
    leaves_at: int
    back_by: int
    back_at: int | None
    metres: int
    room_g: int
    room_parcels: int
    lat_e7: int | None
    lon_e7: int | None
    seen_at: int | None


@row("stop")
class StopRow(Row):
    """Key: stop. `proof`: hash of the record that counts. `back`: what the depot waits for. `eta`:
    when it will be reached, `opens_at` to `closes_at`: when it may be (ms; 0 or None: not said)."""

    id: str
    run: str
    task: str
    seq: int
    order: str
    order_number: str
    state: str
    outcome: str | None
    reason: str | None
    name: str
    street: str
    city: str
    postcode: str
    country: str
    phone: str
    parcels: list[StopParcel]
    lines: list[StopLine]
    lat_e7: int | None
    lon_e7: int | None
    opens_at: int
    closes_at: int
    eta: int | None
    policy: StopAsks
    pin: StopPin | None
    signed: StopSigned | None
    proof: str | None
    closed_at: int | None
    left_behind: bool
    back: list[StopBack]
    papers: list[str]


@row("stop_state")
class StopStateRow(Row):
    """A stop on the board: key stop. `placed_by`: who knew where it is; `loaded`: some of it is on
    the van; `delayed`: it comes so late that customer service calls."""

    id: str
    run: str
    seq: int
    order: str
    order_number: str
    state: str
    outcome: str | None
    reason: str | None
    city: str
    lat_e7: int | None
    lon_e7: int | None
    placed_by: str
    opens_at: int
    closes_at: int
    eta: int | None
    delayed: bool
    loaded: bool


_STOP = (
    sa.select(
        stop,
        task_table.c.assignee,
        task_table.c.state.label("task_state"),
        orders.c.number.label("order_number"),
        orders.c.customer_name,
        orders.c.ship_to,
        pod_policy.c.body.label("policy_body"),
    )
    .join(task_table, task_table.c.id == stop.c.task)
    .join(orders, orders.c.id == stop.c.order_id)
    .outerjoin(
        pod_policy, sa.and_(pod_policy.c.site == stop.c.site, pod_policy.c.rev == stop.c.policy)
    )
)
_NO_POLICY = StopPolicy(clauses=[], checklist=[], stages=[], correct_ms=0)


@projects("stop")
def show_stops(sink: RowSink, ids: Iterable[str]) -> None:
    records = sink.conn.execute(_STOP.where(stop.c.id.in_(list(ids)))).mappings().all()
    parcels = _parcels(sink.conn, [r["id"] for r in records])
    driven = [r for r in records if r["task_state"] == "held" and r["assignee"]]
    about = _About(sink.conn, sink.site, driven)
    for r in records:
        to = msgspec.json.decode(r["ship_to"])
        boxes = parcels.get(r["id"], [])
        sink.put(board_scope(sink.site), "stop_state", r["id"], _state_row(r, to, boxes))
    for r in driven:
        sink.put(person_scope(r["assignee"]), "stop", r["id"], about.row(r))


def _state_row(r: Any, to: dict[str, str], parcels: list[StopParcel]) -> StopStateRow:
    same = {f: r[f] for f in StopStateRow.__struct_fields__ if f in r}
    return StopStateRow(
        **same,
        order=r["order_id"],
        city=to.get("city", ""),
        loaded=any(parcel.loaded for parcel in parcels),
    )


class _About:
    """What stands beside the stops of one projection, each asked for once."""

    def __init__(self, conn: Any, site: str, records: list[Any]) -> None:
        stops, of = [r["id"] for r in records], [r["order_id"] for r in records]
        self.parcels = _parcels(conn, stops)
        self.lines = _lines(conn, of)
        self.pins = _beside(conn, order_pin, order_pin.c.order_id, of, StopPin)
        self.signed = _beside(conn, receiver_sign, receiver_sign.c.stop, stops, StopSigned)
        self.back = to_come(conn, stops)
        self.lack = papers_lacking(conn, site, of)

    def row(self, r: Any) -> StopRow:
        to = msgspec.json.decode(r["ship_to"])
        address = {f: to.get(f, "") for f in ("street", "city", "postcode", "country", "phone")}
        same: dict[str, Any] = {f: r[f] for f in StopRow.__struct_fields__ if f in r}
        body = r["policy_body"]
        policy = msgspec.json.decode(body, type=StopPolicy) if body else _NO_POLICY
        beside: dict[str, Any] = {
            "order": r["order_id"],
            "name": to.get("name") or r["customer_name"],
            "parcels": self.parcels.get(r["id"], []),
            "lines": self.lines.get(r["order_id"], []),
            "policy": StopAsks(rev=r["policy"], **msgspec.structs.asdict(policy)),
            "pin": self.pins.get(r["order_id"]),
            "signed": self.signed.get(r["id"]),
            "papers": self.lack.get(r["order_id"], []),
            "back": [StopBack(b.no, b.sku, b.qty, b.back) for b in self.back.get(r["id"], [])],
        }
        return StopRow(**same | address | beside)


def _beside(conn: Any, table: sa.Table, key: Any, wanted: list[str], kind: Any) -> dict[str, Any]:
    found = sa.select(table).where(key.in_(wanted))
    return {
        r[key.name]: kind(**{f: r[f] for f in kind.__struct_fields__})
        for r in conn.execute(found).mappings()
    }


def _parcels(conn: Any, stops: list[str]) -> dict[str, list[StopParcel]]:
    built = sa.and_(pallet.c.number == parcel.c.pallet, pallet.c.state == "built")
    found = (
        sa.select(load, pallet.c.number.label("pallet"))
        .outerjoin(parcel, parcel.c.number == load.c.parcel)
        .outerjoin(pallet, built)
        .where(load.c.stop.in_(stops))
        .order_by(load.c.parcel)
    )
    made: dict[str, list[StopParcel]] = {}
    for r in conn.execute(found):
        made.setdefault(r.stop, []).append(_parcel(r))
    return made


def _parcel(r: Any) -> StopParcel:
    short = r.state if r.state in SHORT else ""
    return StopParcel(r.parcel, r.state == "loaded", short, r.pallet or "")


def _lines(conn: Any, order_ids: list[str]) -> dict[str, list[StopLine]]:
    """What is aboard once the van has left; until then what shall be."""
    found = sa.select(order_line).where(order_line.c.order_id.in_(order_ids))
    rows = conn.execute(found.order_by(order_line.c.order_id, order_line.c.no)).all()
    aboard = deliveries.aboard(rows)
    made: dict[str, list[StopLine]] = {}
    for r in rows:
        if qty := aboard[r.order_id, r.no]:
            made.setdefault(r.order_id, []).append(StopLine(r.no, r.sku, r.name, qty))
    return made


@projects("run")
def show_runs(sink: RowSink, ids: Iterable[str]) -> None:
    found = (
        sa.select(
            run,
            task_table.c.assignee,
            task_table.c.state.label("task_state"),
            sa.func.count(stop.c.id).label("stops"),
            sa.func.count(stop.c.closed_at).label("closed"),
        )
        .join(task_table, task_table.c.id == run.c.task)
        .outerjoin(stop, stop.c.run == run.c.id)
        .where(run.c.id.in_(list(ids)))
        .group_by(*run.c, task_table.c.assignee, task_table.c.state)
    )
    for r in sink.conn.execute(found).mappings():
        same = {f: r[f] for f in RunRow.__struct_fields__ if f in r}
        shown = RunRow(**same, driver=r["assignee"])
        sink.put(board_scope(sink.site), "run", shown.id, shown)
        if r["task_state"] == "held" and r["assignee"]:
            sink.put(person_scope(r["assignee"]), "run", shown.id, shown)


@reacts(TaskMoved)
def stops_follow_their_run(event: TaskMoved, ctx: OpContext) -> None:
    if event.task_kind != "drive":
        return
    stops = list(ctx.conn.execute(sa.select(stop.c.id).where(stop.c.task == event.task)).scalars())
    run_id = ctx.conn.execute(sa.select(run.c.id).where(run.c.task == event.task)).scalar()
    if run_id is None:
        return
    if event.before:
        ctx.drop(person_scope(event.before), "run", run_id)
        for stop_id in stops:
            ctx.drop(person_scope(event.before), "stop", stop_id)
    ctx.touch("run", run_id)
    for stop_id in stops:
        ctx.touch("stop", stop_id)


progress("drive", stop.c.task, stop.c.closed_at.is_not(None))


def parcels_of(conn: Any, shipment: str) -> list[str]:
    found = sa.select(parcel.c.number).where(parcel.c.shipment == shipment)
    return list(conn.execute(found.order_by(parcel.c.number)).scalars())
