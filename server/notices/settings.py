"""What a site says of its notices: the setting `notices`. Nothing is sent before it says `on`."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct, field

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.mailing.letters import is_address
from server.notices.edi.partners import Own
from server.notices.rules import WHATS, Channel, What
from server.notices.templates import check_template
from server.web.languages import Language

SETTING = "notices"
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Line = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = Annotated[str, Meta(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
_PLAIN_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class Texts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In place of the built-in words; what is empty keeps them. `short`: for SMS and push."""

    subject: Line = ""
    text: Words = ""
    short: Line = ""

    def __post_init__(self) -> None:
        for template in (self.subject, self.text, self.short):
            check_template(template)


class Sms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gateway over HTTP: `fields` as `kind`, with `{to}`, `{text}` and `{id}` filled in. The
    secret is DOCKHAND_SMS_TOKEN of the environment, sent as `Authorization: Bearer …`."""

    url: Annotated[str, Meta(max_length=300)]
    kind: Literal["json", "form"] = "json"
    fields: Annotated[dict[str, Line], Meta(min_length=1, max_length=20)] = field(
        default_factory=lambda: {"to": "{to}", "text": "{text}", "reference": "{id}"}
    )

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        safe = parts.scheme == "https" or parts.hostname in _PLAIN_HOSTS
        if parts.scheme not in ("https", "http") or not parts.hostname or not safe:
            raise ValueError("sms: the gateway's url begins with https://")
        if parts.username is not None or parts.password is not None:
            raise ValueError("sms: no password in the url; set DOCKHAND_SMS_TOKEN")
        filled = " ".join(self.fields.values())
        if "{to}" not in filled or "{text}" not in filled:
            raise ValueError("sms: fields need {to} and {text}")


class Vip(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`words`: by language, for a VIP without words of their own. `manager`: who gets a copy."""

    words: dict[Language, Line] = {}
    manager: Annotated[str, Meta(max_length=254)] = ""

    def __post_init__(self) -> None:
        if self.manager and not is_address(self.manager):
            raise ValueError("vip: manager is no mail address")


class NoticeRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`whats`: which are sent at all. `channels`: how a customer without wishes is told, the first
    way that there is an address for. `lang`: of those customers. `shop`: who signs. `origin`: what
    links begin with; empty: the site's own. `day_before_at`: the hour of the day before.
    `quiet_from`, `quiet_to`: no SMS and no push in between; alike: none. `survey_after_h`: after
    the delivery. `tries`, `wait_s`: so often it is sent, and so long is the first wait. `texts`:
    the site's own words. `edi`: as whom the site writes interchanges. `push_hosts`: services that
    browsers may name, with all below them.
    """

    on: bool = False
    whats: tuple[What, ...] = WHATS
    channels: tuple[Channel, ...] = ("mail", "sms")
    lang: Language = "en"
    shop: Line = ""
    origin: Annotated[str, Meta(pattern=r"^(|https?://[^/\s]+)$", max_length=200)] = ""
    day_before_at: Clock = "15:00"
    quiet_from: Clock = "21:00"
    quiet_to: Clock = "08:00"
    survey_after_h: Annotated[int, Meta(ge=0, le=720)] = 24
    tries: Annotated[int, Meta(ge=1, le=50)] = 12
    wait_s: Annotated[int, Meta(ge=1, le=3600)] = 60
    timeout_s: Annotated[int, Meta(ge=1, le=60)] = 20
    texts: dict[What, dict[Language, Texts]] = {}
    vip: Vip = Vip()
    sms: Sms | None = None
    edi: Own | None = None
    push_hosts: tuple[Annotated[str, Meta(pattern=r"^[a-z0-9.-]+$")], ...] = (
        "fcm.googleapis.com",
        "push.services.mozilla.com",
        "push.apple.com",
        "notify.windows.com",
    )


shaped(SETTING, NoticeRules)


def notice_rules(conn: Any, site: str) -> NoticeRules:
    """For what happens by itself: a setting that nobody can read sends nothing."""
    try:
        return msgspec.convert(get_setting(conn, site, SETTING, {}), NoticeRules)
    except msgspec.ValidationError:
        return NoticeRules()
