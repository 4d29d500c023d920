"""How a wave's orders are picked: each alone, several on a cart, or from zone to zone.

    single    one order, one tote
    cluster   one tote for each order on the cart; every pick ends with a scan of its tote
    batch     one bin's pieces for several orders in one go; sorted into totes at the end
    zone      a cluster's cart goes from zone to zone; each zone's picker hands it over

All are planned and compared by metres a line, with what a put or a sort costs on top. Large orders
and those that need care are picked alone whatever the mode. Pure; one snapshot in, one plan out.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from server.picking.batching import BatchOrder, Capacity, arrival, batch
from server.picking.geometry import Layout, Spot
from server.picking.routes import Policy, Route, Stop, route, route_anywhere

Mode = Literal["single", "cluster", "batch", "zone"]
MODES: tuple[Mode, ...] = ("single", "cluster", "batch", "zone")
LINES_PER_TASK = 60
"""A cart is full and a route long enough by then; larger orders are shared by several pickers."""
HANDLING_DM: dict[Mode, int] = {"single": 0, "cluster": 30, "batch": 60, "zone": 30}
"""Seconds a line that a mode costs beside walking, as decimetres at 1 m/s: the scan of a tote, the
sorting afterwards."""
HANDOVER_DM = 300
"""Setting a cart down and finding it again."""


class CartRules(msgspec.Struct, frozen=True, kw_only=True):
    """The site's setting `cart`. `totes`: orders of a cluster; `orders`: of a batch; an order of
    more than `large_lines` lines is picked alone."""

    totes: int = 8
    orders: int = 20
    weight_g: int = 80_000
    lines: int = LINES_PER_TASK
    large_lines: int = 20


class WaveLine(msgspec.Struct, frozen=True, kw_only=True):
    """`rank`: heavy 0 before light 1 in one tote. `weight_g` of all its pieces."""

    no: int
    order: str
    bin: str
    spot: Spot
    zone: str = ""
    rank: int = 1
    weight_g: int = 0


class WaveOrder(msgspec.Struct, frozen=True, kw_only=True):
    """`special`: it needs care, so it goes alone."""

    id: str
    special: bool = False


class WaveAsk(msgspec.Struct, frozen=True, kw_only=True):
    """A wave as the planner sees it; orders as they came. `mode` empty: compare all."""

    wave: str
    layout: Layout
    orders: list[WaveOrder]
    lines: list[WaveLine]
    policy: Policy = "optimal"
    mode: str = ""
    cart: CartRules = CartRules()
    seed: int = 0
    rounds: int = 20


class PlannedTask(msgspec.Struct, frozen=True, kw_only=True):
    """`lines`: numbers of the wave's lines in walking order. `orders`: by slot from 1, or the one
    order of a single task. `after`: which of the option's tasks hands its cart to this one."""

    mode: Mode
    orders: list[str]
    lines: list[int]
    dm: int
    s_shape_dm: int
    policy: str
    zone: str = ""
    after: int | None = None


class Option(msgspec.Struct, frozen=True, kw_only=True):
    mode: Mode
    tasks: list[PlannedTask]
    dm: int
    s_shape_dm: int
    handling_dm: int


class WavePlan(msgspec.Struct, frozen=True, kw_only=True):
    """`arrival_dm`: carts filled as orders came, walked by S-shape."""

    options: list[Option]
    proposed: Mode
    arrival_dm: int


def plan(ask: WaveAsk) -> WavePlan:
    """Every mode that fits the wave (or just the one asked for), and the one that costs least."""
    made = [_option(ask, mode) for mode in _wanted(ask)]
    best = min(made, key=lambda o: (o.dm + o.handling_dm, MODES.index(o.mode)))
    return WavePlan(options=made, proposed=best.mode, arrival_dm=_arrival_dm(ask))


def _wanted(ask: WaveAsk) -> list[Mode]:
    if ask.mode:
        return [mode for mode in MODES if mode == ask.mode]
    by_order = _by_order(ask.lines)
    if sum(not _is_alone(ask, o, by_order[o.id]) for o in ask.orders) < 2:
        return ["single"]
    has_zones = len({line.zone for line in ask.lines}) > 1
    return [mode for mode in MODES if has_zones or mode != "zone"]


def _option(ask: WaveAsk, mode: Mode) -> Option:
    by_order = _by_order(ask.lines)
    alone = [o for o in ask.orders if mode == "single" or _is_alone(ask, o, by_order[o.id])]
    tasks = [_task(ask, "single", [o.id], s) for o in alone for s in _shares(by_order[o.id])]
    gone = {o.id for o in alone}
    together = [o for o in ask.orders if o.id not in gone]
    for cart in _carts(ask, mode, together, by_order):
        tasks += _cart_tasks(ask, mode, cart, by_order, len(tasks))
    return Option(
        mode=mode,
        tasks=tasks,
        dm=sum(t.dm for t in tasks),
        s_shape_dm=sum(t.s_shape_dm for t in tasks),
        handling_dm=sum(_handling_dm(t) for t in tasks),
    )


def _handling_dm(task: PlannedTask) -> int:
    handed = HANDOVER_DM if task.after is not None else 0
    return HANDLING_DM[task.mode] * len(task.lines) + handed


