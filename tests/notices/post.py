"""A site that sends notices, and the worker with twins instead of the ways out."""

import datetime as dt
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from server.mailing.null import NullMail
from server.notices.channels.mail import MailChannel
from server.notices.channels.port import Channel, NullChannel
from server.notices.due import LookAhead
from server.notices.rules import WHATS
from server.notices.sender import Sender
from server.store.store import Store
from server.store.submit import Outside
from tests.floor_site import good, order_of, scalar, system, table
from tests.packing_work import put

_LIFE: tuple[str, ...] = WHATS
ORIGIN = "https://wms.shop.example"
MAIL, PHONE = "mia@home.example", "+44 20 7946 0991"


class Post:
    """`mail`: what went out by mail; `sms`, `push`: by the other ways."""

    def __init__(self, store: Store, **rules: Any) -> None:
        self.store = store
        self.mail, self.sms, self.push = NullMail(), NullChannel(), NullChannel()
        self.edi = NullChannel()
        self.channels: dict[str, Channel] = {
            "mail": MailChannel(self.mail),
            "sms": self.sms,
            "push": self.push,
            "edi": self.edi,
        }
        self.sender = self.another("here")
        self.set(**rules)

    def another(self, node: str) -> Sender:
        return Sender(self.store, node, self.channels, ORIGIN)

    def set(self, **rules: Any) -> None:
        base = {"on": True, "shop": "Corner Shop", "quiet_from": "00:00", "quiet_to": "00:00"}
        good(put(self.store, "notices", base | rules))

    def at(self, now: int) -> None:
        self.store.clock = lambda: now
        self.store.writer._clock = lambda: now

    def later(self, ms: int) -> None:
        self.at(self.store.clock() + ms)

    def at_clock(self, clock: str, days: int = 0) -> None:
        """To that time of day, UTC, of a day after today."""
        today = dt.datetime.fromtimestamp(self.store.clock() / 1000, ZoneInfo("UTC")).date()
        hour, minute = map(int, clock.split(":"))
        then = dt.datetime.combine(
            today + dt.timedelta(days=days), dt.time(hour, minute), ZoneInfo("UTC")
        )
        self.at(int(then.timestamp() * 1000))

    def look_ahead(self) -> None:
        good(system(self.store, "notices.look_ahead.v1", LookAhead()))

    async def deliver(self) -> None:
        while await self.sender.send_due():
            pass

    def rows(self, what: str = "") -> list[dict[str, Any]]:
        found = table(self.store, "SELECT * FROM notice ORDER BY at, id")
        return [r for r in found if what in ("", r["what"])]

    def whats(self) -> list[str]:
        """In the order of an order's life."""
        return sorted((r["what"] for r in self.rows()), key=_LIFE.index)

    def mails(self, what: str = "", audience: str = "customer") -> list[EmailMessage]:
        """Those that were sent of a notice of that kind."""
        of = {r["id"] for r in self.rows(what) if r["audience"] == audience}
        return [m for m in self.mail.sent if m["Message-ID"][1:].partition("@")[0] in of]

    def text(self, what: str) -> str:
        (found,) = self.mails(what)
        return text_of(found)


def text_of(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content())


def html_of(message: Any) -> str:
    return str(message.get_body(("html",)).get_content())


def order_for(store: Store, ref: str = "R-1", *, vip: bool = False, **to: str) -> str:
    """An order of three mugs for somebody who can be reached; its id."""
    said = {"name": "Mia Brown", "email": MAIL, "phone": PHONE} | to
    made = order_of(ref, MUG=3)
    made = msgspec.structs.replace(
        made, vip=vip, ship_to=msgspec.structs.replace(made.ship_to, **said)
    )
    good(system(store, "orders.import_order.v1", made, Outside("test", ref)))
    return str(scalar(store, "SELECT id FROM orders WHERE ref = :ref", ref=ref))
