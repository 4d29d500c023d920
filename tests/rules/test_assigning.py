"""Who should do what: by skill, zone and load; each choice says why."""

import random

from server.floor.assigning import AssignRules, Choice, Reason, Waiting, Worker, assign

AT = 1_800_000_000_000
RULES = AssignRules(most=2, away_s=600, unknown_s=300)


def waiting(name: str, **of: object) -> Waiting:
    given = {"kind": "pick", "zone": "", "priority": 40, "due_at": 0, "expected_s": 300, **of}
    return Waiting(name, **given)  # type: ignore[arg-type]


def worker(name: str, *kinds: str, **of: object) -> Worker:
    return Worker(name, frozenset(kinds or ("pick",)), **of)  # type: ignore[arg-type]


def given(choices: list[Choice]) -> dict[str, str | None]:
    return {c.task: c.person for c in choices}


def codes(choice: Choice) -> list[str]:
    return [reason.code for reason in choice.why]


def test_work_goes_to_whoever_has_least_of_it() -> None:
    team = [worker("ann", load_s=900, held=1), worker("bo")]
    (choice,) = assign([waiting("t1")], team, RULES, AT)
    assert choice == Choice("t1", "bo", [Reason("soonest", n=5)])


def test_each_task_that_is_given_counts_for_the_next() -> None:
    choices = assign([waiting(f"t{i}") for i in range(4)], [worker("a"), worker("b")], RULES, AT)
    assert given(choices) == {"t0": "a", "t1": "b", "t2": "a", "t3": "b"}


def test_nobody_gets_more_than_the_site_allows_and_the_rest_waits_with_a_reason() -> None:
    team = [worker("a", held=1), worker("b", held=2)]
    choices = assign([waiting("t0"), waiting("t1")], team, RULES, AT)
    assert given(choices) == {"t0": "a", "t1": None}
    assert choices[1].why == [Reason("all_full", n=2)]


def test_only_those_who_can_do_it() -> None:
    team = [worker("a"), worker("b", "pick", "count", load_s=9_000)]
    choices = assign([waiting("t", kind="count"), waiting("u", kind="pack")], team, RULES, AT)
    assert given(choices) == {"t": "b", "u": None}
    assert codes(choices[0]) == ["only_one"]
    assert choices[1].why == [Reason("nobody_able", text="pack")]


def test_somebody_of_the_zone_comes_first_unless_they_are_much_later() -> None:
    here = worker("here", zones=frozenset({"B"}), load_s=500)
    away = worker("away", zones=frozenset({"A"}))
    (choice,) = assign([waiting("t", zone="B")], [here, away], RULES, AT)
    assert choice.person == "here"
    assert codes(choice) == ["own_zone", "soonest"]
    busy = worker("here", zones=frozenset({"B"}), load_s=601)
    (choice,) = assign([waiting("t", zone="B")], [busy, away], RULES, AT)
    assert choice.person == "away"
    assert codes(choice) == ["outside_zone", "soonest"]


def test_of_two_alike_the_one_whose_zone_it_is() -> None:
    team = [worker("a"), worker("b", zones=frozenset({"B"}))]
    (choice,) = assign([waiting("t", zone="B")], team, RULES, AT)
    assert choice.person == "b"


def test_their_own_pace_counts_and_is_said() -> None:
    team = [worker("a"), worker("b", pace={"pick": 0.75}, load_s=60)]
    (choice,) = assign([waiting("t")], team, RULES, AT)
    assert choice.person == "b"
    assert choice.why[-1] == Reason("quick", n=25, text="pick")


def test_one_forgotten_task_does_not_make_anybody_ten_times_slower() -> None:
    team = [worker("a", pace={"pick": 10.0}), worker("b", load_s=301)]
    (choice,) = assign([waiting("t")], team, RULES, AT)
    assert choice.person == "a"


def test_the_most_urgent_first_then_the_soonest_due() -> None:
    tasks = [
        waiting("later", due_at=AT + 9_000_000),
        waiting("none"),
        waiting("soon", due_at=AT + 1_000_000),
        waiting("urgent", priority=90),
    ]
    choices = assign(tasks, [worker("a")], AssignRules(most=9), AT)
    assert [c.task for c in choices] == ["urgent", "soon", "later", "none"]


def test_what_will_be_late_all_the_same_says_so() -> None:
    (choice,) = assign([waiting("t", due_at=AT + 60_000)], [worker("a")], RULES, AT)
    assert choice.why[-1] == Reason("late", n=4)
    (choice,) = assign([waiting("t", due_at=AT + 300_000)], [worker("a")], RULES, AT)
    assert "late" not in codes(choice)


def test_who_is_barred_from_a_task_is_passed_over() -> None:
    team = [worker("a"), worker("b", load_s=5_000)]
    (choice,) = assign([waiting("t", barred=frozenset({"a"}))], team, RULES, AT)
    assert choice.person == "b"


def test_the_order_of_what_is_given_in_changes_nothing() -> None:
    chance = random.Random(7)
    kinds = ("pick", "count", "putaway")
    tasks = [
        waiting(f"t{i}", kind=chance.choice(kinds), zone=chance.choice("AB"), priority=i % 3)
        for i in range(30)
    ]
    team = [
        worker(f"w{i}", *kinds[: 1 + i % 3], zones=frozenset(chance.choice(("", "A", "B"))))
        for i in range(6)
    ]
    first = assign(tasks, team, AssignRules(most=4), AT)
    for _ in range(5):
        chance.shuffle(tasks)
        chance.shuffle(team)
        assert assign(tasks, team, AssignRules(most=4), AT) == first
    assert 10 < sum(c.person is not None for c in first) <= 24
