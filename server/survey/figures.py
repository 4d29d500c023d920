"""Answers summed up: over time, by carrier and driver; with counts, so that nobody reads a mean of
two as one of two hundred.
"""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth.tables import person
from server.notices.tables import notice
from server.orders.tables import orders
from server.survey.tables import survey_answer

DAY_MS = 86_400_000
WEEKS_FROM = 45
"""Of more days than so many, weeks are shown."""
MOST_COMMENTS = 100
MOST_GROUPS = 100
a = survey_answer.c


class Mean(msgspec.Struct, frozen=True, kw_only=True):
    """Of `n` answers: how many said on time, and complete; and the sum of 1 to 5."""

    n: int
    on_time: int
    complete: int
    courtesy: int


class Group(Mean, frozen=True, kw_only=True):
    """`name`: of a carrier or a driver."""

    name: str


class Bucket(Mean, frozen=True, kw_only=True):
    """`start` (ms): of a day or a week, UTC."""

    start: int


class Said(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    number: str
    at: int
    on_time: bool
    complete: bool
    courtesy: int
    comment: str
    by: str


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """`asked`: orders whose customer was asked in those days; `by_week`: else days."""

    days: int
    asked: int
    all: Mean
    by_week: bool
    over_time: list[Bucket]
    carriers: list[Group]
    drivers: list[Group]
    comments: list[Said]


_SUMS = (
    sa.func.count().label("n"),
    sa.func.coalesce(sa.func.sum(sa.case((a.on_time, 1), else_=0)), 0).label("on_time"),
    sa.func.coalesce(sa.func.sum(sa.case((a.complete, 1), else_=0)), 0).label("complete"),
    sa.func.coalesce(sa.func.sum(a.courtesy), 0).label("courtesy"),
)


def figures(conn: sa.Connection, site: str, days: int, now: int) -> Figures:
    since = now - days * DAY_MS
    here = sa.and_(a.site == site, a.at >= since)
    return Figures(
        days=days,
        asked=_asked(conn, site, since),
        all=Mean(**_one(conn, here)),
        by_week=days > WEEKS_FROM,
        over_time=_over_time(conn, here, 7 if days > WEEKS_FROM else 1),
        carriers=_groups(conn, here, a.carrier, a.carrier),
        drivers=_groups(conn, here, a.driver, sa.func.coalesce(person.c.name, a.driver)),
        comments=_comments(conn, here),
    )


def _asked(conn: sa.Connection, site: str, since: int) -> int:
    sent = sa.and_(notice.c.what == "survey", notice.c.state == "sent", notice.c.sent_at >= since)
    count = sa.select(sa.func.count(notice.c.order_id.distinct()))
    return int(conn.execute(count.where(notice.c.site == site, sent)).scalar_one())


def _one(conn: sa.Connection, here: Any) -> dict[str, int]:
    row = conn.execute(sa.select(*_SUMS).where(here)).mappings().one()
    return {name: int(value) for name, value in row.items()}


def _over_time(conn: sa.Connection, here: Any, days: int) -> list[Bucket]:
    """Weeks begin on Mondays: the first of January 1970 was a Thursday."""
    size, shift = days * DAY_MS, 3 * DAY_MS if days == 7 else 0
    bucket = ((a.at + shift) // size).label("bucket")
    rows = conn.execute(sa.select(bucket, *_SUMS).where(here).group_by(bucket).order_by(bucket))
    return [
        Bucket(start=int(r["bucket"]) * size - shift, **_sums(r)) for r in rows.mappings().all()
    ]


def _groups(conn: sa.Connection, here: Any, key: Any, name: Any) -> list[Group]:
    shown = name.label("name")
    found = (
        sa.select(shown, *_SUMS)
        .select_from(survey_answer)
        .outerjoin(person, person.c.id == a.driver)
        .where(here, key != "")
        .group_by(shown)
        .order_by(sa.desc("n"), shown)
        .limit(MOST_GROUPS)
    )
    return [Group(name=str(r["name"]), **_sums(r)) for r in conn.execute(found).mappings()]


def _sums(row: Any) -> dict[str, int]:
    return {name: int(row[name]) for name in ("n", "on_time", "complete", "courtesy")}


def _comments(conn: sa.Connection, here: Any) -> list[Said]:
    found = (
        sa.select(survey_answer, orders.c.number, person.c.name.label("driver_name"))
        .join(orders, orders.c.id == a.order_id)
        .outerjoin(person, person.c.id == a.driver)
        .where(here, a.comment != "")
        .order_by(a.at.desc(), a.order_id)
        .limit(MOST_COMMENTS)
    )
    return [
        Said(
            order=r["order_id"],
            number=r["number"],
            at=r["at"],
            on_time=r["on_time"],
            complete=r["complete"],
            courtesy=r["courtesy"],
            comment=r["comment"],
            by=r["carrier"] or r["driver_name"] or "",
        )
        for r in conn.execute(found).mappings()
    ]
