"""The one interface to a way out. Blocking: called in a thread, beside the store."""

import sys
from collections import deque
from typing import NamedTuple, Protocol, TextIO

from server.mailing.port import NotSent, Why
from server.notices.edi.messages import Document
from server.notices.settings import NoticeRules


class Browser(NamedTuple):
    """A subscription as its browser gave it (Push API), keys in base64url."""

    endpoint: str
    p256dh: str
    auth: str


class Outgoing(NamedTuple):
    """A notice in words. `id`: the same however often it is sent. `link`: where more is to be
    seen; `links`: all that may be pressed. `browser`: for push alone; `document` and
    `reference`, of its interchange: for EDI alone."""

    id: str
    what: str
    to: str
    lang: str
    subject: str
    text: str
    short: str
    link: str
    links: tuple[str, ...]
    origin: str
    browser: Browser | None = None
    document: Document | None = None
    reference: str = ""


class Gone(NotSent):
    """A browser that is not subscribed any more."""

    def __init__(self) -> None:
        super().__init__("refused", "not subscribed any more")


class Channel(Protocol):
    def send(self, out: Outgoing, rules: NoticeRules) -> None:
        """Returns when the next server has taken it; else raises NotSent."""


class NullChannel:
    """For tests: takes everything, or fails as often as it is told to."""

    def __init__(self) -> None:
        self.sent: deque[Outgoing] = deque(maxlen=500)
        self.faults: deque[NotSent | Why] = deque()

    def send(self, out: Outgoing, rules: NoticeRules) -> None:
        del rules
        if self.faults:
            fault = self.faults.popleft()
            raise fault if isinstance(fault, NotSent) else NotSent(fault, "as it was told to")
        self.sent.append(out)


class ConsoleChannel:
    """For whoever tries Dockhand: on the terminal, as `name`."""

    def __init__(self, name: str, out: TextIO | None = None) -> None:
        self._name, self._out = name, out

    def send(self, out: Outgoing, rules: NoticeRules) -> None:
        del rules
        terminal = self._out or sys.stdout
        terminal.write(f"--- {self._name} to {out.to}: {out.short}\n")
        terminal.flush()
