"""The formats of routing tasks in files: ``pick-route/1`` and its like, lengths in decimetres."""

from collections.abc import Sequence

import msgspec

from server.picking.geometry import Crossing, Layout, Spot, layout_problems

PickId = int | str


class Warehouse(msgspec.Struct):
    aisles: int
    aisle_gap: int
    block_lengths: tuple[int, ...]
    depot: Crossing
    dropoff: Crossing | None = None
    aisle_direction: tuple[int, ...] = ()
    no_turn: tuple[int, ...] = ()


class Place(msgspec.Struct):
    """A crossing of an aisle with a cross aisle, or a point in a block."""

    aisle: int
    cross: int | None = None
    block: int = 0
    offset: int = 0
    qty: int | None = None


class Pick(Place, kw_only=True):
    id: PickId
    weight_class: str = msgspec.field(name="class", default="light")


class Variant(msgspec.Struct):
    start: Place | None = None
    end: Place | None = None
    remaining: tuple[PickId, ...] | None = None


class OrderLine(msgspec.Struct):
    id: PickId
    locations: tuple[Place, ...]
    qty: int = 1


class WaveOrder(msgspec.Struct):
    id: PickId
    lines: tuple[Place, ...]
    weight_g: int = 0
    volume_ml: int = 0


class Cart(msgspec.Struct):
    orders: int = 0
    weight_g: int = 0
    volume_ml: int = 0


class Instance(msgspec.Struct):
    id: PickId
    warehouse: Warehouse


class RouteInstance(Instance):
    picks: tuple[Pick, ...]
    variants: dict[str, Variant] = {}


class ScatteredInstance(Instance):
    lines: tuple[OrderLine, ...]


class WaveInstance(Instance):
    orders: tuple[WaveOrder, ...]
    cart: Cart


class Problem(ValueError):
    """A field, its value, and what would mend it."""

    def __init__(self, field: str, value: object, mend: str) -> None:
        super().__init__(f"{field}: {value!r}: {mend}")


def layout_of(house: Warehouse) -> Layout:
    fields = msgspec.structs.asdict(house)
    fields["gap"] = fields.pop("aisle_gap")
    layout: Layout = msgspec.convert(fields, Layout, from_attributes=True)
    for problem in layout_problems(layout):
        raise Problem(f"warehouse.{problem.field}", problem.value, problem.mend)
    return layout


def spot_of(layout: Layout, place: Place, field: str) -> Spot:
    blocks = len(layout.block_lengths)
    _check(f"{field}.aisle", place.aisle, layout.aisles - 1)
    if place.cross is not None:
        _check(f"{field}.cross", place.cross, blocks)
        return layout.crossing(Crossing(place.aisle, place.cross))
    _check(f"{field}.block", place.block, blocks - 1)
    _check(f"{field}.offset", place.offset, layout.block_lengths[place.block])
    return layout.at(place.aisle, place.block, place.offset)


def _check(field: str, value: int, most: int) -> None:
    if not 0 <= value <= most:
        raise Problem(field, value, f"use 0 to {most}")


def numbers_of(ids: Sequence[PickId], field: str) -> dict[PickId, int]:
    numbers = {one: at for at, one in reversed(list(enumerate(ids)))}
    for at, one in enumerate(ids):
        if numbers[one] != at:
            raise Problem(f"{field}[{at}].id", one, "give each its own id")
    return dict(reversed(numbers.items()))
