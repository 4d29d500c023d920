"""Mail by SMTP: TLS from the first byte or by STARTTLS, and no password without it."""

import copy
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import Literal

from server.mailing.letters import receivers
from server.mailing.port import NotSent

TIMEOUT_S = 20.0
Tls = Literal["from_start", "starttls", "none"]
_FOR_NOW = range(400, 500)


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """`sender`: of every mail that names none. `tls`: `none` is for a relay on this machine.
    `ca`: a file of further certificates to trust; empty: the system's."""

    host: str
    port: int
    sender: str
    tls: Tls = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""
    timeout_s: float = TIMEOUT_S


class SmtpMail:
    """One connection a mail: what is sent is rare, and a connection that died is found too late."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._to = settings
        self._trust = ssl.create_default_context(cafile=settings.ca or None)

    def send(self, message: EmailMessage) -> None:
        people = receivers(message)
        whole = _complete(message, self._to.sender)
        with _told():
            client = self._connected()
            try:
                self._sign_in(client)
                _hand_over(client, whole, self._to.sender, people)
            finally:
                _leave(client)

    def _connected(self) -> smtplib.SMTP:
        to = self._to
        if to.tls == "from_start":
            return smtplib.SMTP_SSL(to.host, to.port, timeout=to.timeout_s, context=self._trust)
        return smtplib.SMTP(to.host, to.port, timeout=to.timeout_s)

    def _sign_in(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if self._to.tls == "starttls":
            if not client.has_extn("starttls"):
                raise NotSent("no_tls", "it offers no STARTTLS")
            client.starttls(context=self._trust)
            client.ehlo()
        if self._to.user:
            client.login(self._to.user, self._to.password)


def _complete(message: EmailMessage, sender: str) -> EmailMessage:
    """A copy: whoever sends the same again may change it. Bcc stays out when it is handed over."""
    whole = copy.deepcopy(message)
    given = {"From": sender, "Date": localtime(), "Message-ID": make_msgid(domain=_host(sender))}
    for name, value in given.items():
        if name not in whole:
            whole[name] = value
    return whole


def _host(sender: str) -> str:
    return sender.rpartition("@")[2]


def _hand_over(client: smtplib.SMTP, whole: EmailMessage, sender: str, people: list[str]) -> None:
    """An answer for each of them; those who were taken have it, whatever is raised."""
    refused = client.send_message(whole, from_addr=sender, to_addrs=people)
    if refused:
        code, _ = next(iter(refused.values()))
        raise _answered(code)


def _answered(code: int) -> NotSent:
    return NotSent("turned_away" if code in _FOR_NOW else "refused", f"it answered {code}")


def _leave(client: smtplib.SMTP) -> None:
    """The mail is taken or not by now: a goodbye that fails changes nothing."""
    try:
        client.quit()
    except (OSError, smtplib.SMTPException):
        client.close()


@contextmanager
def _told() -> Iterator[None]:
    """What smtplib raises, in the port's words. Its answers may quote addresses: only codes go on.

    The order matters: an SMTPException is an OSError, and so is a failed handshake."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent("signed_out", f"it answered {error.smtp_code}") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise _answered(max(code for code, _ in error.recipients.values())) from None
    except smtplib.SMTPResponseException as error:
        raise _answered(error.smtp_code) from None
    except smtplib.SMTPNotSupportedError as error:
        raise NotSent("refused", type(error).__name__) from None
    except ssl.SSLError as error:
        raise NotSent("no_tls", error.reason or type(error).__name__) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent("no_answer", type(error).__name__) from None
