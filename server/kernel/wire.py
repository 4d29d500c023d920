"""The frames of `docs/protocol.md`, as types with bounds."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from server.kernel.feeds import Row, row
from server.kernel.ops import Envelope
from server.kernel.values import Id, Moment

MAX_OPS = 50
CursorText = Annotated[str, Meta(pattern=r"^\d{1,18}\.\d{1,18}$")]


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    p: Annotated[int, Meta(ge=1, le=1)] = 1
    dev: Id
    sid: Id | None = None
    epoch: Annotated[str, Meta(max_length=64)] = ""
    app: Annotated[str, Meta(max_length=32)] = ""
    now: Moment
    cur: Annotated[dict[str, CursorText], Meta(max_length=64)] = {}
    ops: Annotated[list[Envelope], Meta(max_length=MAX_OPS)] = []


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Rows are `[scope, kind, key, version, body or null]`; those from memory are encoded so
    already."""

    epoch: str
    now: int
    rows: Sequence[tuple[str, str, str, int, msgspec.Raw | None]]
    cur: dict[str, str]
    reset: list[str] = []
    more: bool = False


class Restart(msgspec.Struct, frozen=True, kw_only=True):
    epoch: str
    last_n: int
    now: int
    restart: bool = True


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """`lat_e7`, `lon_e7`: where it is (degrees × 10⁷), of a driver on the road alone."""

    unsent: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    oldest: Moment | None = None
    battery: Annotated[float, Meta(ge=0, le=1)] | None = None
    lat_e7: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)] | None = None
    lon_e7: Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)] | None = None


@row("result")
class ResultRow(Row):
    """What became of an operation that was not simply applied; `settled`: it told of a problem
    that has been dealt with."""

    n: int
    outcome: str
    code: str
    data: dict[str, Any]
    k: str
    v: int
    at: int