def _is_alone(ask: WaveAsk, order: WaveOrder, lines: Sequence[WaveLine]) -> bool:
    too_heavy = sum(line.weight_g for line in lines) > ask.cart.weight_g
    return order.special or too_heavy or len(lines) > ask.cart.large_lines


def _carts(
    ask: WaveAsk, mode: Mode, orders: Sequence[WaveOrder], by_order: dict[str, list[WaveLine]]
) -> list[list[str]]:
    if not orders:
        return []
    capacity = _capacity(ask.cart, mode)
    asked = _batch_orders(orders, by_order)
    layout = ask.layout
    return batch(layout, layout.start, asked, capacity, ask.seed, ask.rounds)


def _capacity(cart: CartRules, mode: Mode) -> Capacity:
    totes = cart.orders if mode == "batch" else cart.totes
    return Capacity(totes=totes, weight_g=cart.weight_g, picks=cart.lines)


def _batch_orders(
    orders: Sequence[WaveOrder], by_order: dict[str, list[WaveLine]]
) -> list[BatchOrder]:
    return [
        BatchOrder(
            id=o.id,
            spots=tuple(line.spot for line in by_order[o.id]),
            weight_g=sum(line.weight_g for line in by_order[o.id]),
        )
        for o in orders
    ]


def _cart_tasks(
    ask: WaveAsk, mode: Mode, cart: list[str], by_order: dict[str, list[WaveLine]], first: int
) -> list[PlannedTask]:
    """One task, or one for each zone that the cart passes, each after the one before."""
    if len(cart) == 1:
        return [_task(ask, "single", cart, share) for share in _shares(by_order[cart[0]])]
    lines = [line for order in cart for line in by_order[order]]
    if mode != "zone":
        return [_task(ask, mode, cart, lines)]
    zones = sorted({line.zone for line in lines}, key=lambda z: _first_aisle(lines, z))
    return [
        _task(ask, mode, cart, [ln for ln in lines if ln.zone == zone], zone, _before(first, at))
        for at, zone in enumerate(zones)
    ]


def _before(first: int, at: int) -> int | None:
    return first + at - 1 if at else None


def _first_aisle(lines: Iterable[WaveLine], zone: str) -> tuple[int, str]:
    return min(line.spot.aisle for line in lines if line.zone == zone), zone


def _task(
    ask: WaveAsk,
    mode: Mode,
    orders: list[str],
    lines: Sequence[WaveLine],
    zone: str = "",
    after: int | None = None,
) -> PlannedTask:
    """Heavy goods go under light ones of the same tote, so they are picked first."""
    slots = {order: str(at) for at, order in enumerate(orders)}
    stops = [Stop(line.spot, line.rank, slots[line.order]) for line in lines]
    walk = _walk(ask, stops, zone, lines)
    return PlannedTask(
        mode=mode,
        orders=orders,
        lines=[lines[at].no for at in bins_together(walk.order, lines)],
        dm=walk.length,
        s_shape_dm=walk.s_shape,
        policy=walk.policy,
        zone=zone,
        after=after,
    )


def _walk(ask: WaveAsk, stops: Sequence[Stop], zone: str, lines: Sequence[WaveLine]) -> Route:
    """A zone's picker starts at the front of the zone and leaves the cart there."""
    layout = ask.layout
    if not zone:
        return route_anywhere(layout, stops, ask.policy)
    front = Spot(min(line.spot.aisle for line in lines), layout.start.y)
    return route(layout, front, front, stops, ask.policy)


def bins_together(order: Sequence[int], lines: Sequence[WaveLine]) -> list[int]:
    """Lines of one bin that the walk meets one after the other, side by side."""
    turn: dict[tuple[Spot, str], int] = {}
    places: list[int] = []
    before: Spot | None = None
    for at, line in enumerate(order):
        if lines[line].spot != before:
            turn.clear()
        before = lines[line].spot
        places.append(turn.setdefault((before, lines[line].bin), at))
    return [line for _, line in sorted(zip(places, order, strict=True))]


def _shares(lines: Sequence[WaveLine]) -> list[list[WaveLine]]:
    """Neighbouring bins stay together: large orders are cut along the bin codes."""
    ordered = sorted(lines, key=lambda line: (line.bin, line.no))
    return [ordered[i : i + LINES_PER_TASK] for i in range(0, len(ordered), LINES_PER_TASK)]


def _by_order(lines: Iterable[WaveLine]) -> dict[str, list[WaveLine]]:
    found: dict[str, list[WaveLine]] = {}
    for line in lines:
        found.setdefault(line.order, []).append(line)
    return found


def _arrival_dm(ask: WaveAsk) -> int:
    by_order = _by_order(ask.lines)
    capacity = _capacity(ask.cart, "cluster")
    if ask.mode == "single":
        capacity = Capacity(totes=1)
    layout, walked = ask.layout, 0
    for cart in arrival(_batch_orders(ask.orders, by_order), capacity):
        stops = [Stop(line.spot) for order in cart for line in by_order[order]]
        walked += route_anywhere(layout, stops, "s_shape").length
    return walked
