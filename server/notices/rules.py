"""Who is told by which way, when it may be, and when it is tried again. Pure; times in ms."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

What = Literal[
    "confirmed",
    "shipped",
    "day_before",
    "delayed",
    "delivered",
    "cancelled",
    "changed",
    "out_for_delivery",
    "rma_issued",
    "return_done",
    "survey",
]
WHATS: tuple[What, ...] = get_args(What)
TO_SOFTWARE: frozenset[What] = frozenset({"changed", "out_for_delivery"})
"""Of what only a partner's software is told: people would find it too much."""
Channel = Literal["mail", "sms", "push", "edi"]
MIN_MS, HOUR_MS = 60_000, 3_600_000
LOUD: frozenset[Channel] = frozenset({"sms", "push"})
"""What rings at night."""


class Target(NamedTuple):
    channel: Channel | Literal["none"]
    to: str
    lang: str = ""


def chosen(
    wished: Sequence[Channel], ways: Mapping[Channel, str], browsers: Collection[Target]
) -> list[Target]:
    """The first way in `wished` by which the customer can be reached, and every browser that was
    subscribed on purpose. `ways`: where to, by each of them."""
    first = next((way for way in wished if ways.get(way)), None)
    told = [Target(first, ways[first])] if first else []
    return [*told, *browsers]


class Next(NamedTuple):
    """`at`: when it is sent again, for a notice that is still queued."""

    state: str
    at: int


def after(why: str, tried: int, now: int, *, again: bool, tries: int, wait_s: int) -> Next:
    """What becomes of a notice sent `tried` times. `why` is empty where it was taken. Each wait is
    twice the one before, and a day at most."""
    if not why:
        return Next("sent", now)
    if not again or tried >= tries:
        return Next("failed", now)
    return Next("queued", now + min(wait_s * 1000 * 2 ** (tried - 1), 24 * HOUR_MS))


def not_before(at: int, zone: ZoneInfo, quiet: tuple[str, str]) -> int:
    """`at`, or the end of the quiet hours it falls into. `quiet`: from and until, as `21:00`;
    alike: there are none."""
    local = dt.datetime.fromtimestamp(at / 1000, zone)
    begins, ends = (_minutes(clock) for clock in quiet)
    now = local.hour * 60 + local.minute
    over_midnight = begins > ends
    inside = now >= begins or now < ends if over_midnight else begins <= now < ends
    if not inside:
        return at
    days = 1 if over_midnight and now >= begins else 0
    morning = local.replace(hour=ends // 60, minute=ends % 60, second=0, microsecond=0)
    end = morning + dt.timedelta(days=days)  # by the clock, whatever the night's length
    return int(end.timestamp() * 1000)


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


_DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3}
"""Of a currency's smallest unit (ISO 4217), where they are not two."""


def money(amount: int, currency: str) -> str:
    """`amount` in minor units, as `12.50 GBP`."""
    return f"{decimal(amount, currency)} {currency}"


def decimal(amount: int, currency: str) -> str:
    """`amount` in minor units, as `12.50`."""
    return f"{Decimal(amount).scaleb(-_DECIMALS.get(currency, 2)):f}"


def shown(channel: str, to: str) -> str:
    """As people at a desk see it: of a person no more than they need, of a browser nothing."""
    if channel in ("push", "none"):
        return ""
    return to if channel == "edi" else masked(to)


def masked(to: str) -> str:
    """`mia@home.example` is `m…@home.example`, `+44 20 7946 0991` is `…0991`."""
    name, at, host = to.rpartition("@")
    return f"{name[:1]}…@{host}" if at else f"…{to[-4:]}"
