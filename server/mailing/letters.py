"""Mails, put together so that no value can become a header, an address or a part of its own."""

import re
from collections.abc import Sequence
from email.errors import HeaderDefect, MessageDefect
from email.headerregistry import Address
from email.message import EmailMessage
from typing import NamedTuple

from server.mailing.port import NotSent

LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, without the brackets."""
LONGEST_SUBJECT = 200
_ADDRESS = re.compile(
    r"[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f]+"
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class Enclosed(NamedTuple):
    """A file in a mail. `kind`: as `application/pdf`."""

    name: str
    kind: str
    content: bytes


def is_address(text: str) -> bool:
    """One plain mailbox, `name@host`: no second one, no display name, no comment. ASCII, as every
    mail server takes it: the host of another script as `xn--…`."""
    return (
        text.isascii()
        and len(text) <= LONGEST_ADDRESS
        and bool(_ADDRESS.fullmatch(text))
        and _parses(text)
    )


def _parses(text: str) -> bool:
    try:
        return Address(addr_spec=text).addr_spec == text
    except (ValueError, IndexError, HeaderDefect, MessageDefect):
        return False


def one_line(text: str, most: int = LONGEST_SUBJECT) -> str:
    """For a header: controls and line ends of any kind become a space."""
    return " ".join(_CONTROLS.sub(" ", text).split())[:most]


def letter(
    to: Sequence[str],
    subject: str,
    text: str,
    *,
    html: str = "",
    copy: Sequence[str] = (),
    enclosed: Sequence[Enclosed] = (),
    message_id: str = "",
) -> EmailMessage:
    """`copy`: Bcc. `message_id`: as `<…@host>`, where a mail that comes twice must be seen to be
    one. Raises NotSent(bad_address) for what is no plain mailbox."""
    made = EmailMessage()
    for header, people in (("To", to), ("Bcc", copy)):
        if people:
            made[header] = [_mailbox(each) for each in people]
    made["Subject"] = one_line(subject)
    if message_id:
        made["Message-ID"] = one_line(message_id)
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    for file in enclosed:
        kind, _, subkind = file.kind.partition("/")
        made.add_attachment(
            file.content, maintype=kind, subtype=subkind, filename=one_line(file.name)
        )
    return made


def _mailbox(text: str) -> Address:
    if not is_address(text):
        raise NotSent("bad_address", "it is no plain mailbox")
    return Address(addr_spec=text)


def receivers(message: EmailMessage) -> list[str]:
    """Everybody in To, Cc and Bcc, once. Raises NotSent(bad_address) where there is nobody, or
    one of them is no plain mailbox."""
    found: dict[str, None] = {}
    for header in ("To", "Cc", "Bcc"):
        for value in message.get_all(header, []):
            found |= dict.fromkeys(_addresses(value))
    if not found or not all(is_address(each) for each in found):
        raise NotSent("bad_address", "nobody to send it to, or no plain mailbox")
    return list(found)


def _addresses(header: object) -> list[str]:
    return [each.addr_spec for each in getattr(header, "addresses", ())]
