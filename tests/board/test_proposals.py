"""What the rule would give to whom, asked for by a desk: nothing happens until it is applied."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from server.catalog.ops import PutSetting
from server.floor.abilities import SetAbilities
from server.floor.leases import HaltTask
from tests.asked import Asked, Browser, asking, code_of
from tests.floor_site import Handheld, build, good, order, release_wave, system, table
from tests.floor_work import APPLIED, pick_all, take
from tests.stores import open_store

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store(request.param, tmp_path) as store:
        build(store)
        for n in range(4):
            order(store, f"P-{n}", MUG=1)
        good(release_wave(store))
        async with asking(store, tmp_path) as asked:
            yield asked


def waiting(site: Asked) -> list[dict[str, Any]]:
    return table(site.store, "SELECT id, epoch, revision FROM task WHERE kind = 'pick' ORDER BY id")


async def asked_by(who: Browser, body: dict[str, Any]) -> httpx.Response:
    content = msgspec.json.encode(body)
    return await who.ask("POST", "/api/proposals", content, content_type="application/json")


async def propose(site: Asked, people: list[str], role: str = "supervisor") -> dict[str, Any]:
    body = {"tasks": [t["id"] for t in waiting(site)], "people": people}
    answer = await asked_by(site.browser(role), body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def given(found: dict[str, Any]) -> list[str | None]:
    return [choice["person"] for choice in found["choices"]]


async def test_waiting_tasks_are_shared_out_and_nothing_happens_yet(site: Asked) -> None:
    found = await propose(site, ["picker", "picker2", "packer"])
    assert given(found) == ["picker", "picker2", "picker", "picker2"]
    assert {c["why"][0]["code"] for c in found["choices"]} == {"soonest"}
    assert [load["held"] for load in found["loads"]] == [0, 0, 0]
    assert table(site.store, "SELECT id FROM task WHERE assignee IS NOT NULL") == []


async def test_what_is_in_hand_and_what_people_can_do_counts(site: Asked) -> None:
    picker, chief = Handheld(site.store, "picker"), Handheld(site.store, "supervisor")
    take(picker, "pick")
    found = await propose(site, ["picker", "picker2"])
    assert given(found)[0] == "picker2"
    assert len(found["choices"]) == 3
    loads = {load["person"]: load for load in found["loads"]}
    assert loads["picker"]["held"] == 1
    assert loads["picker"]["seconds"] > 0 == loads["picker2"]["seconds"]
    can = SetAbilities(person="picker2", skills=["count"])
    assert chief.say("floor.set_abilities.v1", can) == APPLIED
    found = await propose(site, ["picker", "picker2"])
    assert given(found) == ["picker", "picker", None]


async def test_what_is_on_hold_waits_and_weighs_nothing(site: Asked) -> None:
    picker, chief = Handheld(site.store, "picker"), Handheld(site.store, "supervisor")
    mine = take(picker, "pick")
    other = next(t for t in waiting(site) if t["id"] != mine)
    for task in (mine, other["id"]):
        seen = next(t for t in waiting(site) if t["id"] == task)
        halt = HaltTask(task=task, expects=seen["epoch"], seen=seen["revision"], reason="Spill")
        assert chief.say("floor.halt_task.v1", halt) == APPLIED
    found = await propose(site, ["picker"])
    assert [load["seconds"] for load in found["loads"]] == [0]
    assert other["id"] not in {c["task"] for c in found["choices"]}
    assert len(found["choices"]) == 2


async def test_the_sites_own_rules_hold(site: Asked) -> None:
    rules = PutSetting(key="assigning", value={"most": 1})
    good(system(site.store, "catalog.put_setting.v1", rules))
    found = await propose(site, ["picker"])
    assert given(found) == ["picker", None, None, None]
    assert found["choices"][1]["why"] == [{"code": "all_full", "n": 1, "text": ""}]
    wrong = system(
        site.store, "catalog.put_setting.v1", PutSetting(key="assigning", value={"most": 0})
    )
    assert (wrong.outcome, wrong.code) == ("refused", "malformed")


async def test_somebodys_own_pace_is_known_from_what_they_finished(site: Asked) -> None:
    rules = PutSetting(key="assigning", value={"pace_tasks": 1, "most": 9})
    good(system(site.store, "catalog.put_setting.v1", rules))
    quick = Handheld(site.store, "picker")
    pick_all(quick, take(quick, "pick"))
    slow = "UPDATE task SET done_at = taken_at + 1 WHERE state = 'done'"
    site.store.run_sync(lambda tx: tx.conn.exec_driver_sql(slow))
    found = await propose(site, ["picker", "picker2"])
    loads = {load["person"]: load["pace"] for load in found["loads"]}
    assert loads == {"picker": {"pick": 0.0}, "picker2": {}}
    assert given(found) == ["picker", "picker", "picker2"]
    assert found["choices"][0]["why"][-1] == {"code": "quick", "n": 50, "text": "pick"}


async def test_only_those_who_lead_may_ask_and_nonsense_is_refused(site: Asked) -> None:
    answer = await asked_by(site.browser("picker"), {"tasks": [], "people": []})
    assert (answer.status_code, code_of(answer)) == (403, "not_allowed")
    chief = site.browser("supervisor")
    wrong: list[dict[str, Any]] = [
        {"tasks": "all", "people": []},
        {"tasks": []},
        {"tasks": ["a b"], "people": []},
    ]
    for body in wrong:
        answer = await asked_by(chief, body)
        assert (answer.status_code, code_of(answer)) == (400, "malformed")
