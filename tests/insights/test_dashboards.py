"""Dashboards: figures, by whom or what, and the orders behind them; asked as a desk asks."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from server.demo.goods import PRICES
from server.demo.many.lives import Clock
from server.insights.measures import parts
from server.insights.measures.counting import Counted
from server.insights.measures.following import catch_up, write
from server.insights.measures.rules import DAY_MS, Place, labour
from server.store.store import Store
from tests.asked import Asked, Browser, asking, code_of
from tests.floor_site import SITE, scalar, table
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

    by_place = (await told(desk, "members?figure=on_time&of=destination"))["members"]
    assert sum(m["worth"]["bottom"] for m in by_place) == delivered
    place = next(m for m in by_place if m["worth"]["top"] < m["worth"]["bottom"])
    part = await told(desk, f"figures?destination={place['member']}")
    one = next(f for f in part["figures"] if f["key"] == "on_time")
    assert one["whole"] == place["worth"]

    where = f"orders?figure=on_time&destination={place['member']}"
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
    people = (await told(desk, "members?figure=on_time&of=customer"))["members"]
    assert people[0]["name"]
    first = people[0]["member"]
    found = "SELECT count(*) FROM orders WHERE customer = :c AND state = 'delivered'"
    assert people[0]["worth"]["bottom"] == scalar(store, found, c=first)
    board = await told(desk, f"figures?customer={first}")
    delivered = next(f for f in board["figures"] if f["key"] == "delivered")
    assert delivered["whole"]["top"] == people[0]["worth"]["bottom"]
    behind = (await told(desk, f"orders?figure=delivered&customer={first}"))["orders"]
    assert len(behind) == people[0]["worth"]["bottom"]


async def test_only_those_who_lead_people_see_who_was_how_fast(site: Asked) -> None:
    chief, desk = site.browser("supervisor"), site.browser("service")
    (picker,) = (await told(chief, "members?figure=pick_rate&of=person"))["members"]
    assert picker["name"] == "Nia Brandt"
    refused = await desk.ask("GET", "/api/insights/members?figure=pick_rate&of=person")
    assert (refused.status_code, code_of(refused)) == (403, "not_allowed")
    assert "person" not in (await told(desk, "figures"))["by_of"]["pick_rate"]
    assert "person" in (await told(chief, "figures"))["by_of"]["pick_rate"]
    picking = await site.browser("picker").ask("GET", "/api/insights/figures")
    assert picking.status_code == 403


async def test_reasons_products_and_carriers_stand_side_by_side(site: Asked) -> None:
    desk = site.browser("supervisor")
    why = (await told(desk, "members?figure=cancelled&of=reason"))["members"]
    assert [m["member"] for m in why] == ["bought twice"]
    back = (await told(desk, "members?figure=returns&of=product"))["members"]
    assert back
    assert all(m["name"] for m in back)
    kinds = {m["member"] for m in (await told(desk, "members?figure=problems&of=kind"))["members"]}
    assert kinds == {"delivery_refused", "return_asked", "short_pick"}
    (own,) = (await told(desk, "scores?of=carrier"))["members"]
    assert own["member"] == "own"
    assert own["scores"]["delivered"]["top"] > 50


async def test_orders_placed_are_counted_on_their_own_day_and_lead_to_themselves(
    site: Asked,
) -> None:
    desk = site.browser("service")
    figures = {f["key"]: f for f in (await told(desk, "figures?by=month"))["figures"]}
    assert figures["received"]["whole"]["value"] == 80
    pages = [await told(desk, "orders?figure=received")]
    while pages[-1]["more"]:
        pages.append(await told(desk, f"orders?figure=received&after={pages[-1]['more']}"))
    ids = [o["id"] for page in pages for o in page["orders"]]
    assert len(set(ids)) == len(ids) == 80


async def test_what_an_order_costs_is_its_work_its_cartons_and_its_way(site: Asked) -> None:
    chief, store = site.browser("supervisor"), site.store
    board = await told(chief, "figures")
    figures = {f["key"]: f["whole"] for f in board["figures"]}
    assert board["currency"] == PRICES["currency"]
    ended = "SELECT sum(work_ms) FROM measured_order WHERE state <> ''"
    work_ms = scalar(store, ended)
    assert figures["minutes"]["top"] == work_ms > 0
    packed = scalar(store, "SELECT count(*) FROM parcel p JOIN orders o ON o.id = p.order_id")
    # the lives use cartons of no kind, and vans whose stops no waybill has a charge for
    brought = "SELECT count(*) FROM orders WHERE state IN ('delivered', 'refused')"
    stops = scalar(store, brought)
    wanted = work_ms / 3_600_000 * PRICES["hour"] + packed * PRICES["carton"]
    assert figures["cost"]["top"] == round(wanted + stops * PRICES["stop"])
    assert figures["cost"]["bottom"] == figures["delivered"]["top"]
    goods = (
        "SELECT sum(l.qty * l.price) AS sales, sum(l.qty * i.cost) AS cost FROM order_line l"
        " JOIN orders o ON o.id = l.order_id JOIN item i ON i.sku = l.sku"
        " WHERE o.state = 'delivered'"
    )
    (of,) = table(store, goods)
    assert figures["margin"]["bottom"] == of["sales"] > of["cost"] > 0
    assert figures["margin"]["top"] == of["sales"] - of["cost"]
    behind = (await told(chief, "orders?figure=margin"))["orders"]
    assert all(o["worth"] == pytest.approx(45, abs=1) for o in behind)
    by_channel = (await told(chief, "members?figure=minutes&of=channel"))["members"]
    assert sum(m["worth"]["top"] for m in by_channel) == work_ms


async def test_what_things_cost_is_for_those_who_may_see_it(site: Asked) -> None:
    desk = site.browser("service")
    shown = {f["key"] for f in (await told(desk, "figures"))["figures"]}
    assert "minutes" in shown
    assert not {"cost", "margin"} & shown
    for path in ("members?figure=margin&of=channel", "orders?figure=cost"):
        refused = await desk.ask("GET", f"/api/insights/{path}")
        assert (refused.status_code, code_of(refused)) == (403, "not_allowed"), path


async def test_two_filters_at_once_count_the_orders_that_have_both(site: Asked) -> None:
    chief, store = site.browser("supervisor"), site.store
    place = scalar(store, "SELECT min(destination) FROM measured_order WHERE state = 'delivered'")
    both = f"carrier=own&destination={place}"
    alone = {f["key"]: f for f in (await told(chief, f"figures?destination={place}"))["figures"]}
    board = await told(chief, f"figures?{both}&by=week")
    crossed = {f["key"]: f for f in board["figures"]}
    assert board["since"] == "", "so few can all be read"
    for key in ("delivered", "on_time", "cycle", "minutes", "cost", "margin"):
        assert crossed[key]["whole"] == alone[key]["whole"], "all of them went with the own vans"
        assert crossed[key]["lacks"] == []
    assert crossed["delivered"]["whole"]["top"] > 0
    assert crossed["cycle"]["median"] == alone["cycle"]["median"]
    nobody = (await told(chief, f"figures?destination={place}&channel=XX"))["figures"]
    assert next(f for f in nobody if f["key"] == "delivered")["whole"]["top"] == 0
    behind = (await told(chief, f"orders?figure=delivered&{both}"))["orders"]
    assert {(o["carrier"], o["destination"]) for o in behind} == {("own", place)}
    apart = (await told(chief, f"members?figure=delivered&of=channel&{both}"))["members"]
    assert sum(m["worth"]["top"] for m in apart) == crossed["delivered"]["whole"]["top"]


async def test_a_figure_says_which_filters_it_does_not_know(site: Asked) -> None:
    chief = site.browser("supervisor")
    board = await told(chief, "figures?zone=A&carrier=own")
    lacks = {f["key"]: f["lacks"] for f in board["figures"]}
    assert lacks["on_time"] == ["zone"]
    assert lacks["pick_rate"] == ["carrier"]
    assert all(f["whole"]["value"] is None for f in board["figures"])
    together = await told(chief, "figures?destination=GB&carrier=own")
    returns = next(f for f in together["figures"] if f["key"] == "returns")
    assert returns["lacks"] == ["carrier", "destination"], "only each alone"


async def test_work_is_told_by_person_and_zone_at_once(empty: Asked) -> None:
    chief, today = empty.browser("supervisor"), empty.store.clock() // DAY_MS
    nia = "nia"
    counts: dict[Place, int] = {}
    for who, zone, lines in ((nia, "A", 90), (nia, "cold", 30), ("bo", "A", 20)):
        for dimension, member in labour(who, zone):
            for what, n in (("lines", lines), ("pick_ms", 3_600_000)):
                place = (dimension, member, today, what)
                counts[place] = counts.get(place, 0) + n
    counted = Counted(counts=counts, orders={}, in_hand={})
    empty.store.run_sync(lambda tx: write(tx.conn, SITE, counted))

    async def rate(asked: str) -> float:
        found = (await told(chief, f"figures?{asked}"))["figures"]
        value: float = next(f for f in found if f["key"] == "pick_rate")["whole"]["value"]
        return value

    assert await rate("zone=A") == 55
    assert await rate(f"person={nia}") == 60
    assert await rate(f"person={nia}&zone=A") == 90
    board = await told(chief, f"figures?person={nia}&zone=A")
    assert board["by_of"]["pick_rate"] == []
    mine = await told(chief, f"members?figure=pick_rate&of=zone&person={nia}")
    assert [(m["member"], m["worth"]["value"]) for m in mine["members"]] == [
        ("A", 90),
        ("cold", 30),
    ]
    there = await told(chief, "members?figure=pick_rate&of=person&zone=A")
    assert {m["member"]: m["worth"]["value"] for m in there["members"]} == {nia: 90, "bo": 20}
    known = (await told(chief, "choices"))["members"]
    assert [c["member"] for c in known["zone"]] == ["A", "cold"]
    desk = empty.browser("service")
    assert "person" not in (await told(desk, "choices"))["members"]
    refused = await desk.ask("GET", f"/api/insights/figures?person={nia}")
    assert code_of(refused) == "not_allowed"


async def test_reasons_are_counted_within_a_channel(site: Asked) -> None:
    chief = site.browser("supervisor")
    asked = "members?figure=cancelled&of=reason&channel=EC"
    (why,) = (await told(chief, asked))["members"]
    ended = scalar(site.store, "SELECT count(*) FROM measured_order WHERE state <> ''")
    assert (why["member"], why["worth"]["bottom"]) == ("bought twice", ended)
    part = await told(chief, "figures?reason=bought+twice&channel=EC")
    assert next(f for f in part["figures"] if f["key"] == "cancelled")["whole"] == why["worth"]
    gone = (await told(chief, "orders?figure=cancelled&reason=bought+twice"))["orders"]
    assert len(gone) == why["worth"]["top"]
    assert {o["state"] for o in gone} == {"cancelled"}


async def test_a_reason_and_a_product_lead_to_the_orders_that_were_sent_back(site: Asked) -> None:
    desk = site.browser("service")
    figure = "figure=returns"
    for of in ("reason", "product", "destination"):
        for member in (await told(desk, f"members?{figure}&of={of}"))["members"]:
            asked = f"orders?{figure}&{of}={member['member']}"
            shown = (await told(desk, asked))["orders"]
            assert len(shown) == member["worth"]["top"], asked
    column = "SELECT count(DISTINCT order_id) FROM rma WHERE state <> 'withdrawn'"
    seen: list[str] = []
    after = ""
    while page := await told(desk, f"orders?{figure}&after={after}"):
        seen += [o["id"] for o in page["orders"]]
        after = page["more"]
        if not after:
            break
    assert len(set(seen)) == len(seen) == scalar(site.store, column)


async def test_of_too_many_orders_the_newest_are_crossed(
    site: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_READ", 50)
    chief = site.browser("supervisor")
    board = await told(chief, "figures?carrier=own&channel=EC")
    assert board["since"] == board["starts"][0] > board["first"]
    delivered = next(f for f in board["figures"] if f["key"] == "delivered")["whole"]["top"]
    second = "SELECT count(*) FROM measured_order WHERE state = 'delivered' AND day ="
    second += " (SELECT max(day) FROM measured_order)"
    assert delivered == scalar(site.store, second)
    apart = await told(chief, "members?figure=delivered&of=destination&carrier=own")
    assert apart["since"] == board["since"]
    assert sum(m["worth"]["top"] for m in apart["members"]) == delivered
    shown = (await told(chief, "orders?figure=delivered&carrier=own&channel=EC"))["orders"]
    assert len({o["id"] for o in shown}) == min(delivered, 25)


async def test_how_far_the_log_is_counted_is_one_small_question(site: Asked) -> None:
    desk = site.browser("service")
    board, counted = await told(desk, "figures"), await told(desk, "counted")
    assert board["counted"] == counted["counted"] > 0
    assert counted["as_of"] > 0


async def test_a_site_without_orders_has_figures_without_values(empty: Asked) -> None:
    board = await told(empty.browser("supervisor"), "figures")
    worth = {f["key"]: f["whole"]["value"] for f in board["figures"]}
    assert [worth.pop(key) for key in ("received", "delivered", "settled")] == [0, 0, 0]
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
        ("members?figure=luck&of=carrier", "figure"),
        ("members?figure=on_time&of=person", "of"),
        ("members?figure=returns&of=reason&carrier=own", "of"),
        ("scores?of=person", "of"),
        ("orders?figure=pick_rate", "figure"),
        ("orders?figure=on_time&person=p1", "figure"),
        ("orders?figure=on_time&after=x", "after"),
        ("figures?carrier=" + "x" * 65, "carrier"),
    ],
)
async def test_what_cannot_be_asked_is_said_with_its_field(
    empty: Asked, path: str, field: str
) -> None:
    answer = await empty.browser("supervisor").ask("GET", f"/api/insights/{path}")
    assert answer.status_code == 400, answer.text
    assert code_of(answer) == "malformed"
    assert answer.json()["error"]["field"] == field
