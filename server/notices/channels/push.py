"""A notice to a browser that asked for it, through the push service that the browser named."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from server.kernel import base64url
from server.mailing.port import NotSent
from server.notices.channels.http import Answered, post
from server.notices.channels.port import Gone, Outgoing
from server.notices.channels.web_push import encrypt, vapid, vapid_key
from server.notices.settings import NoticeRules
from server.store.secrets import secret

TTL_S = 24 * 3600
"""So long a push service keeps it for a phone that is off."""
_GONE = frozenset({404, 410})


def site_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    """The site's key towards push services, out of the folder of its keys."""
    return vapid_key(secret(folder, "push.key", 32))


def may_push_to(endpoint: str, hosts: tuple[str, ...]) -> bool:
    """Only to services that the site lists: a browser may name any address."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    ours = any(host == h or host.endswith(f".{h}") for h in hosts)
    return parts.scheme == "https" and parts.username is None and parts.port is None and ours


class WebPush:
    """`key`: the site's, asked for when it is needed."""

    def __init__(self, key: Callable[[], ec.EllipticCurvePrivateKey]) -> None:
        self._key = key

    def send(self, out: Outgoing, rules: NoticeRules) -> None:
        """By its Topic a message that was sent twice replaces itself while it waits there."""
        to = out.browser
        if to is None:
            raise Gone
        if not may_push_to(to.endpoint, rules.push_hosts):
            raise NotSent("bad_address", "no push service of the site's")
        headers = {
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(TTL_S),
            "topic": base64url.encode(hashlib.sha256(out.id.encode()).digest()[:24]),
            "authorization": vapid(self._key(), to.endpoint, out.origin),
        }
        try:
            body = encrypt(message(out), to.p256dh, to.auth)
        except ValueError:
            raise Gone from None  # keys that are none: that browser never hears of anything
        try:
            self.post(to.endpoint, body, headers, rules.timeout_s)
        except Answered as said:
            raise (Gone() if said.status in _GONE else said) from None

    post = staticmethod(post)


def message(out: Outgoing) -> bytes:
    """What the page's worker shows: `{title, body, url, tag, lang}`."""
    shown = {
        "title": out.subject[:120],
        "body": out.short.replace(out.link, "").strip(" :：。"),
        "url": out.link,
        "tag": out.id,
        "lang": out.lang,
    }
    return msgspec.json.encode(shown)
