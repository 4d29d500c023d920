"""What a partner's software says of an interchange: CONTRL, the syntax and service report."""

from typing import Annotated, NamedTuple

import sqlalchemy as sa
from msgspec import Meta

from server.edi.reading import Interchange, Message
from server.floor import discrepancies
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Role
from server.notices.edi.partners import Identification
from server.notices.events import NoticeAnswered
from server.notices.tables import notice

EDI_REFUSED = code("edi_refused")
Reference = Annotated[str, Meta(min_length=1, max_length=14, pattern="^[!-~]+$")]
Fault = Annotated[str, Meta(max_length=3, pattern="^[!-~]*$")]
_REJECTED = "4"
"""Of an interchange or a message in it (0083); 7 is acknowledged, 8 received."""


class Answer(NamedTuple):
    """`fault`: what is wrong with it (0085), where they say."""

    partner: str
    reference: str
    accepted: bool
    fault: str


def answers(found: Interchange) -> list[Answer]:
    """Of the CONTRL messages in it. Who speaks is who sent them, whatever stands inside."""
    reports = (m for m in found.messages if m.kind == "CONTRL")
    return [_answer(found.sender, m) for m in reports if any(m.of("UCI"))]


def _answer(partner: str, message: Message) -> Answer:
    whole = next(message.of("UCI"))
    said = [(whole.value(3), whole.value(4))]
    said += [(each.value(2), each.value(3)) for each in message.of("UCM")]
    faults = [fault for action, fault in said if action == _REJECTED]
    return Answer(partner, whole.value(0), not faults, faults[0] if faults else "")


class TellAnswer(Op):
    """`fault`: as the partner's software names it (0085)."""

    partner: Identification
    reference: Reference
    accepted: bool
    fault: Fault = ""


@operation("notices.tell_answer.v1", kind=FACT, roles={Role.SYSTEM})
def tell_answer(op: TellAnswer, ctx: OpContext) -> None:
    """What they refuse is not sent, though it left: somebody has to look."""
    found = sa.select(notice).where(
        notice.c.site == ctx.site,
        notice.c.channel == "edi",
        notice.c.reference == op.reference,
        notice.c.target == op.partner,
    )
    row = ctx.conn.execute(found.with_for_update()).first()
    if row is None or row.state not in ("queued", "sent"):
        return
    if not op.accepted:
        values = {"state": "failed", "why": "refused"}
        ctx.conn.execute(sa.update(notice).where(notice.c.id == row.id).values(**values))
    ctx.emit(
        NoticeAnswered(
            order=row.order_id,
            notice=row.id,
            what=row.what,
            partner=op.partner,
            reference=op.reference,
            accepted=op.accepted,
            fault=op.fault,
        )
    )
    if not op.accepted:
        details = {"partner": op.partner, "reference": op.reference, "fault": op.fault}
        discrepancies.open_one(
            ctx,
            EDI_REFUSED,
            operation="notices.tell_answer",
            order=row.order_id,
            details=details,
        )
