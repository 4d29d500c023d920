"""How far it is from door to door. Pure but for the adapter that asks a server of the site's own.

Great circles times a road factor by default. A `Matrix` is a port: `Osrm` asks what answers as OSRM
does, `NoMatrix` is its Null twin. Where a place is unknown, the same postcode is near and anything
else is far, so that what nobody can place is driven postcode by postcode.
"""

import json
import math
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from typing import Annotated, Any, NamedTuple, Protocol

from msgspec import Meta, Struct

EARTH_M = 6_371_009
"""Mean radius (IUGG)."""
TIMEOUT_S = 10
AT_ONCE = 100
"""Coordinates in one request: what OSRM's `table` takes unless it is told otherwise."""


class Spot(NamedTuple):
    """Degrees × 10⁷."""

    lat_e7: int
    lon_e7: int


class Door(Struct, frozen=True, kw_only=True):
    """Where to; `spot` None: only its postcode is known."""

    spot: Spot | None
    postcode: str = ""


class Speeds(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`road_percent`: a road's length over the great circle's. `unknown_m`, `same_postcode_m`: the
    way to a door that nobody can place, and within its postcode."""

    road_percent: Annotated[int, Meta(ge=100, le=400)] = 130
    km_h: Annotated[int, Meta(ge=1, le=130)] = 35
    unknown_m: Annotated[int, Meta(ge=0, le=1_000_000)] = 10_000
    same_postcode_m: Annotated[int, Meta(ge=0, le=100_000)] = 500

    def seconds(self, metres: int) -> int:
        return round(metres * 3.6 / self.km_h)


class Table(Struct, frozen=True, kw_only=True):
    """From each door (row) to each, whole metres and seconds. `by`: crow, or the matrix's name."""

    m: list[list[int]]
    s: list[list[int]]
    by: str


class Matrix(Protocol):
    """Metres and seconds between spots, or None when it cannot tell now."""

    def table(self, spots: Sequence[Spot]) -> tuple[list[list[int]], list[list[int]]] | None: ...


class NoMatrix:
    def table(self, spots: Sequence[Spot]) -> None:  # noqa: ARG002
        return None


def great_circle_m(a: Spot, b: Spot) -> float:
    """Haversine on a sphere: within 0.6 % of the ellipsoid."""
    lat_a, lon_a, lat_b, lon_b = (math.radians(e7 / 1e7) for e7 in (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def leg_m(a: Door, b: Door, speeds: Speeds) -> int:
    """Metres by road, as the crow lets one guess."""
    if a.spot is not None and b.spot is not None:
        return round(great_circle_m(a.spot, b.spot) * speeds.road_percent / 100)
    near = a.postcode and a.postcode == b.postcode
    return speeds.same_postcode_m if near else speeds.unknown_m


def crow(doors: Sequence[Door], speeds: Speeds) -> Table:
    m = [[0 if a is b else leg_m(a, b, speeds) for b in doors] for a in doors]
    return Table(m=m, s=[[speeds.seconds(metres) for metres in row] for row in m], by="crow")


def distances(doors: Sequence[Door], speeds: Speeds, matrix: Matrix) -> Table:
    """By the matrix where it can tell; the rest, or all, as the crow flies."""
    guessed = crow(doors, speeds)
    known = [at for at, door in enumerate(doors) if door.spot is not None]
    told = matrix.table([spot for door in doors if (spot := door.spot) is not None])
    if told is None:
        return guessed
    metres, seconds = told
    for i, a in enumerate(known):
        for j, b in enumerate(known):
            guessed.m[a][b], guessed.s[a][b] = metres[i][j], seconds[i][j]
    return Table(m=guessed.m, s=guessed.s, by="matrix")


class Osrm:
    """`GET /table/v1/driving/lon,lat;…?annotations=duration,distance` of a server of the site's
    own, block by block. Whatever goes wrong, or a pair without a way: it cannot tell."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def table(self, spots: Sequence[Spot]) -> tuple[list[list[int]], list[list[int]]] | None:
        n = len(spots)
        m, s = ([[0] * n for _ in spots] for _ in range(2))
        blocks = [range(at, min(at + AT_ONCE // 2, n)) for at in range(0, n, AT_ONCE // 2)]
        try:
            for rows in blocks:
                for columns in blocks:
                    self._fill(spots, rows, columns, m, s)
        except (OSError, HTTPException, ValueError, KeyError, TypeError, IndexError):
            return None
        return m, s

    def _fill(
        self,
        spots: Sequence[Spot],
        rows: range,
        columns: range,
        m: list[list[int]],
        s: list[list[int]],
    ) -> None:
        asked = [*rows, *columns]
        where = ";".join(f"{spots[a].lon_e7 / 1e7:.6f},{spots[a].lat_e7 / 1e7:.6f}" for a in asked)
        sources = ";".join(map(str, range(len(rows))))
        targets = ";".join(map(str, range(len(rows), len(asked))))
        found = _get(
            f"{self._url}/table/v1/driving/{where}?annotations=duration,distance"
            f"&sources={sources}&destinations={targets}"
        )
        for i, a in enumerate(rows):
            for j, b in enumerate(columns):
                m[a][b] = round(found["distances"][i][j])
                s[a][b] = round(found["durations"][i][j])


def _get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310  http(s) by the setting's pattern
        found = json.load(answer)
    if found.get("code") != "Ok":
        raise ValueError(found.get("code"))
    return dict(found)


def matrix_of(url: str) -> Matrix:
    return Osrm(url) if url else NoMatrix()
