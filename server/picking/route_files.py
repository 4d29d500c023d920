"""Files of routing tasks, read and solved without a site: ``dockhand route FILE``.

The formats: ``pick-route/1``, ``pick-oneway/1``, ``pick-scattered/1``, ``pick-wave/1``, JSON
with lengths in decimetres. Each instance gives one answer, a ``pick-route`` one more for each
variant that it describes. `ms` is the processor's time, so that a busy machine does not matter.
"""

from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

import msgspec

from server.picking.geometry import Layout
from server.picking.ranks import HEAVY, LIGHT
from server.picking.route_formats import (
    Instance,
    OrderLine,
    Problem,
    RouteInstance,
    ScatteredInstance,
    Variant,
    WaveInstance,
    layout_of,
    numbers_of,
    spot_of,
)
from server.picking.routes import Policy, Route, Stop, route
from server.picking.scattered import Line, Location, NotEnough, route_scattered


class BadRouteFile(ValueError):
    """What is wrong, where, and what to do."""


class _Head(msgspec.Struct):
    format: str
    instances: list[msgspec.Raw]


Answer = dict[str, Any]
"""One line of the output; lengths in decimetres."""


def answers(path: Path, policy: Policy) -> Iterator[Answer]:
    """The answer to each instance and variant of a file. Raises ``BadRouteFile``."""
    head = _head(path)
    kind, solve = _FORMATS[head.format]
    for at, raw in enumerate(head.instances):
        where = f"{path}: instances[{at}]"
        try:
            instance = msgspec.json.decode(raw, type=kind)
            yield from solve(instance, layout_of(instance.warehouse), policy)
        except msgspec.ValidationError as problem:
            raise BadRouteFile(f"{where}: {problem}") from problem
        except Problem as problem:
            raise BadRouteFile(f"{where}.{problem}") from problem


def _head(path: Path) -> _Head:
    try:
        head = msgspec.json.decode(path.read_bytes(), type=_Head)
    except OSError as problem:
        raise BadRouteFile(f"{path}: {problem.strerror}") from problem
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise BadRouteFile(f"{path}: {problem}") from problem
    if head.format not in _FORMATS:
        known = ", ".join(_FORMATS)
        raise BadRouteFile(f"{path}: format {head.format!r} is none of {known}")
    return head


def _solve_route(instance: RouteInstance, layout: Layout, policy: Policy) -> Iterator[Answer]:
    yield _routed(instance, layout, policy, "closed", Variant())
    for name, variant in instance.variants.items():
        if name in ("open_end", "reroute", "heavy_first"):
            yield _routed(instance, layout, policy, name, variant)


def _solve_oneway(instance: RouteInstance, layout: Layout, policy: Policy) -> Iterator[Answer]:
    yield _routed(instance, layout, policy, "oneway", Variant())


def _routed(
    instance: RouteInstance, layout: Layout, policy: Policy, name: str, variant: Variant
) -> Answer:
    began = process_time()
    field = f"variants.{name}"
    start, end = (
        spot_of(layout, place, f"{field}.{which}") if place else layout.start
        for which, place in (("start", variant.start), ("end", variant.end))
    )
    numbers = numbers_of([pick.id for pick in instance.picks], "picks")
    left = variant.remaining if variant.remaining is not None else tuple(numbers)
    for pick in left:
        if pick not in numbers:
            raise Problem(f"{field}.remaining", pick, "name the picks by their ids")
    stops = [_stop(instance, layout, numbers[pick], name) for pick in left]
    found = route(layout, start, end, stops, policy)
    return _answer(instance, name, found, began) | {"order": [left[at] for at in found.order]}


def _stop(instance: RouteInstance, layout: Layout, at: int, variant: str) -> Stop:
    pick = instance.picks[at]
    light = variant == "heavy_first" and pick.weight_class != "heavy"
    return Stop(spot_of(layout, pick, f"picks[{at}]"), LIGHT if light else HEAVY)


def _answer(instance: Instance, variant: str, found: Route, began: float) -> Answer:
    return {
        "id": instance.id,
        "variant": variant,
        "policy": found.policy,
        "order": [],
        "length": found.length,
        "proven": found.proven,
        "s_shape": found.s_shape,
        "ms": round(1000 * (process_time() - began), 3),
    }


def _solve_scattered(
    instance: ScatteredInstance, layout: Layout, policy: Policy
) -> Iterator[Answer]:
    began = process_time()
    lines = [
        Line(line.qty, tuple(_locations(layout, line, f"lines[{at}]")))
        for at, line in enumerate(instance.lines)
    ]
    try:
        found = route_scattered(layout, layout.start, layout.start, lines, policy)
    except NotEnough as problem:
        line = instance.lines[problem.line]
        mend = f"the locations hold less than qty {line.qty}"
        raise Problem(f"lines[{problem.line}]", line.id, mend) from problem
    yield _answer(instance, "scattered", found.route, began) | {
        "order": [instance.lines[found.lines[at]].id for at in found.route.order],
        "chosen": [option[0] if len(option) == 1 else option for option in found.chosen],
        "proven": found.proven,
    }


def _locations(layout: Layout, line: OrderLine, field: str) -> Iterator[Location]:
    for at, place in enumerate(line.locations):
        yield Location(spot_of(layout, place, f"{field}.locations[{at}]"), place.qty)


def _solve_wave(instance: WaveInstance, layout: Layout, policy: Policy) -> Iterator[Answer]:
    from server.picking.batching import BatchOrder, Capacity, batch  # noqa: PLC0415  loads NumPy

    began = process_time()
    numbers_of([str(order.id) for order in instance.orders], "orders")
    names = {str(order.id): order for order in instance.orders}
    spots = {
        name: [spot_of(layout, line, f"orders[{order.id}]") for line in order.lines]
        for name, order in names.items()
    }
    orders = [
        BatchOrder(
            id=name,
            spots=tuple(spots[name]),
            weight_g=order.weight_g,
            volume_ml=order.volume_ml,
        )
        for name, order in names.items()
    ]
    cart = instance.cart
    capacity = Capacity(totes=cart.orders, weight_g=cart.weight_g, volume_ml=cart.volume_ml)
    carts = batch(layout, layout.start, orders, capacity)
    tours = [
        route(layout, layout.start, layout.start, [Stop(s) for o in cart for s in spots[o]], policy)
        for cart in carts
    ]
    found = Route(
        (),
        sum(t.length for t in tours),
        policy,
        proven=False,
        s_shape=sum(t.s_shape for t in tours),
    )
    yield _answer(instance, "wave", found, began) | {
        "batches": [[names[order].id for order in cart] for cart in carts]
    }


_FORMATS: dict[str, Any] = {
    "pick-route/1": (RouteInstance, _solve_route),
    "pick-oneway/1": (RouteInstance, _solve_oneway),
    "pick-scattered/1": (ScatteredInstance, _solve_scattered),
    "pick-wave/1": (WaveInstance, _solve_wave),
}
