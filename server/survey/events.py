"""What a customer said of a delivery."""

from typing import ClassVar

from server.kernel.events import Event


class SurveyAnswered(Event, frozen=True, kw_only=True):
    """`courtesy`: 1 to 5; `note`: in the customer's words. `changed`: one was there before."""

    kind: ClassVar[str] = "survey.answered"
    on_time: bool
    complete: bool
    courtesy: int
    note: str
    changed: bool
