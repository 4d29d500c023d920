"""What people say counts too: why a problem came up, and how a customer found the delivery."""

from server.exceptions.events import CaseSettled
from server.insights.measures.counting import Before, Counting, Record
from server.insights.measures.figures import FIGURES, worth
from server.insights.measures.rules import DAY_MS
from server.kernel.events import Event
from server.orders.events import OrderMoved, OrderReceived, SurveyAnswered

AT = 20_000 * DAY_MS + 9 * 3_600_000


def counted(*events: Event) -> dict[tuple[str, str], dict[str, int]]:
    """By dimension and member."""
    seen = Counting(Before()).see_all(
        Record(ver, AT + ver, "ann", event) for ver, event in enumerate(events, 1)
    )
    told: dict[tuple[str, str], dict[str, int]] = {}
    for (dimension, member, _day, what), n in seen.counts.items():
        told.setdefault((dimension, member), {})[what] = n
    return told


def delivered(order: str, country: str) -> list[Event]:
    come = OrderReceived(
        order=order, number=order, ref=order, lines=1, pieces=1, country=country, placed_at=AT
    )
    return [come, OrderMoved(order=order, before="shipped", after="delivered")]


def answer(order: str, courtesy: int, *, changed: bool = False) -> Event:
    return SurveyAnswered(
        order=order, on_time=True, complete=True, courtesy=courtesy, note="", changed=changed
    )


def test_the_last_answer_is_the_one_that_counts() -> None:
    told = counted(
        *delivered("o1", "DE"),
        *delivered("o2", "FR"),
        *delivered("o3", "FR"),
        answer("o1", 2),
        answer("o2", 4),
        answer("o1", 5, changed=True),
    )
    figure = FIGURES["satisfaction"]
    assert worth(figure, told["", ""], told["", ""]).value == 4.5
    assert worth(figure, told["destination", "DE"], told["destination", "DE"]).value == 5
    assert told["destination", "FR"]["answered"] == 1, "who says nothing is not asked for"


def test_some_lines_in_a_moment_are_no_pace() -> None:
    rate = FIGURES["pick_rate"]
    moment, while_ = {"lines": 24, "pick_ms": 84}, {"lines": 24, "pick_ms": 600_000}
    assert worth(rate, moment, moment).value is None
    assert worth(rate, while_, while_).value == 144


def test_problems_are_told_apart_by_their_root_cause() -> None:
    def settled(case: str, about: str, cause: str) -> Event:
        return CaseSettled(case=case, about=about, cause=cause, note="Counted again")

    told = counted(
        settled("c1", "short_pick", "data"),
        settled("c2", "short_pick", "process"),
        settled("c3", "weight_off", "data"),
    )
    assert told["", ""]["settled"] == 3
    assert told["cause", "data"]["settled"] == 2
    assert told["kind", "short_pick"]["settled"] == 2
