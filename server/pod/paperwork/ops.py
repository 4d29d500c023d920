"""Papers of an order: issued here, attached, waived, withdrawn.

issued: the version 1, 2, … of what is made here; a version stays readable when a later one is.
attached: made by others, its bytes follow as a blob. waived: a rule asks, this order does not need
it. withdrawn: it was the wrong one. An order is loaded when each paper that it must have is there.
"""

from typing import Annotated, Any

import sqlalchemy as sa
from msgspec import Meta

from server.catalog.ops import SettingPut
from server.kernel.errors import Refusal, code
from server.kernel.events import reacts
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import DESK, SHA256_HEX, BlobRef, Id, Moment, Role
from server.orders.tables import orders
from server.pod.paperwork.events import PaperAttached, PaperIssued, PaperWaived, PaperWithdrawn
from server.pod.paperwork.rules import MARKS, Paper, number_of
from server.pod.paperwork.state import SETTING
from server.pod.paperwork.tables import order_paper
from server.pod.tables import stop
from server.store import blobs
from server.store.tx import Tx

ORDER_UNKNOWN = code("paper_order_unknown")
VERSION_TAKEN = code("paper_version_taken")
CLERKS = frozenset({Role.PACKER, *DESK, Role.SYSTEM})
DECIDERS = frozenset({Role.SUPERVISOR, Role.SERVICE, Role.ADMIN})
_MOVES_THE_GATE = (SETTING, "loading")
Note = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Reason = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]


class IssuePaper(Op):
    """Made here from what the site knew, its bytes already kept. `version`: the latest one again in
    another language, or the next. `facts`: hash of all that it says, whatever the language;
    `stamp`: of what was packed. `fault`: why the site's own template was not used."""

    order: Id
    paper: Paper
    version: Annotated[int, Meta(ge=1, le=10_000)]
    lang: Annotated[str, Meta(max_length=8)]
    blob: BlobRef
    facts: SHA256_HEX
    stamp: Annotated[str, Meta(max_length=64)]
    at: Moment
    fault: Annotated[str, Meta(max_length=500)] = ""


@operation("pod.issue_paper.v1", kind=REQUEST, roles={Role.SYSTEM})
def issue_paper(op: IssuePaper, ctx: OpContext) -> None:
    """Refuses `not_found`, and `paper_version_taken` where somebody issued one meanwhile."""
    order = _order(ctx, op.order)
    if order is None or op.paper not in MARKS:
        raise Refusal("not_found", field="order" if order is None else "paper")
    kept = [r for r in _kept(ctx, op.order, op.paper) if r.source == "issued"]
    latest = max((r.version for r in kept), default=0)
    same = [r for r in kept if r.version == op.version]
    is_next = op.version == latest + 1
    if not is_next and (op.version != latest or any(r.facts != op.facts for r in same)):
        raise Refusal(VERSION_TAKEN, field="version", value=op.version)
    if any(r.lang == op.lang for r in same):
        return  # asked for twice at once: one of them is enough
    number = number_of(order.number, op.paper, op.version)
    said: dict[str, Any] = {"number": number, "version": op.version, "lang": op.lang}
    hashes = {"blob": op.blob, "facts": op.facts, "stamp": op.stamp}
    made = _keep(ctx, op.order, op.paper, "issued", **said, **hashes, at=op.at)
    said |= {"what": op.paper, "blob": op.blob, "fault": op.fault}
    ctx.emit(PaperIssued(order=op.order, paper=made, **said))


class AttachPaper(Op):
    """A paper that others made: a picture or a PDF, its bytes follow. `number`: what it is known
    by, as on the certificate."""

    order: Id
    paper: Paper
    blob: BlobRef
    number: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    note: Note = ""


@operation("pod.attach_paper.v1", kind=FACT, roles=CLERKS)
def attach_paper(op: AttachPaper, ctx: OpContext) -> None:
    if _order(ctx, op.order) is None:
        return ctx.divert(ORDER_UNKNOWN, order=op.order)
    before = (r.version for r in _kept(ctx, op.order, op.paper) if r.source == "attached")
    said: dict[str, Any] = {"number": op.number, "note": op.note, "blob": op.blob}
    version = max(before, default=0) + 1
    made = _keep(ctx, op.order, op.paper, "attached", **said, version=version)
    ctx.emit(PaperAttached(order=op.order, paper=made, what=op.paper, **said))
    return None


