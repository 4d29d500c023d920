"""Time zones by their IANA names, as settings carry them."""

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def check_zone(name: str) -> None:
    """For a struct's `__post_init__`: a ValueError there makes the whole value unreadable."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone {name!r} on this system; write Europe/Berlin") from None


def local_day(at: int, zone: dt.tzinfo) -> dt.date:
    """The day that it is there at `at` (ms)."""
    return dt.datetime.fromtimestamp(at / 1000, zone).date()
