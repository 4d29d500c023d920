"""What the exceptions desk asks for beyond its rows: a case's story, and what was learned."""

from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.params import FromPath
from msgspec import Meta

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.board.cases import CaseStory, tell
from server.board.known_cases import KnownCases, search
from server.kernel.values import DESK
from server.web.fields import read_fields

_CAUSE = Annotated[str, Meta(pattern="^(|slip|system|data|process|training)$")]


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    q: Annotated[str, Meta(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    kind: Annotated[str, Meta(pattern="^[a-z_]{0,64}$")] = ""
    cause: _CAUSE = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


@get("/", guards=[require(*DESK)])
async def search_cases(request: AnyRequest, grant: ByGrant) -> KnownCases:
    """`?q=…&kind=…&cause=…&limit=…`: settled cases, the last settled first; `q`: words of the
    resolution, the customer, the order's number or the item, in any script."""
    names = ("q", "kind", "cause", "limit")
    asked = read_fields({n: request.query_params.get(n) for n in names}, Knowledge, {})
    return await store_of(request).read(
        lambda conn: search(conn, grant.site, asked.q, asked.kind, asked.cause, asked.limit)
    )


class Likely(msgspec.Struct, frozen=True, kw_only=True):
    cause: _CAUSE = ""


@get("/{case_id:str}", guards=[require(*DESK)])
async def show_case(request: AnyRequest, grant: ByGrant, case_id: FromPath[str]) -> CaseStory:
    """`?cause=…`: what it seems to be, for the resolutions that are offered."""
    asked = read_fields({"cause": request.query_params.get("cause")}, Likely, {})
    return await store_of(request).read(lambda conn: tell(conn, grant.site, case_id, asked.cause))


router = Router(path="/api/exceptions", route_handlers=[search_cases, show_case])
