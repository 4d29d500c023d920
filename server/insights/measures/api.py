"""What the dashboards ask for: figures over days, by whom or what, and the orders behind them."""

import datetime as dt
from typing import Annotated

import sqlalchemy as sa
from litestar import Router, get
from msgspec import Meta, Struct

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.insights.measures import asking
from server.insights.measures.asking import Member, Scores, Shown, targets_of
from server.insights.measures.behind import Orders, Span, behind
from server.insights.measures.counting import MEMBER
from server.insights.measures.figures import DIMENSIONS, FIGURES, NAMED_PEOPLE, Figure
from server.insights.measures.following import clock_of
from server.insights.measures.periods import By, date, number
from server.kernel.errors import Refusal
from server.kernel.values import DESK, Role
from server.web.fields import read_fields

USUAL_DAYS, MOST_DAYS = 30, 1_100
PAGE = 25
LEADS = frozenset({Role.SUPERVISOR, Role.ADMIN})
_NAMES = {"first": "from", "last": "to", "dimension": "dim"}
_Day = Annotated[str, Meta(pattern=r"^(|\d{4}-\d{2}-\d{2})$")]


class Asked(Struct, frozen=True, kw_only=True):
    """Days as `2026-01-31`, both included; none: the newest thirty."""

    first: _Day = ""
    last: _Day = ""
    by: By = "day"
    dimension: Annotated[str, Meta(max_length=16, pattern="^[a-z]*$")] = ""
    member: Annotated[str, Meta(max_length=MEMBER)] = ""
    figure: Annotated[str, Meta(max_length=16)] = ""
    after: Annotated[str, Meta(max_length=80, pattern=r"^(|\d{1,6}:[A-Za-z0-9:._/-]+)$")] = ""


class Dashboard(Struct, frozen=True):
    """`starts`: the first day of each period. `by_of`: of each figure, by what this person may
    tell it apart; `behind`: figures with orders behind them."""

    first: str
    last: str
    starts: list[str]
    figures: list[Shown]
    by_of: dict[str, list[str]]
    behind: list[str]


class Members(Struct, frozen=True):
    members: list[Member]


class SideBySide(Struct, frozen=True):
    members: list[Scores]


@get("/figures", guards=[require(*DESK)])
async def show_figures(request: AnyRequest, grant: ByGrant) -> Dashboard:
    """`?from=…&to=…&by=day|week|month&dim=…&member=…`: all figures, of the whole site or of one
    carrier, destination, person …"""
    asked = _asked(request, grant.role)
    now = store_of(request).clock()

    def told(conn: sa.Connection) -> Dashboard:
        span = _span(conn, grant.site, asked, now)
        begins, figures = asking.shown(conn, span, asked.by)
        days = [date(day).isoformat() for day in (span.first, span.last, *begins)]
        by = {f.key: [d for d in f.by if _may_see(d, grant.role)] for f in FIGURES.values()}
        with_orders = [f.key for f in FIGURES.values() if f.behind]
        return Dashboard(days[0], days[1], days[2:], figures, by, with_orders)

    return await store_of(request).read(told)


@get("/members", guards=[require(*DESK)])
async def show_members(request: AnyRequest, grant: ByGrant) -> Members:
    """`?figure=on_time&dim=carrier&from=…&to=…`: one figure, member by member."""
    asked = _asked(request, grant.role)
    figure, now = _figure(asked), store_of(request).clock()
    if asked.dimension not in figure.by:
        raise Refusal("malformed", field="dim", value=asked.dimension, mend=", ".join(figure.by))

    def told(conn: sa.Connection) -> Members:
        return Members(asking.members(conn, _span(conn, grant.site, asked, now), figure))

    return await store_of(request).read(told)


@get("/scores", guards=[require(*DESK)])
async def show_scores(request: AnyRequest, grant: ByGrant) -> SideBySide:
    """`?dim=carrier&from=…&to=…`: carriers (destinations, channels) side by side."""
    asked = _asked(request, grant.role)
    now = store_of(request).clock()
    if asked.dimension not in _SIDE_BY_SIDE:
        mend = ", ".join(_SIDE_BY_SIDE)
        raise Refusal("malformed", field="dim", value=asked.dimension, mend=mend)

    def told(conn: sa.Connection) -> SideBySide:
        return SideBySide(asking.scores(conn, _span(conn, grant.site, asked, now)))

    return await store_of(request).read(told)


@get("/orders", guards=[require(*DESK)])
async def show_orders(request: AnyRequest, grant: ByGrant) -> Orders:
    """`?figure=on_time&dim=…&member=…&after=…`: the orders to look at, the newest first."""
    asked = _asked(request, grant.role)
    figure, now = _figure(asked), store_of(request).clock()
    if not figure.behind or asked.dimension not in _OF_AN_ORDER:
        raise Refusal("malformed", field="dim", value=asked.dimension, mend="no orders behind it")

    def told(conn: sa.Connection) -> Orders:
        span = _span(conn, grant.site, asked, now)
        return behind(conn, span, figure, targets_of(conn, grant.site), asked.after, PAGE)

    return await store_of(request).read(told)


_SIDE_BY_SIDE = ("carrier", "destination", "channel")
_OF_AN_ORDER = ("", *_SIDE_BY_SIDE, "customer")


def _asked(request: AnyRequest, role: Role) -> Asked:
    given = {f: request.query_params.get(_NAMES.get(f, f)) for f in Asked.__struct_fields__}
    asked = read_fields(given, Asked, _NAMES)
    if asked.dimension and asked.dimension not in DIMENSIONS:
        mend = ", ".join(DIMENSIONS)
        raise Refusal("malformed", field="dim", value=asked.dimension, mend=mend)
    if not _may_see(asked.dimension, role):
        raise Refusal("not_allowed", field="dim", mend="ask a supervisor")
    return asked


def _may_see(dimension: str, role: Role) -> bool:
    return dimension not in NAMED_PEOPLE or role in LEADS


def _figure(asked: Asked) -> Figure:
    if asked.figure not in FIGURES:
        raise Refusal("malformed", field="figure", value=asked.figure, mend=", ".join(FIGURES))
    return FIGURES[asked.figure]


def _span(conn: sa.Connection, site: str, asked: Asked, now: int) -> Span:
    """Refuses `malformed`: no such day, the end before the beginning, or too long a time."""
    today = dt.datetime.fromtimestamp(now / 1000, clock_of(conn, site)).date()
    last = _day(asked.last, "to") if asked.last else number(today)
    first = _day(asked.first, "from") if asked.first else last - USUAL_DAYS + 1
    if not 0 <= last - first < MOST_DAYS:
        mend = f"to is after from, and at most {MOST_DAYS} days"
        raise Refusal("malformed", field="from", value=asked.first, mend=mend)
    return Span(site, first, last, asked.dimension, asked.member)


def _day(text: str, field: str) -> int:
    try:
        return number(dt.date.fromisoformat(text))
    except ValueError as error:
        raise Refusal("malformed", field=field, value=text, mend="2026-01-31") from error


router = Router(
    path="/api/insights", route_handlers=[show_figures, show_members, show_scores, show_orders]
)
