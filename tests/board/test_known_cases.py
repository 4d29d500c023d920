"""What was learned is found by its words in any script, and offered where it helps, best first."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.board.known_cases import offered, search
from server.exceptions.ops import ReopenCase
from server.store.replay import check_replay
from server.store.store import Store
from tests.asked import Asked, asking
from tests.exception_work import rev, settle, short
from tests.floor_site import SITE, Handheld, build
from tests.floor_work import APPLIED
from tests.stores import open_store

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


@pytest.fixture
def chief(store: Store) -> Handheld:
    return Handheld(store, "supervisor")


def found(store: Store, text: str, kind: str = "", cause: str = "", limit: int = 9) -> list[str]:
    answer = store.run_sync(lambda tx: search(tx.conn, SITE, text, kind, cause, limit))
    return [known.note for known in answer.cases]


def helped(store: Store, case: str, cause: str = "") -> list[str]:
    return [k.note for k in store.run_sync(lambda tx: offered(tx.conn, SITE, case, cause))]


@pytest.mark.parametrize(
    ("note", "question"),
    [
        ("Recounted the bin, the label was torn", "LABEL recount"),
        ("已重新盘点货位并更换标签", "更换标签"),
        ("已與客戶確認並補寄商品", "補寄"),
        ("Nachgezählt in der Gasse", "nachgezahlt"),
    ],
)
def test_a_resolution_is_found_by_its_words(
    store: Store, chief: Handheld, note: str, question: str
) -> None:
    assert settle(chief, short(store, "R-1"), note, "data") == APPLIED
    assert settle(chief, short(store, "R-2"), "Something else", "slip") == APPLIED
    assert found(store, question) == [note]
    assert found(store, f"{question} corner mug") == [note]
    assert found(store, f"{question} nowhere") == []


def test_the_last_settled_comes_first_and_kind_and_cause_narrow_it(
    store: Store, chief: Handheld
) -> None:
    for at, cause in enumerate(("data", "slip", "data")):
        settle(chief, short(store, f"R-{at}"), f"Way {at}", cause)
    assert found(store, "way") == ["Way 2", "Way 1", "Way 0"]
    assert found(store, "", cause="slip") == ["Way 1"]
    assert found(store, "", kind="short_pick", cause="data") == ["Way 2", "Way 0"]
    assert found(store, "", kind="put_back") == []
    assert found(store, "", limit=1) == ["Way 2"]


def test_a_case_that_is_opened_again_teaches_nothing_until_it_is_settled_anew(
    store: Store, chief: Handheld
) -> None:
    made = short(store, "R-1")
    settle(chief, made, "First guess", "slip")
    again = ReopenCase(case=made, expects=rev(store, made), note="No")
    assert chief.say("exceptions.reopen_case.v1", again) == APPLIED
    assert found(store, "guess") == []
    settle(chief, made, "The real reason", "process")
    assert (found(store, "guess"), found(store, "real")) == ([], ["The real reason"])


def test_what_was_reused_is_offered_first_and_the_cause_lifts(
    store: Store, chief: Handheld
) -> None:
    first, second = short(store, "R-1"), short(store, "R-2", customer="C2")
    settle(chief, first, "Recount", "slip")
    settle(chief, second, "New label", "data")
    open_one = short(store, "R-3", customer="C3")
    assert helped(store, open_one) == ["New label", "Recount"]
    assert helped(store, open_one, "slip") == ["Recount", "New label"]
    third = short(store, "R-4", customer="C4")
    settle(chief, third, "Recount", "slip", reused=first)
    assert helped(store, open_one) == ["Recount", "New label"]


def test_the_log_alone_makes_the_same_index(store: Store, chief: Handheld) -> None:
    settle(chief, short(store, "R-1"), "已重新盘点 the bin", "data")
    assert found(store, "盘点 bin")
    assert check_replay(store.url).differences == []


@pytest.fixture
async def asked(store: Store, tmp_path: Path) -> AsyncIterator[Asked]:
    async with asking(store, tmp_path) as opened:
        yield opened


async def test_a_case_is_told_with_its_story_and_what_helped_before(asked: Asked) -> None:
    store = asked.store
    chief = Handheld(store, "supervisor")
    settle(chief, short(store, "R-1"), "Recounted", "slip")
    made = short(store, "R-2")
    desk = asked.browser("service")
    story: dict[str, Any] = (await desk.ask("GET", f"/api/exceptions/{made}")).json()
    assert story["case"]["details"]["bin"] == "A01-1-1"
    assert [known["note"] for known in story["known"]] == ["Recounted"]
    assert (await desk.ask("GET", "/api/exceptions?q=recount")).json()["more"] is False
    for path in ("/api/exceptions/nobody", "/api/exceptions?cause=none", "/api/exceptions?limit=0"):
        answer = await desk.ask("GET", path)
        assert answer.status_code in (400, 404), path
    picker = asked.browser("picker")
    assert (await picker.ask("GET", f"/api/exceptions/{made}")).status_code == 403
