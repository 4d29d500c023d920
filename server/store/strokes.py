"""A signature as strokes with time, as the pad of the device writes it.

One array a stroke, one object a point. `x` right and `y` down in units of which the pad is `width`
wide (10,000) and `height` high; `t` in ms since the first point. Whole numbers only, so that every
language writes the same bytes.
"""

import math
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.kernel.errors import Refusal, code

BAD_STROKES = code("bad_strokes")
MIME = "application/vnd.dockhand.strokes+json"
PAD_WIDTH = 10_000
LEAST_INK = 1_000
"""Less ink than this, in pad units, is a dot or a slip, not a name; the app's pad says the same."""
TALLEST = 50_000
"""No pad is more than five times as high as it is wide."""
DAY_MS = 86_400_000


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    x: Annotated[int, Meta(ge=0, le=PAD_WIDTH)]
    y: Annotated[int, Meta(ge=0, le=TALLEST)]
    t: Annotated[int, Meta(ge=0, le=DAY_MS)]


Stroke = Annotated[list[Point], Meta(min_length=1, max_length=5_000)]


class Drawing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: Literal[1]
    width: Literal[10_000]
    height: Annotated[int, Meta(ge=1_000, le=TALLEST)]
    strokes: Annotated[list[Stroke], Meta(min_length=1, max_length=500)]

    @property
    def aspect(self) -> float:
        """Width / height of the pad."""
        return self.width / self.height

    def shares(self) -> list[list[tuple[float, float, int]]]:
        """Each point's place as shares of the pad's width and height, and its time."""
        return [[(p.x / self.width, p.y / self.height, p.t) for p in s] for s in self.strokes]


_decoder = msgspec.json.Decoder(Drawing)


def read_strokes(data: bytes) -> Drawing:
    """Refuses `bad_strokes`: what is no drawing, or leaves its pad."""
    try:
        drawn: Drawing = _decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Refusal(BAD_STROKES, field="strokes", mend=str(error)[:120]) from error
    if any(p.y > drawn.height for stroke in drawn.strokes for p in stroke):
        raise Refusal(BAD_STROKES, field="strokes", mend="keep every y within the height")
    return drawn


def ink(drawn: Drawing) -> float:
    """The length of all strokes in pad units; a dot has none."""
    return sum(
        math.hypot(after.x - before.x, after.y - before.y)
        for stroke in drawn.strokes
        for before, after in pairwise(stroke)
    )


def as_svg(drawn: Drawing) -> bytes:
    """A document of one path: numbers only, so nothing of the sender's can become markup."""
    path = "".join(_path(stroke) for stroke in drawn.strokes)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="0 0 {drawn.width} {drawn.height}"'
        f' width="400" height="{400 / drawn.aspect:.0f}">'
        f'<path d="{path}" fill="none" stroke="#000" stroke-width="70"'
        ' stroke-linecap="round" stroke-linejoin="round"/></svg>'
    ).encode()


def _path(stroke: list[Point]) -> str:
    first, *rest = stroke
    lines = rest or [first]  # a dot: a line of no length, which round caps make visible
    return f"M{first.x} {first.y}" + "".join(f"L{p.x} {p.y}" for p in lines)
