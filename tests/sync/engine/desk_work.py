"""Cases taken, handed over, escalated, settled and opened again: the recorded life of the desk."""

from server.exceptions.chasing import ChaseCases
from server.exceptions.findings import FoundUnsound, ReportFindings
from server.exceptions.ops import (
    EscalateCase,
    HandOverCase,
    NoteCase,
    ReopenCase,
    SettleCase,
    TakeCase,
)
from server.pod.carriers.silence import ReportAnswer, ReportSilence
from server.store.store import Store
from tests.floor_site import Handheld, good, scalar, system, table
from tests.floor_work import APPLIED


def desk_work(store: Store, chief: Handheld) -> None:
    _told_by_the_house(store)
    good(system(store, "exceptions.chase_cases.v1", ChaseCases()))
    service = Handheld(store, "service", "desk-2")
    wanted = (
        "SELECT d.id FROM discrepancy d JOIN exception_case c ON c.id = d.id"
        " WHERE d.state = 'open' ORDER BY c.level, d.kind, d.id"
    )
    first, second, *_ = [r["id"] for r in table(store, wanted)]
    _whole_life(store, chief, service, first)
    settled = SettleCase(case=second, expects=0, note="Counted again", cause="slip", reused=first)
    assert chief.say("exceptions.settle_case.v1", settled) == APPLIED


def _told_by_the_house(store: Store) -> None:
    unsound = FoundUnsound(rule="moved_is_booked", what="main/A1/MUG", found="1", expected="2")
    op = ReportFindings(count=1, findings=[unsound])
    good(system(store, "exceptions.report_findings.v1", op))
    silent = ReportSilence(carrier="swift", name="Swift", failed=3, waiting=1)
    good(system(store, "pod.report_silence.v1", silent))
    good(system(store, "pod.report_answer.v1", ReportAnswer(carrier="swift")))


def _rev(store: Store, case: str) -> int:
    return int(scalar(store, "SELECT rev FROM exception_case WHERE id = :c", c=case))


def _whole_life(store: Store, chief: Handheld, service: Handheld, case: str) -> None:
    assert service.say("exceptions.take_case.v1", TakeCase(case=case, expects=0)) == APPLIED
    assert service.say("exceptions.note_case.v1", NoteCase(case=case, note="Asked")) == APPLIED
    given = HandOverCase(case=case, expects=_rev(store, case), to="supervisor", note="Yours")
    assert service.say("exceptions.hand_over_case.v1", given) == APPLIED
    expects = _rev(store, case)
    up = EscalateCase(case=case, expects=expects, note="Too large for us")
    assert chief.say("exceptions.escalate_case.v1", up) == APPLIED
    assert chief.say("exceptions.escalate_case.v1", up)[0] == "refused"
    _end(store, chief, case)
    expects = _rev(store, case)
    again = ReopenCase(case=case, expects=expects, note="It came back")
    assert chief.say("exceptions.reopen_case.v1", again) == APPLIED
    _end(store, chief, case)


def _end(store: Store, chief: Handheld, case: str) -> None:
    expects = _rev(store, case)
    over = SettleCase(case=case, expects=expects, note="Counted anew", cause="data")
    assert chief.say("exceptions.settle_case.v1", over) == APPLIED
