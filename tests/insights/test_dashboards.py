"""Dashboards: figures, by whom or what, and the orders behind them; asked as a desk asks."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from server.demo.many.lives import Clock
from server.insights.measures.following import catch_up
from server.store.store import Store
from tests.asked import Asked, Browser, asking, code_of
from tests.floor_site import scalar, table
from tests.insights.test_measures import END, live
from tests.stores import open_store

_BROWSERS = count(0, 100)
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def days(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    clock = Clock(END)
    with open_store(request.param, tmp_path_factory.mktemp("days"), clock) as store:
        live(store, clock)
        catch_up(store)
        yield store


@pytest.fixture
async def site(days: Store, tmp_path: Path) -> AsyncIterator[Asked]:
    async with asking(days, tmp_path) as asked:
        asked.count = next(_BROWSERS)  # of the tests before, some are known already
        yield asked


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store("sqlite", tmp_path) as store:
        async with asking(store, tmp_path) as asked:
            yield asked


async def told(who: Browser, path: str) -> dict[str, Any]:
    answer = await who.ask("GET", f"/api/insights/{path}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_figure_leads_to_its_members_and_to_the_orders_behind_it(site: Asked) -> None:
    desk, store = site.browser("supervisor"), site.store
    board = await told(desk, "figures?by=week")
    figures = {f["key"]: f for f in board["figures"]}
    delivered = scalar(store, "SELECT count(*) FROM orders WHERE state = 'delivered'")
    late = scalar(store, "SELECT count(*) FROM orders WHERE delivered_at > due_at")
    on_time = figures["on_time"]
    assert on_time["whole"]["bottom"] == delivered
    assert on_time["whole"]["value"] == pytest.approx(100 * (delivered - late) / delivered)
    assert on_time["target"] == 95
    assert sum(part["bottom"] for part in on_time["series"]) == delivered
    assert len(board["starts"]) == len(on_time["series"]) <= 6
    assert figures["cycle"]["median"] <= figures["cycle"]["most"] <= 24
    assert figures["pick_rate"]["whole"]["value"] > 10

    by_place = (await told(desk, "members?figure=on_time&dim=destination"))["members"]
    assert sum(m["worth"]["bottom"] for m in by_place) == delivered
    place = next(m for m in by_place if m["worth"]["top"] < m["worth"]["bottom"])
    part = await told(desk, f"figures?dim=destination&member={place['member']}")
    one = next(f for f in part["figures"] if f["key"] == "on_time")
    assert one["whole"] == place["worth"]

    where = f"orders?figure=on_time&dim=destination&member={place['member']}"
    behind = (await told(desk, where))["orders"]
    assert len(behind) == place["worth"]["bottom"] - place["worth"]["top"]
    assert all(o["ended_at"] > o["due_at"] for o in behind)
    assert {o["destination"] for o in behind} == {place["member"]}


async def test_orders_behind_a_figure_come_page_by_page_without_gap(site: Asked) -> None:
    desk = site.browser("service")
    wanted = table(site.store, "SELECT id FROM orders WHERE state = 'delivered'")
    seen: list[str] = []
    after = ""
    while True:
        page = await told(desk, f"orders?figure=delivered&after={after}")
        seen += [o["id"] for o in page["orders"]]
        after = page["more"]
        if not after:
            break
    assert sorted(seen) == sorted(r["id"] for r in wanted)
    assert len(seen) > 50


async def test_a_customers_figures_are_those_of_their_orders(site: Asked) -> None:
    desk, store = site.browser("supervisor"), site.store
    people = (await told(desk, "members?figure=on_time&dim=customer"))["members"]
    assert people[0]["name"]
    first = people[0]["member"]
    found = "SELECT count(*) FROM orders WHERE customer = :c AND state = 'delivered'"
    assert people[0]["worth"]["bottom"] == scalar(store, found, c=first)
    board = await told(desk, f"figures?dim=customer&member={first}")
    delivered = next(f for f in board["figures"] if f["key"] == "delivered")
    assert delivered["whole"]["top"] == people[0]["worth"]["bottom"]
    behind = (await told(desk, f"orders?figure=delivered&dim=customer&member={first}"))["orders"]
    assert len(behind) == people[0]["worth"]["bottom"]


async def test_only_those_who_lead_people_see_who_was_how_fast(site: Asked) -> None:
    chief, desk = site.browser("supervisor"), site.browser("service")
    (picker,) = (await told(chief, "members?figure=pick_rate&dim=person"))["members"]
    assert picker["name"] == "Nia Brandt"
    refused = await desk.ask("GET", "/api/insights/members?figure=pick_rate&dim=person")
    assert (refused.status_code, code_of(refused)) == (403, "not_allowed")
    assert "person" not in (await told(desk, "figures"))["by_of"]["pick_rate"]
    assert "person" in (await told(chief, "figures"))["by_of"]["pick_rate"]
    picking = await site.browser("picker").ask("GET", "/api/insights/figures")
    assert picking.status_code == 403


async def test_reasons_products_and_carriers_stand_side_by_side(site: Asked) -> None:
    desk = site.browser("supervisor")
    why = (await told(desk, "members?figure=cancelled&dim=reason"))["members"]
    assert [m["member"] for m in why] == ["bought twice"]
    back = (await told(desk, "members?figure=returns&dim=product"))["members"]
    assert back
    assert all(m["name"] for m in back)
    kinds = {m["member"] for m in (await told(desk, "members?figure=problems&dim=kind"))["members"]}
    assert kinds == {"delivery_refused", "return_asked", "short_pick"}
    (own,) = (await told(desk, "scores?dim=carrier"))["members"]
    assert own["member"] == "own"
    assert own["scores"]["delivered"]["top"] > 50


async def test_a_site_without_orders_has_figures_without_values(empty: Asked) -> None:
    board = await told(empty.browser("supervisor"), "figures")
    worth = {f["key"]: f["whole"]["value"] for f in board["figures"]}
    assert (worth.pop("delivered"), worth.pop("settled")) == (0, 0)
    assert set(worth.values()) == {None}
    assert len(board["starts"]) == 30


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("figures?from=2026-02-31", "from"),
        ("figures?from=soon", "from"),
        ("figures?from=2026-03-02&to=2026-03-01", "from"),
        ("figures?from=1999-01-01", "from"),
        ("figures?by=hour", "by"),
        ("figures?dim=weather", "dim"),
        ("members?figure=luck&dim=carrier", "figure"),
        ("members?figure=on_time&dim=person", "dim"),
        ("scores?dim=person", "dim"),
        ("orders?figure=pick_rate", "dim"),
        ("orders?figure=on_time&after=x", "after"),
        ("figures?member=" + "x" * 65, "member"),
    ],
)
async def test_what_cannot_be_asked_is_said_with_its_field(
    empty: Asked, path: str, field: str
) -> None:
    answer = await empty.browser("supervisor").ask("GET", f"/api/insights/{path}")
    assert answer.status_code == 400, answer.text
    assert code_of(answer) == "malformed"
    assert answer.json()["error"]["field"] == field
