"""How a customer wants to be told: by which way, in which language, of what; who gets a copy."""

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Code, Role
from server.mailing.letters import is_address
from server.notices.edi.partners import Partner
from server.notices.rules import Channel, What
from server.notices.settings import Line
from server.notices.tables import notice_wishes
from server.orders.tables import customer
from server.web.languages import Language

CUSTOMER_UNKNOWN = code("customer_unknown")
MailAddress = Annotated[str, Meta(max_length=254)]


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """`channels`: tried in this order; empty: as the site does. `lang`: empty: the site's. `off`:
    what they do not want to be told. `quiet`: nothing at all. `mail`, `phone`: empty: the order's.
    For a VIP: `words` of their own, and `manager`, the account manager's address.
    `edi`: their software, where `channels` names it. `forgotten`: nothing is even written down."""

    channels: Annotated[list[Channel], Meta(max_length=4)] = []
    lang: Language | None = None
    off: Annotated[list[What], Meta(max_length=20)] = []
    quiet: bool = False
    mail: MailAddress = ""
    phone: Annotated[str, Meta(max_length=40, pattern=r"^(|\+?[0-9 ().-]{3,40})$")] = ""
    words: Line = ""
    manager: MailAddress = ""
    edi: Partner | None = None
    forgotten: bool = False


class SetWishes(Op):
    """All of them at once, in place of what was said before. Who was forgotten is so no more."""

    customer: Code
    wishes: Wishes


@operation(
    "notices.set_wishes.v1",
    kind=REQUEST,
    roles={Role.SERVICE, Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM},
)
def set_wishes(op: SetWishes, ctx: OpContext) -> None:
    known = sa.select(customer.c.id).where(customer.c.id == op.customer)
    if ctx.conn.execute(known).first() is None:
        raise Refusal(CUSTOMER_UNKNOWN, field="customer", value=op.customer)
    for field in ("mail", "manager"):
        said = getattr(op.wishes, field)
        if said and not is_address(said):
            raise Refusal("malformed", field=field, value=said, mend="one mail address")
    ctx.conn.execute(sa.delete(notice_wishes).where(notice_wishes.c.customer == op.customer))
    if "edi" in op.wishes.channels and op.wishes.edi is None:
        raise Refusal("malformed", field="edi", value="", mend="the partner's identification")
    wishes = msgspec.structs.replace(op.wishes, forgotten=False)
    body = msgspec.json.encode(wishes).decode()
    ctx.conn.execute(sa.insert(notice_wishes).values(customer=op.customer, body=body, at=ctx.at))


def wishes_of(conn: Any, customer_id: str) -> Wishes:
    """Nothing said: as the site does with everybody."""
    found = sa.select(notice_wishes.c.body).where(notice_wishes.c.customer == customer_id)
    body = conn.execute(found).scalar()
    return msgspec.json.decode(body, type=Wishes) if body else Wishes()
