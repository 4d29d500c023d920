"""How many days more than usual a delivery is promised, learned from how deliveries kept what was
promised. Pure.

An observation is how many days after the bare promise (without any buffer) a delivery came; so a
buffer that works does not teach that none is needed. Of a group of them (a destination, a weekday
or a month of the promised day) enough days are needed that so many per cent came within them. A
promise takes what its destination needs, and besides what its weekday and its month need more than
the whole site does.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct, field

from server.kernel.zones import check_zone, local_day

Days = Annotated[int, Meta(ge=0, le=365)]


class PromiseRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `promises`. `days`: of the bare promise by order type. `buffered`: types
    that carry a buffer. `in_time_pc`: of the deliveries seen, so many per cent are to be in time.
    `least`: fewer observations than this teach nothing. `most_days`: of a buffer. Deliveries of the
    last `history_days` count. `letters`: of the postcode that make a destination."""

    days: dict[str, Days] = field(
        default_factory=lambda: {"urgent": 1, "sample": 2, "standard": 4, "preorder": 4}
    )
    buffered: tuple[str, ...] = ("standard", "sample", "preorder")
    in_time_pc: Annotated[int, Meta(ge=50, le=100)] = 90
    least: Annotated[int, Meta(ge=5, le=100_000)] = 30
    most_days: Annotated[int, Meta(ge=0, le=60)] = 5
    history_days: Annotated[int, Meta(ge=30, le=3_650)] = 730
    letters: Annotated[int, Meta(ge=0, le=10)] = 2
    timezone: Annotated[str, Meta(max_length=64)] = "UTC"

    def __post_init__(self) -> None:
        check_zone(self.timezone)

    def days_of(self, kind: str) -> int:
        return self.days.get(kind, self.days.get("standard", 4))


class Kept(Struct, frozen=True):
    """A promise and what became of it, ms. `places`: from the closest to the widest."""

    promised_at: int
    delivered_at: int
    places: tuple[str, ...]


class Group(Struct, frozen=True):
    """So many deliveries, and the days that enough of them came within."""

    of: int
    days: int


class Learned(Struct, frozen=True, kw_only=True):
    """`weekdays`: 1 is Monday. Only groups with enough observations are in it."""

    all: Group | None = None
    places: dict[str, Group] = {}
    weekdays: dict[int, Group] = {}
    months: dict[int, Group] = {}


class Buffer(Struct, frozen=True, kw_only=True):
    """`days` in all: `usual` for the `place` (empty: the whole site), `of` so many deliveries;
    `weekday` and `season` more; cut to the most that the site allows."""

    days: int = 0
    usual: int = 0
    weekday: int = 0
    season: int = 0
    of: int = 0
    place: str = ""


def places_of(country: str, postcode: str, letters: int) -> tuple[str, ...]:
    """The closest destination first; a postcode is compared by its first letters and digits."""
    start = "".join(c for c in postcode.upper() if c.isalnum())[:letters]
    return (f"{country} {start}", country) if start else (country,)


def learn(history: Iterable[Kept], rules: PromiseRules, zone: ZoneInfo) -> Learned:
    every: list[int] = []
    places: dict[str, list[int]] = {}
    weekdays: dict[int, list[int]] = {}
    months: dict[int, list[int]] = {}
    for one in history:
        day = local_day(one.promised_at, zone)
        late = max(0, (local_day(one.delivered_at, zone) - day).days)
        every.append(late)
        weekdays.setdefault(day.isoweekday(), []).append(late)
        months.setdefault(day.month, []).append(late)
        for place in one.places:
            places.setdefault(place, []).append(late)
    return Learned(
        all=_group(every, rules),
        places={k: g for k, v in sorted(places.items()) if (g := _group(v, rules))},
        weekdays={k: g for k, v in sorted(weekdays.items()) if (g := _group(v, rules))},
        months={k: g for k, v in sorted(months.items()) if (g := _group(v, rules))},
    )


def _group(late: Sequence[int], rules: PromiseRules) -> Group | None:
    if len(late) < rules.least:
        return None
    enough = -(-rules.in_time_pc * len(late) // 100)
    return Group(len(late), sorted(late)[enough - 1])


def buffer(
    learned: Learned, promised_at: int, places: Sequence[str], rules: PromiseRules, zone: ZoneInfo
) -> Buffer:
    """None where too little is known. `promised_at`: of the bare promise, ms."""
    if learned.all is None:
        return Buffer()
    place = next((p for p in places if p in learned.places), "")
    group = learned.places.get(place, learned.all)
    day, overall = local_day(promised_at, zone), learned.all.days
    weekday = _more(learned.weekdays.get(day.isoweekday()), overall)
    season = _more(learned.months.get(day.month), overall)
    return Buffer(
        days=min(rules.most_days, group.days + weekday + season),
        usual=group.days,
        weekday=weekday,
        season=season,
        of=group.of,
        place=place,
    )


def _more(group: Group | None, overall: int) -> int:
    return max(0, group.days - overall) if group else 0
