"""A signature as strokes with time, as the pad of the device writes it.

One array a stroke, one object a point. `x` right and `y` down, `t` in ms since the first point.
Coordinates are whole pad units (10,000 wide, 5,000 high), or shares of the pad's width and height
between 0 and 1; a signature of any size tells which, because in pad units something exceeds 1.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from server.kernel.errors import Refusal, code

BAD_STROKES = code("bad_strokes")
MIME = "application/vnd.dockhand.strokes+json"
PAD_WIDTH, PAD_HEIGHT = 10_000, 5_000
ASPECT = PAD_WIDTH / PAD_HEIGHT
"""Width / height of the pad."""
DAY_MS = 86_400_000


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    x: Annotated[float, Meta(ge=0, le=PAD_WIDTH)]
    y: Annotated[float, Meta(ge=0, le=PAD_HEIGHT)]
    t: Annotated[float, Meta(ge=0, le=DAY_MS)] = 0


Stroke = Annotated[list[Point], Meta(min_length=1, max_length=5_000)]
Strokes = Annotated[list[Stroke], Meta(min_length=1, max_length=500)]
_decoder = msgspec.json.Decoder(Strokes)


def read_strokes(data: bytes) -> list[list[Point]]:
    """Points as shares of the pad. Refuses `bad_strokes`."""
    try:
        drawn: list[list[Point]] = _decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Refusal(BAD_STROKES, field="strokes", mend=str(error)[:120]) from error
    if not any(p.x > 1 or p.y > 1 for stroke in drawn for p in stroke):
        return drawn
    return [[Point(p.x / PAD_WIDTH, p.y / PAD_HEIGHT, p.t) for p in stroke] for stroke in drawn]


def as_svg(strokes: list[list[Point]]) -> bytes:
    """A document of one path: numbers only, so nothing of the sender's can become markup."""
    path = "".join(_path(stroke) for stroke in strokes)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="0 0 {PAD_WIDTH} {PAD_HEIGHT}" width="400" height="200">'
        f'<path d="{path}" fill="none" stroke="#000" stroke-width="70"'
        ' stroke-linecap="round" stroke-linejoin="round"/></svg>'
    ).encode()


def _path(stroke: list[Point]) -> str:
    first, *rest = ((round(p.x * PAD_WIDTH), round(p.y * PAD_HEIGHT)) for p in stroke)
    lines = rest or [first]  # a dot: a line of no length, which round caps make visible
    return f"M{first[0]} {first[1]}" + "".join(f"L{x} {y}" for x, y in lines)
