"""What the dashboards ask for: figures over days, by whom or what, and the orders behind them."""

import datetime as dt
from typing import Annotated

import sqlalchemy as sa
from litestar import Router, get
from msgspec import Meta, Struct

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.insights.measures import asking
from server.insights.measures import members as told_apart
from server.insights.measures.asking import Shown, costs_of
from server.insights.measures.behind import Orders, behind
from server.insights.measures.counting import MEMBER
from server.insights.measures.figures import DIMENSIONS, FIGURES, NAMED_PEOPLE, Figure
from server.insights.measures.following import clock_of, read_to
from server.insights.measures.members import Member, Scores
from server.insights.measures.parts import AN_ORDER_HAS, Span, source
from server.insights.measures.periods import By, date, number
from server.insights.measures.sent_back import sent_back
from server.kernel.errors import Refusal
from server.kernel.values import DESK, Role
from server.web.fields import read_fields

USUAL_DAYS, MOST_DAYS = 30, 1_100
PAGE = 25
SENT_BACK = "sent_back"
LEADS = frozenset({Role.SUPERVISOR, Role.ADMIN})
CHOSEN = ("carrier", "destination", "channel", "zone", "person")
"""Dimensions of which a list can be shown to choose from; of customers there are too many."""
_NAMES = {"first": "from", "last": "to"}
_Member = Annotated[str, Meta(max_length=MEMBER)]
_Day = Annotated[str, Meta(pattern=r"^(|\d{4}-\d{2}-\d{2})$")]


class Asked(Struct, frozen=True, kw_only=True):
    """Days as `2026-01-31`, both included; none: the newest thirty. Of each dimension the member
    alone that is asked about. `of`: the dimension whose members are told apart."""

    first: _Day = ""
    last: _Day = ""
    by: By = "day"
    of: Annotated[str, Meta(max_length=16)] = ""
    carrier: _Member = ""
    destination: _Member = ""
    channel: _Member = ""
    customer: _Member = ""
    person: _Member = ""
    zone: _Member = ""
    kind: _Member = ""
    cause: _Member = ""
    reason: _Member = ""
    product: _Member = ""
    figure: Annotated[str, Meta(max_length=16)] = ""
    after: Annotated[str, Meta(max_length=80, pattern=r"^(|\d{1,15}:[A-Za-z0-9:._/-]+)$")] = ""


class Dashboard(Struct, frozen=True):
    """`starts`: the first day of each period. `since`: the day from which on orders are counted,
    where these are too many to be read. `by_of`: of each figure, by what this person may tell it
    apart here; `behind`: figures with orders behind them. `names`: of the members that are asked
    about. `currency`: of what is priced; empty: nothing is. `counted`: how far the log is."""

    first: str
    last: str
    since: str
    starts: list[str]
    figures: list[Shown]
    by_of: dict[str, list[str]]
    behind: list[str]
    names: dict[str, str]
    currency: str
    counted: int
    as_of: int


class Counted(Struct, frozen=True):
    """How far the log is counted; ms by the server's clock."""

    counted: int
    as_of: int


class Choice(Struct, frozen=True):
    member: str
    name: str


class Choices(Struct, frozen=True):
    """By dimension, for those that this person may choose from."""

    members: dict[str, list[Choice]]


class Members(Struct, frozen=True):
    """`since`: as of a dashboard."""

    members: list[Member]
    since: str


class SideBySide(Struct, frozen=True):
    members: list[Scores]


@get("/figures", guards=[require(*DESK)])
async def show_figures(request: AnyRequest, grant: ByGrant) -> Dashboard:
    """`?from=…&to=…&by=day|week|month&carrier=…&channel=…`: all figures, of the whole site or of
    one carrier, destination, person …"""
    asked = _asked(request, grant.role)
    now = store_of(request).clock()

    def told(conn: sa.Connection) -> Dashboard:
        span = _span(conn, grant.site, asked, now)
        costs = costs_of(conn, grant.site)
        seen = [f for f in FIGURES.values() if not f.guarded or grant.role in costs.seen_by]
        newest = asking.narrowed(conn, span)
        begins, figures = asking.shown(conn, newest, asked.by, seen)
        return Dashboard(
            first=date(span.first).isoformat(),
            last=date(span.last).isoformat(),
            since=_since(newest, span),
            starts=[date(day).isoformat() for day in begins],
            figures=figures,
            by_of={f.key: _apart(f, span, grant.role) for f in seen},
            behind=[f.key for f in seen if _has_orders(f, span)],
            names=_names_in(conn, span),
            currency=costs.currency,
            counted=read_to(conn, grant.site),
            as_of=now,
        )

    return await store_of(request).read(told)


@get("/counted", guards=[require(*DESK)])
async def show_counted(request: AnyRequest, grant: ByGrant) -> Counted:
    """Whether it is worth asking for anything again: one row is read."""
    now = store_of(request).clock()
    return await store_of(request).read(
        lambda conn: Counted(counted=read_to(conn, grant.site), as_of=now)
    )


@get("/choices", guards=[require(*DESK)])
async def show_choices(request: AnyRequest, grant: ByGrant) -> Choices:
    """Carriers, destinations, channels, zones and people that anything was ever counted of."""
    wanted = [d for d in CHOSEN if _may_see(d, grant.role)]

    def told(conn: sa.Connection) -> Choices:
        return Choices({d: _choices(conn, grant.site, d) for d in wanted})

    return await store_of(request).read(told)


