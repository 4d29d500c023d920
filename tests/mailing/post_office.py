"""A small SMTP server on loopback, in a thread: takes mails, with TLS or without, and says no as
often as it is told to (RFC 5321, 3207, 4954)."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

from server.lan import make_trust

HOST = "127.0.0.1"
Tls = Literal["none", "starttls", "from_start"]


@dataclass
class Delivery:
    """What one connection handed over. `secured`: it came by TLS."""

    sender: str
    receivers: list[str]
    raw: bytes
    secured: bool
    user: str

    @property
    def message(self) -> EmailMessage:
        made = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(made, EmailMessage)
        return made


@dataclass
class PostOffice:
    """`answers`: by the verb it answers to, used up one after the other; `lines`: all it heard."""

    port: int = 0
    tls: Tls = "none"
    ca: str = ""
    signs_in: tuple[str, str] = ("", "")
    mails: list[Delivery] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    connections: int = 0


class _Talk(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        office, context = self.server.office, self.server.context  # type: ignore[attr-defined]
        office.connections += 1
        self.secured, self.user = False, ""
        self.begin()
        if office.tls == "from_start":
            self.secure(context)
        self.say("220 post office")
        while line := self.rfile.readline():
            said = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
            office.lines.append(said)
            verb = said.partition(" ")[0].upper()
            waiting = office.answers.get(verb, [])
            if waiting:
                self.say(waiting.pop(0))
                continue
            if not self.hear(office, context, verb, said):
                return

    def begin(self) -> None:
        self.sender, self.receivers = "", list[str]()

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def secure(self, context: ssl.SSLContext) -> None:
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = socketserver._SocketWriter(self.connection)  # type: ignore[attr-defined]
        self.secured = True

    def hear(self, office: PostOffice, context: Any, verb: str, said: str) -> bool:
        """Whether the talk goes on."""
        if verb in ("EHLO", "HELO"):
            offers = ["post office", "8BITMIME", "SMTPUTF8"]
            offers += ["STARTTLS"] if office.tls == "starttls" and not self.secured else []
            offers += ["AUTH PLAIN"] if office.signs_in[0] else []
            self.say("\r\n".join(f"250-{each}" for each in offers[:-1]) + f"\r\n250 {offers[-1]}")
        elif verb == "STARTTLS":
            self.say("220 go on")
            try:
                self.secure(context)
            except OSError:
                return False
        elif verb == "AUTH":
            self.sign_in(office, said)
        elif verb == "MAIL":
            self.sender = said.partition("<")[2].partition(">")[0]
            self.say("250 ok")
        elif verb == "RCPT":
            self.receivers.append(said.partition("<")[2].rpartition(">")[0])
            self.say("250 ok")
        elif verb == "DATA":
            self.take(office)
        elif verb == "RSET":
            self.begin()
            self.say("250 ok")
        else:
            self.say("221 bye" if verb == "QUIT" else "500 what?")
            return verb != "QUIT"
        return True

    def sign_in(self, office: PostOffice, said: str) -> None:
        _, user, password = base64.b64decode(said.split(" ")[2]).decode().split("\0")
        if (user, password) == office.signs_in:
            self.user = user
            self.say("235 welcome")
        else:
            self.say(f"535 5.7.8 {user} is not welcome")

    def take(self, office: PostOffice) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        raw = b"".join(lines)
        office.mails.append(Delivery(self.sender, self.receivers, raw, self.secured, self.user))
        self.begin()
        self.say("250 taken")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    office: PostOffice
    context: ssl.SSLContext | None = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""


@contextmanager
def post_office(
    folder: Path, tls: Tls = "none", signs_in: tuple[str, str] = ("", "")
) -> Iterator[PostOffice]:
    with _Server((HOST, 0), _Talk) as server:
        server.office = PostOffice(server.server_address[1], tls, signs_in=signs_in)
        if tls != "none":
            trust = make_trust(folder / "trust", "post-office", [], now=datetime.now(UTC))
            server.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            server.context.load_cert_chain(trust.cert_path, trust.key_path)
            ca = folder / "trust" / "ca.crt"
            ca.write_bytes(trust.ca_pem)
            server.office.ca = str(ca)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.office
        finally:
            server.shutdown()
            thread.join()
