"""What came of a notice, and what is asked for by hand.

notice: queued -> sent | failed       (queued again after a fault, until the site's tries are over)
        queued -> dropped             (no longer true, or not wished)
"""

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from msgspec import Meta

from server.kernel.errors import Refusal, code
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.mailing.port import Why
from server.notices import making
from server.notices.events import NoticeAskedAgain, NoticeNotSent, NoticeSent
from server.notices.forgetting import NOTHING
from server.notices.rules import Target, after, shown
from server.notices.settings import notice_rules
from server.notices.tables import notice, push_subscription
from server.notices.wishes import Wishes, wishes_of
from server.web.languages import Language

STILL_QUEUED = code("notice_still_queued")
NO_ADDRESS = code("notice_no_address")
NOTICE_FORGOTTEN = code("notice_forgotten")
NOTICES_OFF = code("notices_off")
TOO_MANY = code("too_many_subscriptions")
MOST_BROWSERS = 5
"""Of one order; who has the link may be many."""


class TellSent(Op):
    """What came of sending a notice once. `why` is empty where it was taken. `again`: whether the
    same may go another time; `gone`: a browser that is not subscribed any more."""

    notice: Id
    why: Literal["", Why] = ""
    again: bool = False
    gone: bool = False


@operation("notices.tell_sent.v1", kind=FACT, roles={Role.SYSTEM})
def tell_sent(op: TellSent, ctx: OpContext) -> None:
    """Of a notice that is over already nothing changes: it is told once."""
    found = sa.select(notice).where(notice.c.id == op.notice, notice.c.site == ctx.site)
    row = ctx.conn.execute(found.with_for_update()).first()
    if row is None or row.state != "queued":
        return
    rules = notice_rules(ctx.conn, ctx.site)
    tried = row.tried + 1
    then = after(op.why, tried, ctx.now, again=op.again, tries=rules.tries, wait_s=rules.wait_s)
    values: dict[str, Any] = {"state": then.state, "tried": tried, "why": op.why}
    if then.state == "sent":
        values["sent_at"] = ctx.at
    elif then.state == "queued":
        values["next_at"] = making.waits(ctx.conn, ctx.site, row.channel, then.at)
    ctx.conn.execute(sa.update(notice).where(notice.c.id == op.notice).values(**values))
    if op.gone:
        ctx.conn.execute(sa.delete(push_subscription).where(push_subscription.c.id == row.target))
    _tell_story(ctx, row, then.state, op.why)


def _tell_story(ctx: OpContext, row: Any, state: str, why: str) -> None:
    said = {"what": row.what, "channel": row.channel, "audience": row.audience}
    said |= {"order": row.order_id, "notice": row.id, "to": shown(row.channel, row.target)}
    if state == "sent":
        ctx.emit(NoticeSent(**said))
    elif state == "failed":
        ctx.emit(NoticeNotSent(**said, why=why))


class ResendNotice(Op):
    """The same words again, to where the customer is reached now."""

    notice: Id


@operation("notices.resend_notice.v1", kind=REQUEST, roles={Role.SERVICE, Role.SUPERVISOR})
def resend_notice(op: ResendNotice, ctx: OpContext) -> None:
    found = sa.select(notice).where(notice.c.id == op.notice, notice.c.site == ctx.site)
    row = ctx.conn.execute(found.with_for_update()).mappings().first()
    if row is None:
        raise Refusal("not_found", field="notice", value=op.notice)
    if row["facts"] == NOTHING:
        raise Refusal(NOTICE_FORGOTTEN, field="notice", value=op.notice)
    if not notice_rules(ctx.conn, ctx.site).on:
        raise Refusal(NOTICES_OFF, field="notice", value=op.notice, mend="notices")
    waiting = sa.select(notice.c.id).where(
        notice.c.order_id == row["order_id"],
        notice.c.what == row["what"],
        notice.c.about == row["about"],
        notice.c.state == "queued",
    )
    if ctx.conn.execute(waiting.limit(1)).first() is not None:
        raise Refusal(STILL_QUEUED, field="notice", value=op.notice)
    _again(ctx, row)


def _again(ctx: OpContext, row: Any) -> None:
    same = ("site", "order_id", "what", "about", "facts", "audience", "lang")
    made = {name: row[name] for name in same}
    made |= {"state": "queued", "at": ctx.at, "again_of": row["id"]}
    wishes = wishes_of(ctx.conn, making.order_of(ctx.conn, row["order_id"])["customer"])
    for target in _where_to(ctx, row, wishes):
        making.put(ctx, made, target, mark=f"{ctx.device}/{ctx.n}", partner=wishes.edi)
        ctx.emit(
            NoticeAskedAgain(
                order=row["order_id"],
                notice=row["id"],
                what=row["what"],
                channel=target.channel,
                to=shown(target.channel, target.to),
            )
        )


def _where_to(ctx: OpContext, row: Any, wishes: Wishes) -> list[Target]:
    """Refuses `notice_no_address`. A copy goes to whom it went before."""
    if row["audience"] == "manager":
        return [Target("mail", row["target"])]
    order = making.order_of(ctx.conn, row["order_id"])
    rules = notice_rules(ctx.conn, ctx.site)
    found = making.targets(ctx.conn, order, rules, wishes, row["what"])
    if found in ([], [making.NOBODY]):
        raise Refusal(NO_ADDRESS, field="notice", value=row["id"])
    return found


class Subscribe(Op):
    """A browser that wants to be told of an order (Push API). `id`: of its endpoint and the order;
    the keys in base64url, as the browser names them (RFC 8291)."""

    id: Id
    order: Id
    endpoint: Annotated[str, Meta(max_length=1000, pattern=r"^https://[!-~]+$")]
    p256dh: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{87}$")]
    auth: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}$")]
    lang: Language


@operation("notices.subscribe.v1", kind=REQUEST, roles={Role.SYSTEM})
def subscribe(op: Subscribe, ctx: OpContext) -> None:
    """Again is the same; the page has looked at the host."""
    mine = push_subscription.c.order_id == op.order
    same = push_subscription.c.id == op.id
    if ctx.conn.execute(sa.select(push_subscription.c.id).where(same)).first() is not None:
        return
    count = sa.select(sa.func.count()).select_from(push_subscription).where(mine)
    if ctx.conn.execute(count).scalar_one() >= MOST_BROWSERS:
        raise Refusal(TOO_MANY, field="endpoint", value=MOST_BROWSERS)
    ctx.conn.execute(
        sa.insert(push_subscription).values(
            id=op.id,
            site=ctx.site,
            order_id=op.order,
            endpoint=op.endpoint,
            p256dh=op.p256dh,
            auth=op.auth,
            lang=op.lang,
            at=ctx.at,
        )
    )
