"""Bins that a layout file describes by rule: shelves of regular bays, and zones."""

import re
import string
from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from server.picking.geometry import Bin, Decimetres, Index, Layout, LayoutProblem

BIN_CODE = re.compile(r"[A-Za-z0-9:._/-]{1,39}")
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
_NAMES = ("aisle", "block", "bay", "position", "side", "level")
_WIDTH = re.compile(r"0?[1-9]?")


class Zone(msgspec.Struct, frozen=True):
    """A part of the floor with a name; no ``blocks``: the whole aisles."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=39)]
    aisles: Annotated[tuple[Index, ...], msgspec.Meta(min_length=1)]
    blocks: tuple[Index, ...] = ()


class Shelf(msgspec.Struct, frozen=True):
    """Bays of ``bay`` decimetres one behind the other, the first one beginning ``first`` behind
    the front of its block; in every aisle and block unless ``aisles``, ``blocks`` name some.

    ``code`` makes each bin's name: ``{aisle}``, ``{block}``, ``{bay}`` and ``{level}`` count from
    1, ``{position}`` counts along the whole aisle with odd numbers on the left, as in a street;
    ``{aisle:02}`` is two digits wide.
    """

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    bay: Decimetres
    bays: Count
    levels: Annotated[int, msgspec.Meta(ge=1, le=50)] = 1
    first: Decimetres = 0
    sides: Literal["L", "R", "LR"] = "LR"
    aisles: tuple[Index, ...] = ()
    blocks: tuple[Index, ...] = ()
    zone: Annotated[str, msgspec.Meta(max_length=39)] = ""
    kind: Literal["pick", "bulk", "stage", "quarantine"] = "pick"
    capacity: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


def zone_of(zones: tuple[Zone, ...], b: Bin) -> str:
    """The zone that a bin stands in, or nothing."""
    inside = (
        z.name for z in zones if b.aisle in z.aisles and (not z.blocks or b.block in z.blocks)
    )
    return next(inside, "")


def bins_of_shelf(
    layout: Layout, shelf: Shelf, field: str, taken: set[str], room: int
) -> tuple[list[Bin], list[LayoutProblem]]:
    """The bins, in walking order, and what is wrong. ``taken``: codes of other bins, grows;
    ``room``: how many bins the file may still make."""
    if problems := list(_problems(layout, shelf, field, room)):
        return [], problems
    bins = list(_bins(layout, shelf))
    for b in bins:
        if not BIN_CODE.fullmatch(b.code):
            mend = "1 to 39 letters, digits and . : _ / -, as scanners and people can read them"
            return [], [LayoutProblem("layout.unreadable_code", f"{field}.code", b.code, mend)]
        if b.code in taken:
            mend = "put what tells the bins apart into code: {aisle}, {position}, {level}"
            return [], [LayoutProblem("layout.code_twice", f"{field}.code", b.code, mend)]
        taken.add(b.code)
    return bins, []


def _problems(layout: Layout, shelf: Shelf, field: str, room: int) -> Iterator[LayoutProblem]:
    yield from _code_problems(shelf.code, f"{field}.code")
    blocks = len(layout.block_lengths)
    for name, values, most in (
        ("aisles", shelf.aisles, layout.aisles - 1),
        ("blocks", shelf.blocks, blocks - 1),
    ):
        for at, value in enumerate(values):
            if value > most:
                path = f"{field}.{name}[{at}]"
                yield LayoutProblem("layout.out_of_range", path, value, f"use 0 to {most}")
                return
    yield from _length_problems(layout, shelf, field)
    made = len(shelf.aisles or range(layout.aisles)) * len(shelf.blocks or range(blocks))
    made *= shelf.bays * len(shelf.sides) * shelf.levels
    if made > room:
        yield LayoutProblem("layout.too_many_bins", field, made, f"at most {room} more fit")


def _length_problems(layout: Layout, shelf: Shelf, field: str) -> Iterator[LayoutProblem]:
    if not shelf.bay:
        yield LayoutProblem("layout.empty_bay", f"{field}.bay", 0, "give its decimetres")
    needed = shelf.first + shelf.bays * shelf.bay
    for block in shelf.blocks or range(len(layout.block_lengths)):
        if needed > (longest := layout.block_lengths[block]):
            mend = f"{needed} dm do not fit into block {block}, which is {longest} dm long"
            yield LayoutProblem("layout.too_long", f"{field}.bays", shelf.bays, mend)
            return


def _code_problems(code: str, field: str) -> Iterator[LayoutProblem]:
    mend = f"use {', '.join(f'{{{name}}}' for name in _NAMES)}, each perhaps as {{aisle:02}}"
    try:
        parts = list(string.Formatter().parse(code))
    except ValueError as error:
        yield LayoutProblem("layout.bad_code", field, code, f"{error}; {mend}")
        return
    for _, name, width, conversion in parts:
        if name is None:
            continue
        if name not in _NAMES or conversion or not _WIDTH.fullmatch(width or ""):
            yield LayoutProblem("layout.bad_code", field, code, mend)
            return


def _bins(layout: Layout, shelf: Shelf) -> Iterator[Bin]:
    for aisle in shelf.aisles or range(layout.aisles):
        for block in shelf.blocks or range(len(layout.block_lengths)):
            for bay in range(shelf.bays):
                for side in shelf.sides:
                    for level in range(1, shelf.levels + 1):
                        yield _bin(shelf, aisle, block, bay, side, level)


def _bin(shelf: Shelf, aisle: int, block: int, bay: int, side: str, level: int) -> Bin:
    position = (block * shelf.bays + bay) * 2 + (2 if side == "R" else 1)
    code = shelf.code.format(
        aisle=aisle + 1,
        block=block + 1,
        bay=bay + 1,
        position=position,
        side=_Side(side),
        level=level,
    )
    return Bin(
        code=code,
        aisle=aisle,
        block=block,
        offset=shelf.first + bay * shelf.bay + shelf.bay // 2,
        side="R" if side == "R" else "L",
        level=level,
        zone=shelf.zone,
        kind=shelf.kind,
        capacity=shelf.capacity,
    )


class _Side(str):
    """A letter, whatever width is asked of it."""

    __slots__ = ()

    def __format__(self, _: str) -> str:
        return str(self)
