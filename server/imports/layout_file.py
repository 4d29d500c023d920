"""A site's layout as people write it: TOML or JSON, checked as a whole before anything is made.

A file says the same as ``server.picking.geometry.Layout``, and besides, so that nobody writes
thousands of bins by hand, ``shelves``: bins in regular bays, and ``zones``: what parts of the
floor are for. Every mistake is told at once, with line, field, value, rule and mend.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from server.imports.layout_bins import BIN_CODE, Shelf, Zone, bins_of_shelf, zone_of
from server.imports.positions import line_of, lines_of
from server.imports.reading import FileProblem
from server.imports.shaping import Misfit, shape
from server.picking.geometry import (
    Bin,
    Crossing,
    Decimetres,
    Index,
    Layout,
    LayoutProblem,
    layout_problems,
)

LARGEST = 50_000_000
MOST_BINS = 100_000
SHOWN = 50


class LayoutFile(msgspec.Struct, frozen=True):
    """What may stand in the file; see ``docs/guide/layout.md``."""

    aisles: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    gap: Decimetres
    block_lengths: Annotated[tuple[Decimetres, ...], msgspec.Meta(min_length=1, max_length=20)]
    depot: Crossing
    dropoff: Crossing | None = None
    depots: tuple[Crossing, ...] = ()
    dropoffs: tuple[Crossing, ...] = ()
    aisle_direction: tuple[Annotated[int, msgspec.Meta(ge=-1, le=1)], ...] = ()
    no_turn: tuple[Index, ...] = ()
    zones: tuple[Zone, ...] = ()
    shelves: tuple[Shelf, ...] = ()
    bins: tuple[Bin, ...] = ()


class Finding(NamedTuple):
    """One mistake: where it stands, what stands there, which rule it breaks and what mends it."""

    line: int
    field: str
    value: object
    code: str
    mend: str

    def __str__(self) -> str:
        value = "" if self.value is None else f" is {_short(self.value)}"
        return f"line {self.line}: {self.field or 'the file'}{value}: {self.code}: {self.mend}"


class BadLayout(FileProblem):
    """Everything that is wrong in a layout file; nothing of it can be used."""

    def __init__(self, findings: list[Finding]) -> None:
        first = findings[0]
        super().__init__(first.code, first.line, first.mend)
        self.findings = findings

    def __str__(self) -> str:
        more = len(self.findings) - SHOWN
        lines = [str(finding) for finding in self.findings[:SHOWN]]
        return "\n  ".join(lines + ([f"and {more} more"] if more > 0 else []))


def read_layout(path: Path) -> Layout:
    """The floor with all its bins. Raises BadLayout; a layout nobody could walk is refused whole,
    since its routes would be wrong everywhere."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadLayout([_whole("too_large", f"use at most {LARGEST // 1_000_000} MB")])
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadLayout([_whole("unreadable_file", error.strerror or str(error))]) from None
    except UnicodeDecodeError:
        raise BadLayout([_whole("bad_encoding", "save the file as UTF-8")]) from None
    return layout_of(text, toml=path.suffix.lower() == ".toml")


def layout_of(text: str, *, toml: bool) -> Layout:
    """As ``read_layout``, of a file's text."""
    raw = _parse(text, toml=toml)
    misfits: list[Misfit] = []
    found = shape(LayoutFile, raw, "", misfits)
    problems = [LayoutProblem(*misfit) for misfit in misfits]
    layout = None
    if isinstance(found, LayoutFile):
        layout, more = _floor(found)
        problems += more
    if problems or layout is None:
        lines = lines_of(text, toml=toml)
        findings = [_finding(problem, lines) for problem in problems]
        raise BadLayout(sorted(findings, key=lambda finding: finding.line))
    return layout


def _parse(text: str, *, toml: bool) -> Any:
    try:
        return tomllib.loads(text) if toml else msgspec.json.decode(text.encode())
    except tomllib.TOMLDecodeError as error:
        raise BadLayout([_bad_syntax(str(error))]) from None
    except msgspec.DecodeError as error:
        raise BadLayout([_bad_syntax(_with_line(str(error), text))]) from None
    except RecursionError:
        raise BadLayout([_whole("malformed", "brackets are nested too deeply")]) from None


def _with_line(message: str, text: str) -> str:
    """The reader of JSON counts bytes; people count lines."""
    place = message.rpartition("(byte ")[2].rstrip(")")
    if not place.isdigit():
        return f"{message} (at line {text.count(chr(10)) + 1})"
    line = text.encode()[: int(place)].count(b"\n") + 1
    return f"{message.rpartition(' (byte')[0]} (at line {line})"


def _bad_syntax(message: str) -> Finding:
    _, _, place = message.rpartition("at line ")
    line = int("".join(c for c in place.split(",")[0] if c.isdigit()) or 1)
    return Finding(line, "", None, "malformed", message)


def _whole(code: str, mend: str) -> Finding:
    return Finding(1, "", None, code, mend)


def _finding(problem: LayoutProblem, lines: dict[str, int]) -> Finding:
    line = line_of(lines, problem.field)
    return Finding(line, problem.field, problem.value, problem.code, problem.mend)


def _floor(found: LayoutFile) -> tuple[Layout, list[LayoutProblem]]:
    fields = {f: getattr(found, f) for f in Layout.__struct_fields__ if f != "bins"}
    layout = Layout(**fields)
    floor_problems = layout_problems(layout)
    own = msgspec.structs.replace(layout, bins=found.bins)
    problems = [
        *floor_problems,
        *(p for p in layout_problems(own) if p.field.startswith("bins[")),
        *_zone_problems(found),
        *_code_problems("bins", found.bins),
    ]
    if floor_problems:  # bins of a floor that is not there would all be wrong
        return layout, problems
    bins = list(found.bins)
    taken = {b.code for b in bins}
    for at, shelf in enumerate(found.shelves):
        made, more = bins_of_shelf(layout, shelf, f"shelves[{at}]", taken, MOST_BINS - len(bins))
        bins += made
        problems += more
    placed = tuple(
        b if b.zone else msgspec.structs.replace(b, zone=zone_of(found.zones, b)) for b in bins
    )
    return msgspec.structs.replace(layout, bins=placed), problems


def _zone_problems(found: LayoutFile) -> Iterator[LayoutProblem]:
    claimed: dict[tuple[int, int], str] = {}
    blocks = len(found.block_lengths)
    for at, zone in enumerate(found.zones):
        for field, values, most in (
            ("aisles", zone.aisles, found.aisles - 1),
            ("blocks", zone.blocks, blocks - 1),
        ):
            for i, value in enumerate(values):
                if value > most:
                    path = f"zones[{at}].{field}[{i}]"
                    yield LayoutProblem("layout.out_of_range", path, value, f"use 0 to {most}")
        for part in ((a, b) for a in zone.aisles for b in zone.blocks or range(blocks)):
            if (other := claimed.setdefault(part, zone.name)) != zone.name:
                mend = f"aisle {part[0]} of block {part[1]} is in zone {other!r} already"
                yield LayoutProblem("layout.zone_twice", f"zones[{at}]", zone.name, mend)
                break


def _code_problems(field: str, bins: tuple[Bin, ...]) -> Iterator[LayoutProblem]:
    for at, b in enumerate(bins):
        if not BIN_CODE.fullmatch(b.code):
            mend = "use letters, digits and . : _ / - only, as scanners and people can read them"
            yield LayoutProblem("layout.unreadable_code", f"{field}[{at}].code", b.code, mend)


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
