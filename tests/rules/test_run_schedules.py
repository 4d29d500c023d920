"""Vans, windows, room and shifts: what can be driven, what is wrong with a plan, who is moved."""

import random

import msgspec
import pytest

from server.pod.arranging import Board, moved, why_not, with_all_that_fit
from server.pod.journeys import Journey, Matrices, Van, Visit, drive, faults, fits
from server.pod.keeping import Threshold, choose, worth_it
from server.pod.offers import Effort
from server.pod.solving import by_iterations, solved

LINE = Matrices(
    m=[[abs(a - b) * 1000 for b in range(8)] for a in range(8)],
    s=[[abs(a - b) * 100 for b in range(8)] for a in range(8)],
)
"""Eight places on a road, a kilometre and 100 s apart; 0 is the depot."""
VAN = Van(id="v", start=0, end=0, leaves=0, back=10_000, weight_g=100, parcels=10)


def visit(place: int, **more: int | str) -> Visit:
    fields = {"id": str(place), "place": place, "service_s": 50, "weight_g": 10} | more
    return msgspec.convert(fields, Visit)


def whys(van: Van, visits: list[Visit], journey: Journey | None = None) -> set[str]:
    made = journey or drive(van, visits, LINE)
    return {fault.why for fault in faults([van], visits, [made])}


def test_a_journey_waits_for_the_window_and_adds_its_times_up() -> None:
    journey = drive(VAN, [visit(2, opens=500), visit(3)], LINE)
    first, second = journey.calls
    assert (first.arrives, first.begins, first.leaves) == (200, 500, 550)
    assert (second.arrives, second.leg_s, second.leg_m) == (650, 100, 1000)
    assert (journey.back, journey.metres) == (1000, 6000)


@pytest.mark.parametrize(
    ("visits", "van", "why"),
    [
        ([visit(2, closes=199)], VAN, "window"),
        ([visit(3), visit(2, closes=400)], VAN, "window"),
        ([visit(5, weight_g=60), visit(6, weight_g=60)], VAN, "weight"),
        ([visit(5, parcels=6), visit(6, parcels=6)], VAN, "parcels"),
        ([visit(7)], msgspec.structs.replace(VAN, back=1_400), "shift"),
        ([visit(1, aboard="other")], VAN, "other_van"),
    ],
)
def test_what_cannot_be_driven_is_found_by_both_checks(
    visits: list[Visit], van: Van, why: str
) -> None:
    assert whys(van, visits) == {why}
    assert not fits(van, visits, LINE)


def test_what_can_be_driven_has_no_fault() -> None:
    visits = [visit(2, opens=100, closes=200), visit(5, closes=551), visit(1)]
    assert whys(VAN, visits) == set()
    assert fits(VAN, visits, LINE)


def tampered(how: str) -> Journey:
    """A good journey, spoilt in one place."""
    replace = msgspec.structs.replace
    good = drive(VAN, [visit(2, opens=300), visit(4)], LINE)
    first, second = good.calls
    spoilt = {
        "twice": replace(good, calls=(first, second, second)),
        "unknown": replace(good, calls=(replace(first, visit="nobody"), second)),
        "early": replace(good, calls=(replace(first, begins=250), second)),
        "legs": replace(good, calls=(first, replace(second, arrives=first.leaves))),
        "shift": replace(good, back=VAN.back + 1),
    }
    return spoilt[how]


@pytest.mark.parametrize("how", ["twice", "unknown", "early", "legs", "shift"])
def test_a_journey_that_was_tampered_with_is_found(how: str) -> None:
    visits = [visit(2, opens=300), visit(4)]
    assert whys(VAN, visits) == set()
    assert how in whys(VAN, visits, tampered(how))


def test_the_two_checks_agree_on_whatever_is_drawn() -> None:
    """One is written for the searches, one for what is shown: neither may miss what the other
    finds."""
    chance = random.Random(5)
    seen = {True: 0, False: 0}
    for _ in range(2_000):
        visits = [
            visit(
                chance.randint(1, 7),
                id=str(n),
                opens=chance.choice([0, chance.randint(0, 1_500)]),
                closes=chance.randint(300, 3_000),
                weight_g=chance.randint(1, 40),
                parcels=chance.randint(1, 4),
            )
            for n in range(chance.randint(1, 5))
        ]
        van = msgspec.structs.replace(VAN, back=chance.randint(800, 4_000))
        good = fits(van, visits, LINE)
        assert good == (whys(van, visits) == set())
        seen[good] += 1
    assert min(seen.values()) > 200


def board(*visits: Visit, vans: tuple[Van, ...] = (VAN,)) -> Board:
    return Board(vans, visits, LINE)


@pytest.mark.parametrize(
    ("left", "why"),
    [
        (visit(2, weight_g=101), "weight"),
        (visit(2, parcels=11), "parcels"),
        (visit(2, closes=150), "window"),
        (visit(2, opens=20_000), "window"),
        (visit(2, weight_g=95), "full"),
        (visit(2, closes=220), "no_time"),
    ],
)
def test_who_is_left_out_is_told_the_plainest_reason(left: Visit, why: str) -> None:
    there = board(visit(1, closes=100), visit(3), left)
    assert why_not(there, {"v": ["1", "3"]}, left.id) == why


