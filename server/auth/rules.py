"""When a PIN may be tried, and what a PIN must look like. Pure: time is an argument (ms).

Every wrong try is counted under four subjects:

    pair     this badge on this device: five free tries, then 30 s, 1, 2, 4, … minutes
    person   this badge anywhere: ten an hour, whoever tries and wherever
    away     this badge on any device but its *home*, the one it last signed in on: seven an hour
    device   this device with any badge: thirty an hour, so that nobody walks down a list of badges

Two demands pull apart here: at most ten guesses an hour for an account, and nobody locked out of
their own device by guesses made elsewhere. They meet by reserving: strangers' devices share seven
of the ten, so three always remain for the home device, whose delays (pair) count its own alone.
Whoever holds the home device itself can lock its owner out of it; a supervisor unlocks.

The subject is the badge as it was typed, known or not, so that counting betrays no badge.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

SECOND = 1_000
HOUR = 3_600 * SECOND

FREE_TRIES = 5
FIRST_DELAY = 30 * SECOND
PER_HOUR = {"person": 10, "away": 7, "device": 30}

PIN_PATTERN = r"^[0-9]{6,12}$"


@dataclass(frozen=True, slots=True)
class Tries:
    """What is remembered of one subject. `recent`: moments of the wrong tries of the last hour."""

    failures: int = 0
    wait_until: int = 0
    recent: tuple[int, ...] = ()


def subjects(badge: str, device: str, home: str | None) -> dict[str, str]:
    """The counters, by rule, that one try touches."""
    found = {
        "pair": f"pair:{badge}:{device}",
        "person": f"person:{badge}",
        "device": f"device:{device}",
    }
    return found if device == home else {**found, "away": f"away:{badge}"}


def wait_for(tries: Mapping[str, Tries], now: int) -> int:
    """Milliseconds until a PIN may be looked at; 0 when it may be now. Keys as in `subjects`."""
    return max(_one_wait(rule, t, now) for rule, t in tries.items())


def _one_wait(rule: str, tries: Tries, now: int) -> int:
    wait = max(0, tries.wait_until - now)
    limit = PER_HOUR.get(rule)
    recent = within_hour(tries.recent, now)
    if limit is not None and len(recent) >= limit:
        wait = max(wait, recent[-limit] + HOUR - now)
    return wait


def within_hour(moments: tuple[int, ...], now: int) -> tuple[int, ...]:
    return tuple(m for m in moments if m > now - HOUR)


def count(rule: str, tries: Tries, now: int) -> Tries:
    """One more try. It counts as wrong from the beginning: a thousand at once are still counted."""
    recent = within_hour(tries.recent, now)
    failures = (tries.failures if recent else 0) + 1
    return Tries(failures, now + _delay(failures) if rule == "pair" else 0, (*recent, now))


def _delay(failures: int) -> int:
    """Only a badge on one device is slowed step by step; the other subjects have their hour."""
    if failures < FREE_TRIES:
        return 0
    return min(FIRST_DELAY << min(failures - FREE_TRIES, 16), HOUR)


def forgive(rule: str, tries: Tries, at: int) -> Tries:
    """The try of the moment `at` was right. The wrong ones of the hour stay counted, or a thief
    on a shared device would get new tries from every honest sign-in."""
    recent = list(tries.recent)
    if at in recent:
        recent.remove(at)
    return Tries(0 if rule == "pair" else max(0, tries.failures - 1), 0, tuple(recent))


def is_weak(pin: str) -> bool:
    """One digit repeated, or a straight run up or down: the first that anybody would try."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}


def is_pin(pin: str) -> bool:
    return re.fullmatch(PIN_PATTERN, pin) is not None
