"""Only the browser reads a push: the example of RFC 8291, appendix A, and a round trip of our own;
and who may be pushed to."""

import json
from typing import Any

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.kernel import base64url
from server.mailing.port import NotSent
from server.notices.channels.http import Answered
from server.notices.channels.port import Browser, Gone, Outgoing
from server.notices.channels.push import WebPush, may_push_to, message
from server.notices.channels.web_push import LONGEST, encrypt, public_of, vapid, vapid_key
from server.notices.settings import NoticeRules

PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(base64url.decode(text)), ec.SECP256R1())


def decrypt(body: bytes, mine: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """As a browser does, written from RFC 8188 and 8291 anew."""
    salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
    sender, cipher = body[21 : 21 + length], body[21 + length :]
    assert len(cipher) <= size
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    point = mine.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    info = b"WebPush: info\x00" + point + sender
    ikm = HKDF(hashes.SHA256(), 32, auth, info).derive(mine.exchange(ec.ECDH(), theirs))
    key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(ikm)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(ikm)
    padded = AESGCM(key).decrypt(nonce, cipher, None)
    text, mark = padded.rstrip(b"\x00")[:-1], padded.rstrip(b"\x00")[-1:]
    assert mark == b"\x02"
    return text


def test_the_example_of_the_standard_comes_out_to_the_byte() -> None:
    made = encrypt(
        PLAIN, RECEIVER_PUBLIC, AUTH, salt=base64url.decode(SALT), private=private(SENDER)
    )
    assert base64url.encode(made) == BODY
    assert decrypt(made, private(RECEIVER), base64url.decode(AUTH)) == PLAIN


def test_what_was_encrypted_the_browser_reads_and_nobody_else() -> None:
    browser = ec.generate_private_key(ec.SECP256R1())
    auth = b"0123456789abcdef"
    plain = "您的订单 1001 已发货".encode() * 40
    first, second = (encrypt(plain, public_of(browser), base64url.encode(auth)) for _ in range(2))
    assert first != second
    assert decrypt(first, browser, auth) == plain
    with pytest.raises(InvalidTag):
        decrypt(first, ec.generate_private_key(ec.SECP256R1()), auth)
    with pytest.raises(InvalidTag):
        decrypt(first, browser, b"another-secret--")


def test_it_fits_into_one_record_or_is_refused() -> None:
    browser = ec.generate_private_key(ec.SECP256R1())
    longest = encrypt(b"x" * LONGEST, public_of(browser), AUTH)
    assert len(longest) <= 4096
    with pytest.raises(ValueError, match="at most"):
        encrypt(b"x" * (LONGEST + 1), public_of(browser), AUTH)


def test_the_site_signs_for_one_service_and_a_while() -> None:
    key = vapid_key(b"k" * 32)
    header = vapid(key, "https://push.example/send/abc", "https://wms.example", now_s=1_000.0)
    token, public = header.removeprefix("vapid t=").split(", k=")
    head, claims, signature = token.split(".")
    assert json.loads(base64url.decode(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(base64url.decode(claims)) == {
        "aud": "https://push.example",
        "exp": 1_000 + 12 * 3600,
        "sub": "https://wms.example",
    }
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64url.decode(public))
    raw = base64url.decode(signature)
    der = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    point.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert public_of(vapid_key(b"k" * 32)) == public, "the same at every start"
    assert public_of(vapid_key(b"l" * 32)) != public


HOSTS = NoticeRules().push_hosts


@pytest.mark.parametrize(
    ("endpoint", "may"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evilfcm.googleapis.com/x", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://127.0.0.1/x", False),
        ("https://169.254.169.254/latest", False),
    ],
)
def test_only_known_services_are_pushed_to(endpoint: str, may: bool) -> None:
    assert may_push_to(endpoint, HOSTS) is may


def out(endpoint: str, key: ec.EllipticCurvePrivateKey) -> Outgoing:
    browser = Browser(endpoint, public_of(key), AUTH)
    link = "https://wms.example/t/abc"
    return Outgoing(
        id="n-1",
        what="shipped",
        to="s1",
        lang="en",
        subject="Your order 1 has left us",
        text="text",
        short=f"Your order 1 has left us. {link}",
        link=link,
        links=(link,),
        origin="https://wms.example",
        browser=browser,
    )


class Service(WebPush):
    """A push service that keeps what it is given, or answers as it is told."""

    def __init__(self, status: int = 201) -> None:
        super().__init__(lambda: vapid_key(b"k" * 32))
        self.status, self.got = status, list[tuple[str, bytes, dict[str, str]]]()

    def post(self, url: str, body: bytes, headers: Any, timeout_s: float) -> None:
        del timeout_s
        self.got.append((url, body, dict(headers)))
        if self.status != 201:
            raise Answered(self.status)


def test_the_browser_gets_title_words_and_the_link() -> None:
    key, service = ec.generate_private_key(ec.SECP256R1()), Service()
    sent = out("https://fcm.googleapis.com/1", key)
    service.send(sent, NoticeRules())
    ((_, body, headers),) = service.got
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["ttl"] == "86400"
    assert len(headers["topic"]) == 32
    shown = msgspec.json.decode(decrypt(body, key, base64url.decode(AUTH)))
    assert shown == msgspec.json.decode(message(sent))
    assert shown["url"] == sent.link
    assert sent.link not in shown["body"]


@pytest.mark.parametrize(
    ("status", "kind", "again"),
    [
        *((404, Gone, False), (410, Gone, False), (429, NotSent, True)),
        *((503, NotSent, True), (400, NotSent, False), (413, NotSent, False)),
    ],
)
def test_what_the_service_answers_tells_what_becomes_of_it(
    status: int, kind: type[NotSent], again: bool
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(NotSent) as told:
        Service(status).send(out("https://fcm.googleapis.com/1", key), NoticeRules())
    assert isinstance(told.value, kind)
    assert isinstance(told.value, Gone) is (kind is Gone)
    assert told.value.again is again


def test_another_host_is_never_asked() -> None:
    key, service = ec.generate_private_key(ec.SECP256R1()), Service()
    with pytest.raises(NotSent, match="bad_address"):
        service.send(out("https://10.0.0.1/x", key), NoticeRules())
    assert service.got == []
