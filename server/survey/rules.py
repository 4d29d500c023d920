"""Which answers call for somebody, and until when one may be changed. Pure; times in ms."""

from typing import Annotated

from msgspec import Meta, Struct

HOUR_MS, DAY_MS = 3_600_000, 86_400_000


class SurveyRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `survey`. `open_days`: after the delivery; `change_h`: after the first
    answer. An answer is bad with a courtesy of `low` or less, and where `if_incomplete`, `if_late`
    say so."""

    open_days: Annotated[int, Meta(ge=1, le=365)] = 60
    change_h: Annotated[int, Meta(ge=0, le=720)] = 48
    low: Annotated[int, Meta(ge=0, le=5)] = 2
    if_incomplete: bool = True
    if_late: bool = False


def is_bad(*, on_time: bool, complete: bool, courtesy: int, rules: SurveyRules) -> bool:
    """Somebody should call."""
    lacks = not complete and rules.if_incomplete
    late = not on_time and rules.if_late
    return courtesy <= rules.low or lacks or late


def open_until(delivered_at: int, answered_at: int | None, rules: SurveyRules) -> int:
    """So long it may be answered; with an answer there, so long it may be changed."""
    if answered_at is not None:
        return answered_at + rules.change_h * HOUR_MS
    return delivered_at + rules.open_days * DAY_MS
