"""`GET /api/audit`: the log, a page at a time; `GET /api/audit/entry`: one operation in full."""

from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa
from litestar import Router, get
from msgspec import Meta

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.insights.trail.looking import FIRST, LAST, Wanted, entries_of, find, look_up
from server.insights.trail.rules import Fact, facts
from server.insights.trail.seals import chain_of, seal_of
from server.insights.trail.shapes import Followed, Opened, Trail
from server.kernel.values import Id, Moment, Role
from server.store.tables import event
from server.web.fields import read_fields

_AUDITORS = require(Role.SUPERVISOR, Role.ADMIN)
_Id = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9:._/-]*$")]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    person: _Id = ""
    device: _Id = ""
    kind: _Id = ""
    order: _Id = ""
    outcome: Literal["", "undone", "applied", "diverted", "quarantined", "refused", "held"] = ""
    since: Moment = FIRST
    until: Moment = LAST
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[str, Meta(max_length=60)] = ""


class One(msgspec.Struct, frozen=True, kw_only=True):
    device: Id
    n: Annotated[int, Meta(ge=0, le=10**15)]


@get("/", guards=[_AUDITORS])
async def show_trail(request: AnyRequest, grant: ByGrant) -> Trail:
    """`?person=…&device=…&kind=…&order=…&outcome=…&since=…&until=…&limit=…&after=…`."""
    given = {name: request.query_params.get(name) for name in Asked.__struct_fields__}
    asked, store = read_fields(given, Asked, {}), store_of(request)
    wanted = Wanted(**{f: getattr(asked, f) for f in Wanted.__struct_fields__})

    def found(conn: sa.Connection) -> Trail:
        entries, more = look_up(conn, grant.site, wanted, asked.limit, asked.after)
        chain = chain_of(conn, grant.site, store.keys.folder)
        return Trail(entries=entries, chain=chain, more=more)

    return await store.read(found)


@get("/entry", guards=[_AUDITORS])
async def show_entry(request: AnyRequest, grant: ByGrant) -> Opened:
    """`?device=…&n=…`. Personal fields are for the administrator; secret ones for nobody."""
    given = {name: request.query_params.get(name) for name in One.__struct_fields__}
    asked, store = read_fields(given, One, {}), store_of(request)

    def opened(conn: sa.Connection) -> Opened:
        row = find(conn, grant.site, asked.device, asked.n)
        (entry,) = entries_of(conn, grant.site, [row])
        return Opened(
            entry=entry,
            said=_facts(row["kind"], row["body"], grant.role),
            answer=_facts(row["kind"], row["data"] or "{}", grant.role),
            followed=_followed(conn, grant.site, row, grant.role),
            seal=seal_of(conn, grant.site, row["ver"]),
            chain=chain_of(conn, grant.site, store.keys.folder),
        )

    return await store.read(opened)


def _facts(kind: str, text: str, role: Role | None) -> list[Fact]:
    return facts(kind, msgspec.json.decode(text), role)


def _followed(
    conn: sa.Connection, site: str, row: sa.RowMapping, role: Role | None
) -> list[Followed]:
    """In the order in which they were told; its own body again in an event says nothing new."""
    e = event.c
    told = sa.select(e.kind, e.body).where(
        e.site == site, e.ver == row["ver"], e.device == row["device"], e.n == row["n"]
    )
    return [
        Followed(kind=r.kind, facts=_facts(row["kind"], r.body, role))
        for r in conn.execute(told.order_by(e.seq))
    ]


router = Router(path="/api/audit", route_handlers=[show_trail, show_entry])
