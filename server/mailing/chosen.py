"""How a site chooses its mail: by the environment, where its password never meets the settings
that people read, a backup or the log."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from server.mailing.console import ConsoleMail
from server.mailing.letters import is_address
from server.mailing.null import NoMail
from server.mailing.port import Mail
from server.mailing.smtp import SmtpMail, SmtpSettings, Tls

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS: dict[str, tuple[int, Tls]] = {"smtp": (587, "starttls"), "smtps": (465, "from_start")}
_HOW = "DOCKHAND_MAIL: write it as smtp://host:587, smtps://host:465 or console:"


class WrongMail(Exception):
    """The text says what to set; it quotes no password."""


def chosen(environment: Mapping[str, str]) -> Mail:
    """`DOCKHAND_MAIL`: `smtp://host:587` (STARTTLS), `smtps://host:465`, `console:`, or nothing.
    `DOCKHAND_MAIL_FROM`, `_USER`, `_PASSWORD` or `_PASSWORD_FILE`, `_CA`. Raises WrongMail.

    Without TLS only a relay on this machine is spoken to, and it is given no password.
    """
    url = environment.get("DOCKHAND_MAIL", "")
    if not url:
        return NoMail()
    return ConsoleMail() if url == "console:" else SmtpMail(_smtp(url, environment))


def _smtp(url: str, environment: Mapping[str, str]) -> SmtpSettings:
    host, port, tls = _where(url)
    sender = environment.get("DOCKHAND_MAIL_FROM", "")
    if not is_address(sender):
        raise WrongMail("DOCKHAND_MAIL_FROM: set the address that mails come from, as wms@example")
    user, password = environment.get("DOCKHAND_MAIL_USER", ""), _password(environment)
    if bool(user) != bool(password):
        raise WrongMail("set DOCKHAND_MAIL_USER and its password, or neither")
    if not user and host in _LOOPBACK and tls == "starttls":
        tls = "none"
    ca = environment.get("DOCKHAND_MAIL_CA", "")
    if ca and not Path(ca).is_file():
        raise WrongMail("DOCKHAND_MAIL_CA: there is no such file")
    return SmtpSettings(host, port, sender, tls, user, password, ca)


def _where(url: str) -> tuple[str, int, Tls]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise WrongMail(_HOW) from None
    if parts.username is not None or parts.password is not None:
        raise WrongMail(
            "DOCKHAND_MAIL: leave user and password to DOCKHAND_MAIL_USER and _PASSWORD"
        )
    if parts.scheme not in _PORTS or not host or parts.path.strip("/") or parts.query:
        raise WrongMail(_HOW)
    usual, tls = _PORTS[parts.scheme]
    return host, port or usual, tls


def _password(environment: Mapping[str, str]) -> str:
    file = environment.get("DOCKHAND_MAIL_PASSWORD_FILE", "")
    if not file:
        return environment.get("DOCKHAND_MAIL_PASSWORD", "")
    path = Path(file)
    try:
        if path.stat().st_mode & 0o077:
            raise WrongMail("DOCKHAND_MAIL_PASSWORD_FILE: others may read it; chmod 600")
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        raise WrongMail("DOCKHAND_MAIL_PASSWORD_FILE: it cannot be read") from None