class WaivePaper(Op):
    """A rule asks for this paper, and this order does not need it."""

    order: Id
    paper: Paper
    reason: Reason


@operation("pod.waive_paper.v1", kind=REQUEST, roles=DECIDERS)
def waive_paper(op: WaivePaper, ctx: OpContext) -> None:
    if _order(ctx, op.order) is None:
        raise Refusal("not_found", field="order", value=op.order)
    made = _keep(ctx, op.order, op.paper, "waived", number="", version=1, note=op.reason)
    ctx.emit(PaperWaived(order=op.order, paper=made, what=op.paper, note=op.reason))


class WithdrawPaper(Op):
    """One that was attached or waived by mistake."""

    paper: Id
    reason: Reason


@operation("pod.withdraw_paper.v1", kind=REQUEST, roles=DECIDERS)
def withdraw_paper(op: WithdrawPaper, ctx: OpContext) -> None:
    """Refuses `not_found`; what was issued here is never withdrawn, a next version replaces it."""
    found = sa.select(order_paper).where(
        order_paper.c.id == op.paper,
        order_paper.c.site == ctx.site,
        order_paper.c.source != "issued",
    )
    kept = ctx.conn.execute(found.with_for_update()).first()
    if kept is None:
        raise Refusal("not_found", field="paper", value=op.paper)
    if kept.withdrawn:
        return
    gone = sa.update(order_paper).where(order_paper.c.id == op.paper)
    ctx.conn.execute(gone.values(withdrawn=True))
    _look_again(ctx, kept.order_id)
    ctx.emit(
        PaperWithdrawn(
            order=kept.order_id,
            paper=kept.id,
            what=kept.paper,
            number=kept.number,
            note=op.reason,
        )
    )


def _order(ctx: OpContext, order_id: str) -> Any:
    found = sa.select(orders).where(orders.c.id == order_id, orders.c.site == ctx.site)
    return ctx.conn.execute(found.with_for_update()).first()


def _kept(ctx: OpContext, order_id: str, paper: str) -> list[Any]:
    found = sa.select(order_paper).where(
        order_paper.c.order_id == order_id, order_paper.c.paper == paper
    )
    return list(ctx.conn.execute(found))


def _keep(ctx: OpContext, order_id: str, paper: str, source: str, **values: Any) -> str:
    """Its id."""
    made = ctx.new_id()
    row: dict[str, Any] = {"id": made, "site": ctx.site, "order_id": order_id, "paper": paper}
    row |= {"source": source, "by_person": ctx.person, "at": ctx.at}
    ctx.conn.execute(sa.insert(order_paper).values(row | values))
    _look_again(ctx, order_id)
    return made


def _look_again(ctx: OpContext, order_id: str) -> None:
    """The driver's list says what is lacking."""
    for stop_id in ctx.conn.execute(_stops(ctx.site, [order_id])).scalars().all():
        ctx.touch("stop", stop_id)


def _stops(site: str, order_ids: list[str]) -> sa.Select[Any]:
    return sa.select(stop.c.id).where(
        stop.c.site == site, stop.c.state != "closed", stop.c.order_id.in_(order_ids)
    )


@reacts(SettingPut)
def look_by_the_new_rules(event: SettingPut, ctx: OpContext) -> None:
    if event.key not in _MOVES_THE_GATE:
        return
    waiting = sa.select(stop.c.id).where(stop.c.site == ctx.site, stop.c.state == "planned")
    for stop_id in ctx.conn.execute(waiting.order_by(stop.c.id)).scalars().all():
        ctx.touch("stop", stop_id)


@blobs.on_complete
def its_bytes_are_here(tx: Tx, site: str, sha256: str) -> None:
    named = sa.select(order_paper.c.order_id).where(
        order_paper.c.site == site, order_paper.c.blob == f"sha256:{sha256}"
    )
    of = list(tx.conn.execute(named.distinct()).scalars())
    for order_id in of:
        tx.touch(site, "order", order_id)
    stops: list[str] = list(tx.conn.execute(_stops(site, of)).scalars())
    for stop_id in stops:
        tx.touch(site, "stop", stop_id)
