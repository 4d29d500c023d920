"""What a customer was told, as the order's time line shows it. Addresses are masked there: it is
kept longer than they are."""

from typing import ClassVar

from server.kernel.events import Event


class NoticeSent(Event, frozen=True, kw_only=True):
    """`audience`: customer, or manager of a copy."""

    kind: ClassVar[str] = "notices.sent"
    notice: str
    what: str
    channel: str
    audience: str
    to: str


class NoticeNotSent(Event, frozen=True, kw_only=True):
    """For good, or after so many tries. `why`: a word of the port's."""

    kind: ClassVar[str] = "notices.not_sent"
    notice: str
    what: str
    channel: str
    audience: str
    to: str
    why: str


class NoticeAskedAgain(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "notices.asked_again"
    notice: str
    what: str
    channel: str
    to: str


class NoticeAnswered(Event, frozen=True, kw_only=True):
    """By the software of a partner: whether it could read the interchange `reference`. `fault`: its
    code of what is wrong."""

    kind: ClassVar[str] = "notices.answered"
    notice: str
    what: str
    partner: str
    reference: str
    accepted: bool
    fault: str
