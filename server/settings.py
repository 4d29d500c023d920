"""What a site is told at its start; nothing secret has a default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from server.mailing.chosen import WrongMail, chosen
from server.mailing.null import NoMail
from server.mailing.port import Mail


@dataclass(frozen=True, slots=True)
class Settings:
    """`url`: `sqlite:///file` or `postgresql://…`. `origins`: exactly what browsers send.

    `static`: the built web app. `mail`: how it leaves; `sms_token`: for the gateway.
    `edi`: the folder of interchanges.
    `demo`: mounts the page that says who can sign in.
    """

    url: str
    blobs: Path
    origins: frozenset[str]
    site: str = "main"
    static: Path = field(default_factory=lambda: Path(__file__).parent / "static")
    demo: bool = False
    mail: Mail = field(default_factory=NoMail)
    sms_token: str = field(default="", repr=False)
    edi: Path = Path("site/edi")

    @property
    def origin(self) -> str:
        """What links in messages begin with: the first that is no loopback."""
        return min(self.origins, key=lambda o: (_host(o) in _LOOPBACK, o), default="")


class WeakSettings(Exception):
    """A site must not start like this; the text says what to set."""


_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_GUESSED_FIRST = frozenset({"", "postgres", "password", "dockhand", "admin", "secret", "changeme"})
_WRITES = frozenset({"read-write", "primary"})
"""Of several hosts the one that takes writes; without it the first that answers, a standby too."""


def from_environment(environment: Mapping[str, str]) -> Settings:
    """`DOCKHAND_ORIGINS` (spaces between), `DOCKHAND_DB`, `DOCKHAND_BLOBS`, `DOCKHAND_SITE`,
    `DOCKHAND_MAIL` with what belongs to it, `DOCKHAND_SMS_TOKEN`, `DOCKHAND_EDI`.

    Raises WeakSettings for an origin without TLS or a password that everybody tries first.
    """
    origins = environment.get("DOCKHAND_ORIGINS", "").split()
    if not origins:
        raise WeakSettings("set DOCKHAND_ORIGINS to what browsers open, as https://wms.example")
    for origin in origins:
        _check_origin(origin)
    url = environment.get("DOCKHAND_DB", "sqlite:///site/dockhand.db")
    _check_database(url)
    return Settings(
        url=url,
        blobs=Path(environment.get("DOCKHAND_BLOBS", "site/blobs")),
        origins=frozenset(origins),
        site=environment.get("DOCKHAND_SITE", "main"),
        mail=_mail(environment),
        sms_token=environment.get("DOCKHAND_SMS_TOKEN", ""),
        edi=Path(environment.get("DOCKHAND_EDI", "site/edi")),
    )


def _mail(environment: Mapping[str, str]) -> Mail:
    try:
        return chosen(environment)
    except WrongMail as wrong:
        raise WeakSettings(str(wrong)) from None


def _check_origin(origin: str) -> None:
    parts = urlsplit(origin)
    if origin != f"{parts.scheme}://{parts.netloc}".lower() or "*" in origin or not parts.netloc:
        raise WeakSettings(
            f"DOCKHAND_ORIGINS: write {origin!r} as https://host or https://host:port"
        )
    host = _host(origin)
    if parts.scheme != "https" and host not in _LOOPBACK:
        raise WeakSettings(f"DOCKHAND_ORIGINS: {origin} is without TLS; use https")


def _host(origin: str) -> str:
    parts = urlsplit(origin)
    return parts.netloc.rpartition(":")[0] if parts.port else parts.netloc


def _check_database(url: str) -> None:
    if url.startswith("sqlite:"):
        return
    if not url.startswith("postgresql://"):
        raise WeakSettings("DOCKHAND_DB: begin it with sqlite:/// or postgresql://")
    try:
        told = conninfo_to_dict(url)
    except ProgrammingError:  # what it says may quote the password
        raise WeakSettings(
            "DOCKHAND_DB: PostgreSQL cannot read it; write postgresql://user:password@host/database"
        ) from None
    hosts = str(told.get("host") or "").split(",")
    by_socket = all(not host or host.startswith("/") for host in hosts)
    if not by_socket and str(told.get("password") or "") in _GUESSED_FIRST:
        raise WeakSettings("DOCKHAND_DB: give the database user a password of its own")
    if len(hosts) > 1 and told.get("target_session_attrs") not in _WRITES:
        raise WeakSettings("DOCKHAND_DB: end it with ?target_session_attrs=read-write")
