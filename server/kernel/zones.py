"""Time zones by their IANA names, as settings carry them."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def check_zone(name: str) -> None:
    """For a struct's `__post_init__`: a ValueError there makes the whole value unreadable."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone {name!r} on this system; write Europe/Berlin") from None
