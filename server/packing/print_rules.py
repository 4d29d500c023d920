"""When a label that a printer did not take is sent again. Pure."""

from typing import Literal, NamedTuple

Fault = Literal[
    "no_answer", "turned_away", "unknown_host", "cut_off", "too_slow", "cannot_draw", "no_station"
]
HOPELESS = frozenset({"cannot_draw", "no_station"})
"""What another try would not mend."""


class Next(NamedTuple):
    """`at`: when it is sent again (ms), for a job that is still queued."""

    state: str
    at: int


def after(fault: str, tried: int, now: int, *, tries: int, wait_s: int) -> Next:
    """What becomes of a job sent `tried` times. `fault` is empty where it was printed."""
    if not fault:
        return Next("printed", now)
    if fault in HOPELESS or tried >= tries:
        return Next("failed", now)
    return Next("queued", now + wait_s * 1000 * 2 ** (tried - 1))
