"""`GET /api/epcis`: what a partner's system wants to know of an order, or of a span of time."""

from typing import Annotated

import msgspec
import sqlalchemy as sa
from litestar import Response, get
from msgspec import Meta

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.insights.epcis.document import Wanted, document
from server.kernel.values import Id, Moment, Role
from server.web.fields import read_fields

JSON_LD = "application/ld+json"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`since`, `until`: ms, the latter excluded; `limit`: events in one answer."""

    order: Id | None = None
    since: Moment = 0
    until: Moment = 9_999_999_999_999
    limit: Annotated[int, Meta(ge=1, le=5_000)] = 1_000


@get("/api/epcis", guards=[require(Role.SERVICE, Role.ADMIN)])
async def export(request: AnyRequest, grant: ByGrant) -> Response[bytes]:
    """`?order=…`: an order's id; `?since=…&until=…&limit=…`."""
    given = {name: request.query_params.get(name) for name in Asked.__struct_fields__}
    asked, store = read_fields(given, Asked, {}), store_of(request)
    wanted = Wanted(
        site=grant.site,
        order=asked.order or "",
        since=asked.since,
        until=asked.until,
        most=asked.limit,
    )

    def written(conn: sa.Connection) -> bytes:
        return b"".join(document(conn, wanted, store.clock()))

    return Response(await store.read(written), media_type=JSON_LD)
