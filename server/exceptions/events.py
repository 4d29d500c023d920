"""What became of a case. Whoever mails notices attaches to `CaseReminded` and `CaseEscalated`."""

from typing import ClassVar

from server.kernel.events import Event


class CaseTaken(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "exceptions.case_taken"
    case: str


class CaseHandedOver(Event, frozen=True, kw_only=True):
    """`receiver`: the name of who is asked from now on."""

    kind: ClassVar[str] = "exceptions.case_handed_over"
    case: str
    receiver: str
    note: str


class CaseEscalated(Event, frozen=True, kw_only=True):
    """`by_clock`: nobody asked for it, the response time ran out."""

    kind: ClassVar[str] = "exceptions.case_escalated"
    case: str
    level: int
    owner: str | None
    by_clock: bool
    note: str = ""


class CaseReminded(Event, frozen=True, kw_only=True):
    """`percent` of the response time of `level` is over. Of nobody's order: it is for the house."""

    kind: ClassVar[str] = "exceptions.case_reminded"
    case: str
    about: str
    level: int
    percent: int
    owner: str | None
    due_at: int


class CaseNoted(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "exceptions.case_noted"
    case: str
    note: str


class CaseSettled(Event, frozen=True, kw_only=True):
    """`about`: what was wrong; `reused`: the earlier case whose words were taken."""

    kind: ClassVar[str] = "exceptions.case_settled"
    case: str
    about: str
    cause: str
    note: str
    reused: str | None = None


class CaseReopened(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "exceptions.case_reopened"
    case: str
    note: str
