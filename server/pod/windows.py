"""What a customer is told of the arrival: a window as wide as it is sure, or a day. Pure; times in
ms.

Where the van is, and how many doors come before, is nobody's business: the window is cut to whole
quarters of an hour, and is wide until the van has left.
"""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.kernel.zones import local_day
from server.pod.expected import Expected

MIN_MS = 60_000


class TrackRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `tracking`. `days`: so long after its end an order is shown. `window_min`,
    `near_min`: how wide the window is before and after the van has left; `step_min`: what it is cut
    to."""

    days: Annotated[int, Meta(ge=0, le=3650)] = 60
    window_min: Annotated[int, Meta(ge=10, le=720)] = 180
    near_min: Annotated[int, Meta(ge=10, le=720)] = 60
    step_min: Annotated[int, Meta(ge=1, le=60)] = 15


shaped("tracking", TrackRules)


def track_rules(conn: Any, site: str) -> TrackRules:
    """A setting that nobody can read counts as none."""
    try:
        return msgspec.convert(get_setting(conn, site, "tracking", {}), TrackRules)
    except msgspec.ValidationError:
        return TrackRules()


class Coming(Struct, frozen=True, kw_only=True):
    """`how`: `there` at the door; `window` from `start` to `end`; `day`: by the end of the day of
    `end`; `open`: later than promised, and nobody knows when. `late`: later than promised."""

    how: Literal["there", "window", "day", "open"]
    start: int = 0
    end: int = 0
    late: bool = False


def coming(
    known: Expected | None, due_at: int, now: int, zone: ZoneInfo, rules: TrackRules
) -> Coming:
    """`known`: None while only the promise is known. `zone`: whose days are meant."""
    if known is None:
        return _by_day(due_at, due_at, now, zone)
    if known.by == "carrier":
        return _by_day(known.at - 1, due_at, now, zone)  # midnight ends the day before
    if known.there:
        return Coming(how="there")
    start, end = _window(known, now, rules)
    late = local_day(start, zone) > local_day(due_at, zone)
    return Coming(how="window", start=start, end=end, late=late)


def _by_day(at: int, due_at: int, now: int, zone: ZoneInfo) -> Coming:
    if local_day(at, zone) < local_day(now, zone):
        return Coming(how="open", late=True)
    return Coming(how="day", end=at, late=local_day(at, zone) > local_day(due_at, zone))


def _window(known: Expected, now: int, rules: TrackRules) -> tuple[int, int]:
    """Around the arrival, cut outwards; it begins neither in the past nor before the door opens."""
    step = rules.step_min * MIN_MS
    half = (rules.near_min if known.on_way else rules.window_min) * MIN_MS // 2
    middle = max(known.at, known.opens_at, now)
    start = max(middle - half, known.opens_at, now) // step * step
    return start, -(-(middle + half) // step) * step
