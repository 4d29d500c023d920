"""A customer's answer, by the page of the link; and what follows from a bad one."""

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.floor import discrepancies
from server.floor.tables import discrepancy
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role, Text
from server.orders.events import SurveyAnswered
from server.orders.tables import orders
from server.packing.tables import shipment
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.carriers.tariffs import OWN
from server.pod.tables import proof
from server.survey.rules import SurveyRules, is_bad, open_until
from server.survey.tables import survey_answer

SETTING = "survey"
shaped(SETTING, SurveyRules)
NOT_DELIVERED = code("survey_not_delivered")
CLOSED = code("survey_closed")
BAD_ANSWER = code("survey_bad_answer")


def survey_rules(conn: Any, site: str) -> SurveyRules:
    """A setting that nobody can read counts as none."""
    try:
        return msgspec.convert(get_setting(conn, site, SETTING, {}), SurveyRules)
    except msgspec.ValidationError:
        return SurveyRules()


class Answer(Op):
    """One for each order; another one takes its place, while that is allowed. `courtesy`: 5 is the
    best."""

    order: Id
    on_time: bool
    complete: bool
    courtesy: Annotated[int, Meta(ge=1, le=5)]
    comment: Text = ""


@operation("survey.answer.v1", kind=REQUEST, roles={Role.SYSTEM})
def answer(op: Answer, ctx: OpContext) -> None:
    found = sa.select(orders.c.delivered_at).where(orders.c.id == op.order)
    row = ctx.conn.execute(found.where(orders.c.site == ctx.site).with_for_update()).first()
    if row is None or row.delivered_at is None:
        raise Refusal(NOT_DELIVERED, field="order", value=op.order)
    mine = survey_answer.c.order_id == op.order
    before = ctx.conn.execute(sa.select(survey_answer).where(mine)).first()
    rules = survey_rules(ctx.conn, ctx.site)
    if ctx.now > open_until(row.delivered_at, before.at if before else None, rules):
        raise Refusal(CLOSED, field="order", value=op.order)
    said: dict[str, Any] = {"on_time": op.on_time, "complete": op.complete, "courtesy": op.courtesy}
    told = _tell_desk(ctx, op, before, bad=is_bad(**said, rules=rules))
    values = said | {"comment": op.comment, "changed_at": ctx.at, "discrepancy": told}
    if before:
        ctx.conn.execute(sa.update(survey_answer).where(mine).values(values))
    else:
        values |= {"order_id": op.order, "site": ctx.site, "at": ctx.at} | _brought(ctx, op.order)
        ctx.conn.execute(sa.insert(survey_answer).values(values))
    ctx.emit(SurveyAnswered(order=op.order, note=op.comment, changed=bool(before), **said))


def _tell_desk(ctx: OpContext, op: Answer, before: Any, *, bad: bool) -> str | None:
    """The discrepancy of a bad answer: one, which goes when the customer thinks better of it."""
    open_one = _still_open(ctx, before.discrepancy if before else None)
    details = {name: getattr(op, name) for name in ("courtesy", "on_time", "complete")}
    details["note"] = op.comment
    if bad and open_one:
        discrepancies.add(ctx, open_one, **details)
        return open_one
    if bad:
        return discrepancies.open_one(
            ctx, BAD_ANSWER, operation="survey.answer", order=op.order, details=details
        )
    if open_one:
        discrepancies.settle(ctx, open_one)
    return None


def _still_open(ctx: OpContext, name: str | None) -> str | None:
    found = sa.select(discrepancy.c.id).where(
        discrepancy.c.id == name, discrepancy.c.state == "open"
    )
    return ctx.conn.execute(found).scalar() if name else None


def _brought(ctx: OpContext, order_id: str) -> dict[str, str]:
    """By whom: a carrier's name, or who closed the stop."""
    bills = (
        sa.select(waybill.c.carrier_name)
        .join(waybill_of, waybill_of.c.waybill == waybill.c.id)
        .join(shipment, shipment.c.id == waybill_of.c.shipment)
        .where(shipment.c.order_id == order_id, waybill.c.carrier != OWN, waybill.c.state != "void")
        .order_by(waybill.c.created_at.desc())
        .limit(1)
    )
    proofs = sa.select(proof.c.record).where(proof.c.order_id == order_id, proof.c.stands)
    newest = ctx.conn.execute(proofs.order_by(proof.c.recv_at.desc()).limit(1)).scalar()
    driver = msgspec.json.decode(newest).get("person", "") if newest else ""
    carrier = "" if newest else ctx.conn.execute(bills).scalar() or ""
    return {"carrier": str(carrier), "driver": str(driver)}
