"""How high a case stands, by when it has to be settled, who may settle it, and who is reminded.

level 1, the front line (customer service) -> level 2, supervisors -> level 3, the site's management

A case that begins higher still has the shortest time of the levels up to its own: whoever waits is
the more important, not the more patient.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

MIN_MS, DAY_MS = 60_000, 86_400_000
HIGHEST = 3
Level = Annotated[int, Meta(ge=1, le=HIGHEST)]
Minutes = Annotated[int, Meta(ge=1, le=43_200)]
Cause = Literal["slip", "system", "data", "process", "training"]
"""Human slip, gap in the system, wrong data, the process itself, lack of training."""
Desk = Literal["service", "supervisor", "admin"]
Reason = Literal["vip", "large", "repeated"]
HALF, WHOLE = 50, 100
"""Per cent of the time at which somebody is reminded."""
_NO_DECIMALS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"}
    | {"VUV", "XAF", "XOF", "XPF"}
)
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Currencies by the decimals of ISO 4217; all others have two."""


class Authority(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to and with `level`; of orders up to `value` in whole units (None: of any value)."""

    level: Level = 1
    value: Annotated[int, Meta(ge=0, le=10**12)] | None = None


USUAL = {
    "service": Authority(level=1, value=50_000),
    "supervisor": Authority(level=2),
    "admin": Authority(level=3),
}


class ExceptionRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `exceptions`. `minutes`: the response time of each level. `large`: whole
    units of an order's own currency above which it is large; `large_in` says it for currencies in
    which that is much more or less. `repeated`: the how-manieth problem of a customer within
    `repeated_days` begins higher. `authority` by role, laid over the usual one. `check_hours`: how
    often the books check themselves; 0: only by hand."""

    minutes: tuple[Minutes, Minutes, Minutes] = (30, 240, 1_440)
    vip: bool = True
    large: Annotated[int, Meta(ge=0, le=10**12)] = 50_000
    large_in: dict[
        Annotated[str, Meta(pattern="^[A-Z]{3}$")], Annotated[int, Meta(ge=0, le=10**12)]
    ] = {}
    repeated: Annotated[int, Meta(ge=2, le=1_000)] = 3
    repeated_days: Annotated[int, Meta(ge=1, le=3_650)] = 90
    authority: dict[Desk, Authority] = field(default_factory=dict)
    check_hours: Annotated[int, Meta(ge=0, le=720)] = 24

    def of(self, role: str) -> Authority | None:
        for name, given in self.authority.items():
            if name == role:
                return given
        return USUAL.get(role)


class Concerned(Struct, frozen=True, kw_only=True):
    """What a case is about. `total` in minor units; `before`: problems that its customer had
    within the days that count, without this one."""

    vip: bool = False
    total: int = 0
    currency: str = ""
    before: int = 0


def units(total: int, currency: str) -> int:
    """Whole units of a sum in minor units; what is begun counts."""
    decimals = 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2
    return -(-total // int(10**decimals))


def reasons(rules: ExceptionRules, about: Concerned) -> list[Reason]:
    """Why a case begins one level higher; however many there are, it is one level."""
    most = rules.large_in.get(about.currency, rules.large)
    found: list[tuple[Reason, bool]] = [
        ("vip", rules.vip and about.vip),
        ("large", units(about.total, about.currency) > most),
        ("repeated", about.before + 1 >= rules.repeated),
    ]
    return [reason for reason, holds in found if holds]


class Clock(Struct, frozen=True, kw_only=True):
    """The time that a level has, in ms. `reminded`: per cent of it that were told; `next_at`: when
    something is to be told again, None: never."""

    level: int
    since: int
    due_at: int
    reminded: int = 0

    @property
    def next_at(self) -> int | None:
        if self.reminded >= WHOLE:
            return None
        return self.due_at if self.reminded >= HALF else self.since + self.time // 2

    @property
    def time(self) -> int:
        return self.due_at - self.since


def begin(rules: ExceptionRules, why: Sequence[Reason], at: int) -> Clock:
    """Of a new case."""
    level = 2 if why else 1
    return _clock(level, at, min(rules.minutes[:level]))


def hand_up(rules: ExceptionRules, clock: Clock, at: int) -> Clock:
    """To the next level, whose time begins now; from the highest, to the same one anew."""
    return restart(rules, min(clock.level + 1, HIGHEST), at)


def restart(rules: ExceptionRules, level: int, at: int) -> Clock:
    return _clock(level, at, rules.minutes[level - 1])


def _clock(level: int, at: int, minutes: int) -> Clock:
    return Clock(level=level, since=at, due_at=at + minutes * MIN_MS)


class Passed(Struct, frozen=True, kw_only=True):
    """What time alone has done. `reminder`: per cent to be told now, 0: none."""

    clock: Clock
    reminder: int
    escalated: bool


def passed(rules: ExceptionRules, clock: Clock, at: int) -> Passed:
    """By `at`. Half of the time that went by unseen is not told beside the whole of it."""
    if clock.next_at is None or at < clock.next_at:
        return Passed(clock=clock, reminder=0, escalated=False)
    if at < clock.due_at:
        told = msgspec.structs.replace(clock, reminded=HALF)
        return Passed(clock=told, reminder=HALF, escalated=False)
    if clock.level < HIGHEST:
        return Passed(clock=hand_up(rules, clock, at), reminder=WHOLE, escalated=True)
    told = msgspec.structs.replace(clock, reminded=WHOLE)
    return Passed(clock=told, reminder=WHOLE, escalated=False)


def may_settle(rules: ExceptionRules, role: str, level: int, about: Concerned) -> bool:
    """Within the authority of `role`: by the case's level and the value of its order."""
    given = rules.of(role)
    if given is None or level > given.level:
        return False
    return given.value is None or units(about.total, about.currency) <= given.value