def test_further_than_a_shift_is_said_so() -> None:
    short = msgspec.structs.replace(VAN, back=1_000)
    assert why_not(board(visit(6), vans=(short,)), {"v": []}, "6") == "shift"


def test_a_new_stop_goes_where_it_costs_least_and_never_where_it_breaks_a_window() -> None:
    free = board(visit(2), visit(4), visit(3))
    assert with_all_that_fit(free, {"v": ["2", "4"]}, ["3"]) == {"v": ["2", "3", "4"]}
    tight = board(visit(2), visit(4, closes=450), visit(3))
    assert with_all_that_fit(tight, {"v": ["2", "4"]}, ["3"]) == {"v": ["2", "4", "3"]}


def test_who_keeps_van_and_order_is_not_moved() -> None:
    assert moved({"v": ["a", "b", "c"]}, {"v": ["a", "x", "b", "c"]}) == []
    assert moved({"v": ["a", "b", "c"]}, {"v": ["c", "a", "b"]}) == ["c"]
    assert moved({"v": ["a"], "w": ["b"]}, {"v": [], "w": ["a", "b"]}) == ["a"]


def test_a_saving_counts_by_percent_and_by_metres() -> None:
    threshold = Threshold(percent=10, metres=2_000)
    assert worth_it(threshold, 20_000, 18_000)
    assert not worth_it(threshold, 20_000, 18_100)
    assert not worth_it(threshold, 10_000, 8_500)


def test_a_loaded_van_keeps_its_order_unless_the_saving_is_large() -> None:
    there = board(visit(1), visit(3), visit(2))
    now, best = {"v": ["1", "3", "2"]}, {"v": ["1", "2", "3"]}
    far = board(visit(1), visit(7), visit(2), visit(6))
    zigzag = {"v": ["1", "7", "2", "6"]}
    straight = {"v": ["1", "2", "6", "7"]}
    small, large = Threshold(percent=10, metres=1_000), Threshold(percent=10, metres=50_000)
    assert choose(there, now, best, large) == now
    assert choose(far, zigzag, straight, large) == zigzag
    assert far.all_metres(choose(far, zigzag, straight, small)) == far.all_metres(straight)


def test_one_stop_is_moved_rather_than_all() -> None:
    """Turned round, the road is as short; moving the one that stands wrong is enough."""
    there = board(*(visit(n) for n in range(1, 7)))
    now = {"v": ["6", "1", "2", "3", "4", "5"]}
    solved_rows = {"v": ["6", "5", "4", "3", "2", "1"]}
    late = msgspec.structs.replace(there.visits["1"], closes=120)
    there.visits["1"] = late
    chosen = choose(
        there, now, {"v": ["1", "2", "3", "4", "5", "6"]}, Threshold(percent=0, metres=0)
    )
    assert chosen == {"v": ["1", "2", "3", "4", "5", "6"]}
    assert moved(now, chosen) == ["6"]
    assert len(moved(now, solved_rows)) == 4


def test_a_missed_window_lets_the_needed_stop_move_whatever_the_threshold() -> None:
    there = board(visit(1), visit(2), visit(3, closes=320))
    now = {"v": ["1", "2", "3"]}
    assert not there.is_good(now)
    chosen = choose(there, now, {"v": ["3", "2", "1"]}, Threshold(percent=99, metres=10**6))
    assert there.is_good(chosen)
    assert chosen["v"][0] == "3"
    assert moved(now, chosen) == ["3"]


STOP = by_iterations(Effort(most=300, idle=150))


def test_the_solver_keeps_windows_room_and_shifts_and_says_the_same_twice() -> None:
    vans = [msgspec.structs.replace(VAN, id=name, parcels=3) for name in ("a", "b")]
    visits = [visit(n, closes=900 if n > 4 else 5_000) for n in range(1, 8)]
    rows = solved(vans, visits, LINE, now={}, stop=STOP)
    made = [drive(van, [visits[int(v) - 1] for v in rows[van.id]], LINE) for van in vans]
    assert faults(vans, visits, made) == []
    assert sum(len(order) for order in rows.values()) == 6, "three parcels a van"
    assert rows == solved(vans, visits, LINE, now={}, stop=STOP)


def test_goods_aboard_stay_on_their_van() -> None:
    vans = [msgspec.structs.replace(VAN, id=name) for name in ("a", "b")]
    visits = [visit(n, aboard="b" if n % 2 else "a") for n in range(1, 7)]
    rows = solved(vans, visits, LINE, now={"a": ["2", "4", "6"], "b": ["1", "3", "5"]}, stop=STOP)
    assert sorted(rows["a"]) == ["2", "4", "6"]
    assert sorted(rows["b"]) == ["1", "3", "5"]


def test_who_is_worth_more_is_left_out_last() -> None:
    van = msgspec.structs.replace(VAN, parcels=2)
    visits = [visit(1), visit(2), visit(7, worth=90)]
    rows = solved([van], visits, LINE, now={}, stop=STOP)
    assert "7" in rows["v"]
    assert len(rows["v"]) == 2
