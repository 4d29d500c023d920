"""The one interface to mail. Blocking: call it in a thread, beside the store."""

from email.message import EmailMessage
from typing import Literal, Protocol

Why = Literal[
    "not_set_up",  # the site has no mail
    "bad_address",  # a header or an address that no mail may have, or nobody to send it to
    "no_answer",
    "no_tls",  # it is not who it says, or speaks no TLS
    "signed_out",  # it does not take the site's user and password
    "turned_away",  # for now: busy, greylisted, a full mailbox
    "refused",  # for good: no such mailbox, too large, not from this sender
    "no_folder",  # of the site's disk: full, gone, or not ours to write to
    "not_writable",  # in no way that the receiver could read
]
_AGAIN: frozenset[Why] = frozenset(
    {"no_answer", "no_tls", "signed_out", "turned_away", "no_folder"}
)
"""What somebody mends on the server's side, or time does; the same mail may go then."""


class NotSent(Exception):
    """`again`: whether sending the same again makes sense. `detail`: for the log; it holds no
    address, no password and nothing of the mail."""

    def __init__(self, why: Why, detail: str = "") -> None:
        self.why: Why = why
        self.again = why in _AGAIN
        super().__init__(f"{why}: {detail}" if detail else why)


class Mail(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Returns when the next server has taken it for everybody in To, Cc and Bcc; else raises
        NotSent. `From`, `Date` and `Message-ID` are set where the message has none. Should some of
        them be taken and others not, it raises, too: sent again, the first get it twice."""
