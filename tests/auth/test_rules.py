from hypothesis import given, settings
from hypothesis import strategies as st

from server.auth import rules
from server.auth.rules import HOUR, SECOND, Tries

HOME, BADGE = "k-home", "B-1"
START = 1_795_000_000_000


class Book:
    """The counters of one badge, tried on any device."""

    def __init__(self) -> None:
        self.rows: dict[str, Tries] = {}

    def wait(self, device: str, now: int) -> int:
        return rules.wait_for(self._tries(device), now)

    def wrong(self, device: str, now: int) -> bool:
        """Was the PIN looked at?"""
        if self.wait(device, now):
            return False
        subjects = rules.subjects(BADGE, device, HOME)
        for rule, tries in self._tries(device).items():
            self.rows[subjects[rule]] = rules.count(rule, tries, now)
        return True

    def _tries(self, device: str) -> dict[str, Tries]:
        subjects = rules.subjects(BADGE, device, HOME)
        return {rule: self.rows.get(s, Tries()) for rule, s in subjects.items()}


steps = st.lists(
    st.tuples(st.sampled_from([HOME, "k1", "k2", "k3"]), st.integers(0, 20 * 60 * SECOND)),
    max_size=120,
)


@given(steps)
@settings(max_examples=200, deadline=None)
def test_no_hour_holds_more_than_ten_looks_at_an_account(steps: list[tuple[str, int]]) -> None:
    book, now, looked = Book(), START, list[int]()
    for device, later in steps:
        now += later
        if book.wrong(device, now):
            looked.append(now)
    for begin in looked:
        assert sum(begin <= at < begin + HOUR for at in looked) <= 10


@given(steps)
@settings(max_examples=200, deadline=None)
def test_strangers_leave_three_looks_an_hour_to_the_home_device(
    steps: list[tuple[str, int]],
) -> None:
    book, now = Book(), START
    for device, later in steps:
        now += later
        if device != HOME:
            book.wrong(device, now)
    assert [book.wrong(HOME, now) for _ in range(3)] == [True] * 3


def test_five_tries_are_free_and_then_each_waits_twice_as_long() -> None:
    book, now, waits = Book(), START, list[int]()
    for _ in range(9):
        assert book.wrong(HOME, now)
        waits.append(book.wait(HOME, now) // SECOND)
        now += book.wait(HOME, now)
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480]


def test_the_tenth_try_of_an_hour_is_the_last() -> None:
    book, now = Book(), START
    for _ in range(10):
        now += book.wait(HOME, now)
        assert book.wrong(HOME, now)
    assert now < START + HOUR // 2
    assert not book.wrong(HOME, START + HOUR - 1)
    assert book.wrong(HOME, START + HOUR)


def test_yesterdays_slips_do_not_slow_today() -> None:
    book = Book()
    for _ in range(5):
        book.wrong(HOME, START)
    assert book.wrong(HOME, START + 24 * HOUR)
    assert book.wait(HOME, START + 24 * HOUR) == 0


def test_a_right_pin_takes_its_own_try_back_and_leaves_the_others_counted() -> None:
    tries = Tries()
    for at in (1, 2, 3):
        tries = rules.count("person", tries, START + at)
    assert rules.forgive("person", tries, START + 2).recent == (START + 1, START + 3)
    assert rules.forgive("pair", tries, START + 2).failures == 0


def test_a_thousand_failures_wait_an_hour_and_no_longer() -> None:
    tries = rules.count("pair", Tries(failures=1_000, recent=(START,)), START + 1)
    assert tries.wait_until == START + 1 + HOUR


def test_pins_that_everybody_tries_first_are_weak() -> None:
    for pin in ("000000", "123456", "654321", "890123", "111111111111"):
        assert rules.is_weak(pin), pin
    assert not rules.is_weak("493027")
    for pin in ("12345", "1234567890123", "12345a", "١٢٣٤٥٦", "123456\n", ""):
        assert not rules.is_pin(pin), pin
