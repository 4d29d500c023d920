"""Days, weeks and months of a dashboard. Pure: days are counted from 1970 by the site's clock."""

import datetime as dt
from typing import Literal

By = Literal["day", "week", "month"]
_FIRST = dt.date(1970, 1, 1)


def number(day: dt.date) -> int:
    return (day - _FIRST).days


def date(day: int) -> dt.date:
    return _FIRST + dt.timedelta(days=day)


def start(day: int, by: By) -> int:
    """The first day of the period that a day is in; weeks begin on Mondays."""
    on = date(day)
    if by == "week":
        return day - on.weekday()
    return number(on.replace(day=1)) if by == "month" else day


def starts(first: int, last: int, by: By) -> list[int]:
    """Of all periods that have a day from `first` to `last`."""
    return sorted({start(day, by) for day in range(first, last + 1)})
