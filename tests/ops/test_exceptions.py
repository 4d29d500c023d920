"""A case on the desk: it begins where it must, is taken, handed over, escalated, settled with its
cause and opened again; and time alone reminds of it and brings it higher."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.catalog.ops import PutSetting
from server.exceptions.chasing import ChaseCases, chase
from server.exceptions.ops import EscalateCase, HandOverCase, NoteCase, ReopenCase, SettleCase
from server.floor import discrepancies
from server.store.replay import check_replay
from server.store.store import Store
from tests.exception_work import add_admin, case, entries, rev, settle, short, take_case
from tests.floor_site import SITE, Handheld, build, good, scalar, system, table
from tests.floor_work import APPLIED
from tests.run_work import MIN, Clock
from tests.stores import open_store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path, clock) as opened:
        build(opened)
        yield opened


def row(store: Store, case_id: str) -> dict[str, Any] | None:
    found = table(store, "SELECT body FROM feed WHERE kind = 'discrepancy' AND key = :c", c=case_id)
    body: dict[str, Any] | None = msgspec.json.decode(found[0]["body"] or "null") if found else None
    return body


def chased(store: Store) -> int:
    return store.run_sync(chase)


def test_a_plain_case_begins_at_the_front_line_and_says_whose_it_is(
    store: Store, clock: Clock
) -> None:
    made = short(store, "R-1")
    shown = row(store, made)
    assert shown is not None
    assert (shown["level"], shown["why"], shown["owner"]) == (1, [], None)
    assert (shown["customer"], shown["customer_name"]) == ("C1", "Corner Shop")
    assert shown["due_at"] == clock.at + 30 * MIN
    assert case(store, made)["sku"] == "MUG"


@pytest.mark.parametrize(("said", "why"), [({"vip": True}, "vip"), ({"price": 5_000_001}, "large")])
def test_an_important_customer_and_a_large_order_begin_one_level_higher(
    store: Store, said: dict[str, Any], why: str
) -> None:
    made = case(store, short(store, "R-1", **said))
    assert (made["level"], made["why"]) == (2, why)


def test_the_third_problem_of_a_customer_within_its_days_begins_higher(
    store: Store, clock: Clock
) -> None:
    first = [short(store, ref) for ref in ("R-1", "R-2")]
    other = short(store, "R-3", customer="C2")
    assert [case(store, each)["level"] for each in (*first, other)] == [1, 1, 1]
    third = case(store, short(store, "R-4"))
    assert (third["level"], third["why"]) == (2, "repeated")
    clock.at += 91 * 24 * 60 * MIN
    assert case(store, short(store, "R-5"))["level"] == 1


def test_a_setting_that_is_spoilt_loses_no_problem(store: Store) -> None:
    wrong = PutSetting(key="exceptions", value={"minutes": [1, 2]})
    assert system(store, "catalog.put_setting.v1", wrong).code == "malformed"
    rules = {"minutes": [5, 240, 1440]}
    good(system(store, "catalog.put_setting.v1", PutSetting(key="exceptions", value=rules)))
    made = case(store, short(store, "R-1"))
    assert made["due_at"] - made["since"] == 5 * MIN
    spoil = "UPDATE setting SET value = '{\"minutes\": 7}' WHERE key = 'exceptions'"
    store.run_sync(lambda tx: tx.conn.exec_driver_sql(spoil))
    assert case(store, short(store, "R-2"))["level"] == 1


def test_of_two_who_take_it_at_once_the_second_is_told(store: Store) -> None:
    made = short(store, "R-1")
    service, chief = Handheld(store, "service"), Handheld(store, "supervisor")
    assert take_case(service, made) == APPLIED
    stale = {"case": made, "expects": 0}
    assert chief.say("exceptions.take_case.v1", stale) == ("refused", "stale")
    assert (case(store, made)["owner"], entries(store, made)) == ("service", ["taken"])
    again = {"case": made, "expects": rev(store, made)}
    assert service.say("exceptions.take_case.v1", again) == APPLIED
    assert entries(store, made) == ["taken"]


def test_the_front_line_acts_on_nobody_elses_case_and_leaders_on_everybodys(store: Store) -> None:
    made = short(store, "R-1")
    chief, service = Handheld(store, "supervisor"), Handheld(store, "service")
    assert take_case(chief, made) == APPLIED
    assert take_case(service, made) == ("refused", "case_has_owner")
    assert settle(service, made) == ("refused", "case_has_owner")
    given = HandOverCase(case=made, expects=rev(store, made), to="service", note="Call them")
    assert chief.say("exceptions.hand_over_case.v1", given) == APPLIED
    assert take_case(chief, made) == APPLIED


def test_the_whole_story_travels_with_a_hand_over(store: Store) -> None:
    made = short(store, "R-1")
    service = Handheld(store, "service")
    take_case(service, made)
    assert service.say("exceptions.note_case.v1", NoteCase(case=made, note="Called")) == APPLIED
    nobody = HandOverCase(case=made, expects=rev(store, made), to="picker")
    assert service.say("exceptions.hand_over_case.v1", nobody) == ("refused", "person_not_at_desk")
    given = HandOverCase(case=made, expects=rev(store, made), to="supervisor", note="Yours")
    assert service.say("exceptions.hand_over_case.v1", given) == APPLIED
    told = table(store, "SELECT what, about, text FROM exception_entry ORDER BY no")
    assert [(e["what"], e["about"], e["text"]) for e in told] == [
        ("taken", "", ""),
        ("noted", "", "Called"),
        ("handed", "supervisor", "Yours"),
    ]
    assert case(store, made)["owner"] == "supervisor"


def test_who_may_settle_is_said_by_level(store: Store) -> None:
    add_admin(store)
    made = short(store, "R-1", vip=True)
    service, chief, admin = (Handheld(store, who) for who in ("service", "supervisor", "admin"))
    assert settle(service, made) == ("refused", "case_beyond_authority")
    up = EscalateCase(case=made, expects=rev(store, made), note="Not mine")
    assert service.say("exceptions.escalate_case.v1", up) == APPLIED
    assert settle(chief, made) == ("refused", "case_beyond_authority")
    top = EscalateCase(case=made, expects=rev(store, made), note="Higher")
    assert chief.say("exceptions.escalate_case.v1", top) == ("refused", "case_at_highest_level")
    assert settle(admin, made) == APPLIED
    assert settle(admin, made) == ("refused", "already_done")


def test_a_settled_case_leaves_the_desk_and_keeps_its_cause(store: Store) -> None:
    made, chief = short(store, "R-1"), Handheld(store, "supervisor")
    for wrong in ({"cause": "nobody"}, {"note": "  "}, {"note": ""}):
        op = {"case": made, "expects": 0, "note": "Said", "cause": "data", **wrong}
        assert chief.say("exceptions.settle_case.v1", op) == ("refused", "malformed")
    unknown = SettleCase(case=made, expects=0, note="Said", cause="data", reused="nobody-knows")
    assert chief.say("exceptions.settle_case.v1", unknown) == ("refused", "not_found")
    assert settle(chief, made, "Label was wrong", "data") == APPLIED
    kept = case(store, made)
    assert (kept["state"], kept["cause"], kept["note"]) == ("settled", "data", "Label was wrong")
    assert row(store, made) is None
    assert kept["next_at"] is None


def test_opened_again_it_has_a_new_time_and_is_on_the_desk(store: Store, clock: Clock) -> None:
    made, chief = short(store, "R-1"), Handheld(store, "supervisor")
    early = ReopenCase(case=made, expects=0, note="Too early")
    assert chief.say("exceptions.reopen_case.v1", early) == ("refused", "already_done")
    settle(chief, made)
    clock.at += 60 * MIN
    again = ReopenCase(case=made, expects=rev(store, made), note="It is still wrong")
    assert chief.say("exceptions.reopen_case.v1", again) == APPLIED
    kept = case(store, made)
    assert (kept["state"], kept["cause"]) == ("open", "")
    assert kept["due_at"] == clock.at + 30 * MIN
    assert row(store, made) is not None
    assert entries(store, made) == ["settled", "reopened"]


def reminders(store: Store) -> list[tuple[int, int]]:
    told = "SELECT body FROM event WHERE kind = 'exceptions.case_reminded' ORDER BY ver, seq"
    bodies = [msgspec.json.decode(r["body"]) for r in table(store, told)]
    return [(body["level"], body["percent"]) for body in bodies]


def night(store: Store, clock: Clock, made: str) -> None:
    """From the opening to the end of all times, each a millisecond before and on its moment."""
    since = clock.at
    for minutes, told in (
        (15, [(1, 50)]),
        (30, [(1, 50), (1, 100)]),
        (150, [(1, 50), (1, 100), (2, 50)]),
        (270, [(1, 50), (1, 100), (2, 50), (2, 100)]),
    ):
        clock.at = since + minutes * MIN - 1
        assert chased(store) == 0
        clock.at += 1
        assert chased(store) == 1
        assert reminders(store) == told
    assert case(store, made)["level"] == 3


def test_time_alone_reminds_and_escalates(store: Store, clock: Clock) -> None:
    made = short(store, "R-1")
    night(store, clock, made)
    shown = row(store, made)
    assert shown is not None
    assert (shown["level"], shown["reminded"], shown["due_at"]) == (3, 0, clock.at + 1440 * MIN)
    assert entries(store, made) == [
        *("reminded", "reminded", "escalated", "reminded", "reminded", "escalated")
    ]
    clock.at += 1440 * MIN
    assert chased(store) == 1
    assert case(store, made)["next_at"] is None
    clock.at += 1440 * MIN
    assert chased(store) == 0


def test_a_sweeper_that_forgets_to_write_down_what_was_told_would_be_noticed(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(_ctx: Any, kept: Any, **_said: Any) -> Any:
        return kept

    monkeypatch.setattr("server.exceptions.chasing.cases.save", nothing)
    made = short(store, "R-1")
    with pytest.raises(AssertionError):
        night(store, clock, made)


def test_a_settled_case_is_never_chased(store: Store, clock: Clock) -> None:
    made = short(store, "R-1")
    assert settle(Handheld(store, "supervisor"), made) == APPLIED
    clock.at += 24 * 60 * MIN
    assert chased(store) == 0
    good(system(store, "exceptions.chase_cases.v1", ChaseCases()))
    assert case(store, made)["level"] == 1


def test_who_looked_before_it_went_up_must_look_again(store: Store, clock: Clock) -> None:
    made, service = short(store, "R-1"), Handheld(store, "service")
    seen = rev(store, made)
    clock.at += 15 * MIN
    chased(store)
    assert rev(store, made) == seen  # a reminder takes nothing from anybody
    clock.at += 15 * MIN
    chased(store)
    op = SettleCase(case=made, expects=seen, note="Said", cause="slip")
    assert service.say("exceptions.settle_case.v1", op) == ("refused", "stale")


def test_what_goes_away_by_itself_is_over_without_a_cause(store: Store) -> None:
    made = short(store, "R-1")

    def over(tx: Any) -> None:
        from server.kernel.ops import OpContext

        discrepancies.settle(OpContext(tx, SITE, "sys:main:test", 1, tx.now), made, "corrected")

    store.run_sync(over)
    kept = case(store, made)
    assert (kept["state"], kept["cause"], kept["next_at"]) == ("settled", "", None)
    assert entries(store, made) == ["over"]


def test_the_log_alone_makes_the_same_cases(store: Store, clock: Clock) -> None:
    made, chief = short(store, "R-1"), Handheld(store, "supervisor")
    night(store, clock, made)
    second = short(store, "R-2")
    assert settle(chief, second) == APPLIED
    assert scalar(store, "SELECT COUNT(*) FROM exception_entry") == 7
    assert check_replay(store.url).differences == []


def tray(store: Store) -> list[tuple[str, str, dict[str, Any]]]:
    """What the pickers' devices have in their trays: outcome, operation, facts."""
    found = table(store, "SELECT body FROM feed WHERE kind = 'result' AND scope LIKE 'd:shelf-%'")
    rows = [msgspec.json.decode(r["body"]) for r in found if r["body"]]
    return [(r["outcome"], r["k"], r["data"]) for r in rows]


def test_the_picker_who_told_of_it_is_told_how_it_ended(store: Store) -> None:
    made, chief = short(store, "R-1"), Handheld(store, "supervisor")
    assert tray(store) == []
    assert settle(chief, made) == APPLIED
    note = case(store, made)["note"]
    assert tray(store) == [("settled", "picking.report_short", {"note": note})]
    assert check_replay(store.url).differences == []


def test_what_was_set_aside_keeps_its_words_in_the_tray(store: Store) -> None:
    """What the worker has to do with the goods is not hidden by how the desk's case ended."""
    made, chief = short(store, "R-1"), Handheld(store, "supervisor")
    aside = "UPDATE discrepancy SET outcome = 'diverted' WHERE id = :c"
    store.run_sync(lambda tx: tx.conn.execute(sa.text(aside), {"c": made}))
    assert settle(chief, made) == APPLIED
    assert tray(store) == []