@get("/members", guards=[require(*DESK)])
async def show_members(request: AnyRequest, grant: ByGrant) -> Members:
    """`?figure=on_time&of=carrier&channel=…&from=…&to=…`: one figure, member by member."""
    asked = _asked(request, grant.role)
    now = store_of(request).clock()

    def told(conn: sa.Connection) -> Members:
        figure = _figure(conn, asked, grant.site, grant.role)
        span = _span(conn, grant.site, asked, now)
        if asked.of not in (apart := _apart(figure, span, grant.role)):
            raise Refusal("malformed", field="of", value=asked.of, mend=", ".join(apart))
        newest = told_apart.told_over(conn, span, figure, asked.of)
        found = told_apart.members(conn, newest, figure, asked.of)
        return Members(found, _since(newest, span))

    return await store_of(request).read(told)


@get("/scores", guards=[require(*DESK)])
async def show_scores(request: AnyRequest, grant: ByGrant) -> SideBySide:
    """`?of=carrier&from=…&to=…`: carriers (destinations, channels) side by side."""
    asked = _asked(request, grant.role)
    now = store_of(request).clock()
    if asked.of not in _SIDE_BY_SIDE:
        mend = ", ".join(_SIDE_BY_SIDE)
        raise Refusal("malformed", field="of", value=asked.of, mend=mend)

    def told(conn: sa.Connection) -> SideBySide:
        span = _span(conn, grant.site, asked, now)
        return SideBySide(told_apart.scores(conn, span.without(span.dimensions), asked.of))

    return await store_of(request).read(told)


@get("/orders", guards=[require(*DESK)])
async def show_orders(request: AnyRequest, grant: ByGrant) -> Orders:
    """`?figure=on_time&carrier=…&after=…`: the orders to look at, the newest first."""
    asked = _asked(request, grant.role)
    now = store_of(request).clock()

    def told(conn: sa.Connection) -> Orders:
        figure = _figure(conn, asked, grant.site, grant.role)
        span = _span(conn, grant.site, asked, now)
        if not _has_orders(figure, span):
            raise Refusal("malformed", field="figure", value=figure.key, mend="no orders behind it")
        if figure.behind == SENT_BACK:
            return sent_back(conn, span, clock_of(conn, grant.site), asked.after, PAGE)
        return behind(conn, span, figure, asked.after, PAGE)

    return await store_of(request).read(told)


_SIDE_BY_SIDE = ("carrier", "destination", "channel")


def _asked(request: AnyRequest, role: Role) -> Asked:
    given = {f: request.query_params.get(_NAMES.get(f, f)) for f in Asked.__struct_fields__}
    asked = read_fields(given, Asked, _NAMES)
    for dimension in NAMED_PEOPLE:
        is_asked = dimension == asked.of or getattr(asked, dimension)
        if is_asked and not _may_see(dimension, role):
            raise Refusal("not_allowed", field=dimension, mend="ask a supervisor")
    return asked


def _may_see(dimension: str, role: Role) -> bool:
    return dimension not in NAMED_PEOPLE or role in LEADS


def _apart(figure: Figure, span: Span, role: Role) -> list[str]:
    """By what it can be told apart within that part of the site, by somebody of that role."""
    open_ones = [d for d in figure.by if d not in span.dimensions and _may_see(d, role)]
    return [d for d in open_ones if source(figure, span.dimensions | {d})]


def _has_orders(figure: Figure, span: Span) -> bool:
    """Of a kind, a zone or a person there is no list of orders."""
    if figure.behind == SENT_BACK:
        return bool(source(figure, span.dimensions))
    known = AN_ORDER_HAS if "cancelled" in figure.made_of else AN_ORDER_HAS - {"reason"}
    told = source(figure, span.dimensions) if span.where else "kept"
    return bool(figure.behind and told and span.dimensions <= known)


def _figure(conn: sa.Connection, asked: Asked, site: str, role: Role) -> Figure:
    if asked.figure not in FIGURES:
        raise Refusal("malformed", field="figure", value=asked.figure, mend=", ".join(FIGURES))
    figure = FIGURES[asked.figure]
    if figure.guarded and role not in costs_of(conn, site).seen_by:
        raise Refusal("not_allowed", field="figure", mend="ask a supervisor")
    return figure


def _since(newest: Span, asked: Span) -> str:
    return date(newest.first).isoformat() if newest != asked else ""


def _names_in(conn: sa.Connection, span: Span) -> dict[str, str]:
    return {
        d: name for d, m in span.where if (name := told_apart.names_of(conn, d, [m]).get(m, ""))
    }


def _choices(conn: sa.Connection, site: str, dimension: str) -> list[Choice]:
    found = told_apart.choices(conn, site, dimension)
    names = told_apart.names_of(conn, dimension, found)
    return [Choice(m, names.get(m, "")) for m in found]


def _span(conn: sa.Connection, site: str, asked: Asked, now: int) -> Span:
    """Refuses `malformed`: no such day, the end before the beginning, or too long a time."""
    today = dt.datetime.fromtimestamp(now / 1000, clock_of(conn, site)).date()
    last = _day(asked.last, "to") if asked.last else number(today)
    first = _day(asked.first, "from") if asked.first else last - USUAL_DAYS + 1
    if not 0 <= last - first < MOST_DAYS:
        mend = f"to is after from, and at most {MOST_DAYS} days"
        raise Refusal("malformed", field="from", value=asked.first, mend=mend)
    where = tuple((d, m) for d in sorted(DIMENSIONS) if (m := getattr(asked, d)))
    return Span(site, first, last, where)


def _day(text: str, field: str) -> int:
    try:
        return number(dt.date.fromisoformat(text))
    except ValueError as error:
        raise Refusal("malformed", field=field, value=text, mend="2026-01-31") from error


router = Router(
    path="/api/insights",
    route_handlers=[
        show_figures,
        show_counted,
        show_choices,
        show_members,
        show_scores,
        show_orders,
    ],
)
