"""A notice by SMS, through whatever gateway takes a POST: the setting `notices.sms` says where and
with which fields. The secret comes from the environment."""

from urllib.parse import urlencode

import msgspec

from server.mailing.port import NotSent
from server.notices.channels.http import post
from server.notices.channels.port import Outgoing
from server.notices.settings import NoticeRules

_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


class SmsGateway:
    """`token`: sent as a bearer; empty: none."""

    def __init__(self, token: str = "") -> None:
        self._token = token

    def send(self, out: Outgoing, rules: NoticeRules) -> None:
        """`{id}` is the same however often it is sent: a gateway that knows it sends it once."""
        gateway = rules.sms
        if gateway is None:
            raise NotSent("not_set_up", "no gateway in the setting notices.sms")
        said = {"{to}": _number(out.to), "{text}": out.short, "{id}": out.id}
        fields = {name: _filled(value, said) for name, value in gateway.fields.items()}
        body = urlencode(fields).encode() if gateway.kind == "form" else msgspec.json.encode(fields)
        headers = {"content-type": _TYPES[gateway.kind], "idempotency-key": out.id}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        post(gateway.url, body, headers, rules.timeout_s)


def _filled(value: str, said: dict[str, str]) -> str:
    """Once through: what is filled in is not looked at again."""
    parts = value.split("{")
    made = parts[0]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        place = f"{{{name}}}"
        made += said[place] + rest if closed and place in said else "{" + part
    return made


def _number(said: str) -> str:
    """Digits, and a plus in front. Raises NotSent(bad_address)."""
    digits = "".join(c for c in said if c.isdigit() and c.isascii())
    if not 5 <= len(digits) <= 15:  # E.164 has 15 at most
        raise NotSent("bad_address", "it is no telephone number")
    return f"+{digits}" if said.strip().startswith("+") else digits
