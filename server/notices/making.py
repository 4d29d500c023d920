"""A notice is made in the transaction of what causes it: neither is there without the other."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from server.kernel.ops import OpContext
from server.mailing.letters import is_address
from server.notices.edi.documents import control_reference, document
from server.notices.edi.partners import Partner
from server.notices.rules import LOUD, TO_SOFTWARE, Channel, Target, What, chosen, not_before
from server.notices.settings import NoticeRules, notice_rules
from server.notices.tables import notice, push_subscription
from server.notices.wishes import Wishes, wishes_of
from server.orders.tables import customer, orders
from server.pod.expected import expected
from server.pod.run_rules import readable_rules
from server.pod.windows import Coming, coming, track_rules

NOBODY = Target("none", "")


def tells(ctx: OpContext, what: What) -> bool:
    """Whether the site tells of it at all: before anything is looked up for the words."""
    rules = notice_rules(ctx.conn, ctx.site)
    return rules.on and what in rules.whats


def make(
    ctx: OpContext, what: What, order_id: str, about: str = "", *, at: int = 0, **facts: str
) -> None:
    """Queued for each way in which the customer is told of `what`, once for `about` (what it is
    about beside the order). `at`: not before then; ms. Nothing, where the site wants none; where
    the customer wants none or has no address, that is written down."""
    if not tells(ctx, what):
        return
    rules = notice_rules(ctx.conn, ctx.site)
    order = order_of(ctx.conn, order_id)
    wishes = wishes_of(ctx.conn, order["customer"])
    if wishes.forgotten:
        return
    told = facts_of(order, rules, wishes) | facts
    row = _row(ctx, order_id, what, about, told) | {"lang": wishes.lang or rules.lang}
    found = targets(ctx.conn, order, rules, wishes, what)
    if wishes.quiet or what in wishes.off:
        found = [NOBODY] if found else []
        row |= {"state": "dropped", "why": "unwished"}
    for target in found:
        put(ctx, row, target, at, partner=wishes.edi)
    copy_to = wishes.manager or rules.vip.manager
    if order["vip"] and copy_to and row["state"] != "dropped" and what not in TO_SOFTWARE:
        put(ctx, row | {"lang": rules.lang}, Target("mail", copy_to), at, audience="manager")


def order_of(conn: Any, order_id: str) -> Mapping[str, Any]:
    found = (
        sa.select(orders, customer.c.vip, customer.c.email, customer.c.phone)
        .outerjoin(customer, customer.c.id == orders.c.customer)
        .where(orders.c.id == order_id)
    )
    row = dict(conn.execute(found).mappings().one())
    return row | {"to": msgspec.json.decode(row["ship_to"])}


def facts_of(order: Mapping[str, Any], rules: NoticeRules, wishes: Wishes) -> dict[str, str]:
    lang = wishes.lang or rules.lang
    words = wishes.words or rules.vip.words.get(lang, "")
    return {
        "number": order["number"],
        "name": order["to"].get("name") or order["customer_name"],
        "shop": rules.shop,
        "words": words if order["vip"] else "",
    }


def targets(
    conn: Any, order: Mapping[str, Any], rules: NoticeRules, wishes: Wishes, what: str
) -> list[Target]:
    """As the customer wishes; the order's own address goes before the customer's first one. Of what
    only software is told, nobody else is."""
    ways = wishes.channels or rules.channels
    software = wishes.edi.id if wishes.edi is not None and wishes.edi.takes(what) else ""
    if what in TO_SOFTWARE:
        return [Target("edi", software)] if software and "edi" in ways else []
    to = order["to"]
    mail = wishes.mail or to.get("email") or order["email"] or ""
    phone = wishes.phone or to.get("phone") or order["phone"] or ""
    browsers = sa.select(push_subscription.c.id, push_subscription.c.lang).where(
        push_subscription.c.order_id == order["id"]
    )
    subscribed = [Target("push", r.id, r.lang) for r in conn.execute(browsers)]
    reached: dict[Channel, str] = {"mail": _usable(mail), "sms": phone, "edi": software}
    return chosen(ways, reached, subscribed) or [NOBODY]


def _usable(mail: str) -> str:
    """What came with an order may be anything; what is no address would fail for good."""
    return mail.strip() if is_address(mail.strip()) else ""


def _row(
    ctx: OpContext, order_id: str, what: What, about: str, facts: dict[str, str]
) -> dict[str, Any]:
    return {
        "site": ctx.site,
        "order_id": order_id,
        "what": what,
        "about": about,
        "facts": msgspec.json.encode(facts).decode(),
        "audience": "customer",
        "state": "queued",
        "at": ctx.at,
    }


def put(
    ctx: OpContext,
    row: dict[str, Any],
    target: Target,
    at: int = 0,
    mark: str = "",
    partner: Partner | None = None,
    **more: str,
) -> bool:
    """Whether it is there now and was not before. `mark`: tells a wanted repeat from one that is
    not. `partner`: whose software is told, by EDI."""
    parts = (row["order_id"], row["what"], row["about"], target.channel, target.to, mark)
    once = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    if more.get("audience"):
        once = f"{once}/{more['audience']}"
    if ctx.conn.execute(sa.select(notice.c.id).where(notice.c.once == once)).first():
        return False
    nowhere = target == NOBODY and row["state"] == "queued"
    why = {"state": "failed", "why": "no_address"} if nowhere else {}
    values = row | {"lang": target.lang or row["lang"]} | why | more
    if target.channel == "edi" and partner is not None:
        values |= _for_software(ctx, row, partner)
    values |= {"id": ctx.new_id(), "once": once, "channel": target.channel, "target": target.to}
    next_at = waits(ctx.conn, ctx.site, target.channel, max(at, ctx.now))
    ctx.conn.execute(sa.insert(notice).values(values | {"next_at": next_at}))
    return True


def _for_software(ctx: OpContext, row: dict[str, Any], partner: Partner) -> dict[str, str]:
    """The document as it is now, and the number of its interchange: both the same however often it
    is sent. A repeat that was asked for has the same document and a number of its own."""
    facts = msgspec.json.decode(row["facts"], type=dict[str, str])
    if not facts.get("document"):
        made = document(ctx, row["what"], order_of(ctx.conn, row["order_id"]), partner, facts)
        facts["document"] = msgspec.json.encode(made).decode()
    told = msgspec.json.encode(facts).decode()
    return {"facts": told, "reference": control_reference(ctx, partner.id)}


def waits(conn: Any, site: str, channel: Any, at: int) -> int:
    """`at`, or the end of the quiet hours where it would ring."""
    if channel not in LOUD:
        return at
    rules = notice_rules(conn, site)
    return not_before(at, readable_rules(conn, site).zone, (rules.quiet_from, rules.quiet_to))


def drop(ctx: OpContext, order_id: str, what: What) -> None:
    """What is no longer true is not sent any more."""
    ctx.conn.execute(
        sa.update(notice)
        .where(notice.c.order_id == order_id, notice.c.what == what, notice.c.state == "queued")
        .values(state="dropped")
    )


def day(conn: Any, site: str, order_id: str, now: int) -> str:
    """When it comes, as the tracking page says it: `2026-03-04`, `2026-03-04, 14:00–16:00`; empty
    while nobody knows."""
    zone = readable_rules(conn, site).zone
    known = expected(conn, [order_id], now).get(order_id)
    due_at = conn.execute(sa.select(orders.c.due_at).where(orders.c.id == order_id)).scalar_one()
    return written(coming(known, due_at, now, zone, track_rules(conn, site)), zone)


def written(known: Coming, zone: ZoneInfo) -> str:
    if known.how == "window":
        start, end = moment(known.start, zone), moment(known.end, zone)
        return f"{start:%Y-%m-%d}, {start:%H:%M}–{end:%H:%M}"
    return f"{moment(known.end, zone):%Y-%m-%d}" if known.how == "day" else ""


def moment(at: int, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.fromtimestamp(at / 1000, zone)
