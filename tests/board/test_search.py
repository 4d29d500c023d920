"""An order among many: by each thing that is said or scanned, the newest first, page by page."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.board import looking, rules
from server.board.looking import TERMS_AT_ONCE
from server.board.search import Found, FoundOrders, search
from server.board.tables import find_part, find_term
from server.kernel.errors import Refusal
from server.orders.ops import ImportOrder
from server.orders.validation import OrderLine, ShipTo
from server.store.replay import check_replay
from server.store.store import Store
from server.store.submit import Outside
from tests.asked import Asked, asking
from tests.floor_site import ITEMS, build, good, order, scalar, system
from tests.floor_work import to_the_van
from tests.stores import open_store

PLACED = 1_700_000_000_000
HOUR = 3_600_000


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def placed(store: Store, ref: str, hours: int = 0, **said: Any) -> str:
    """An order placed so many hours after the first; `phone`, `to`: of where it goes."""
    phone, to = said.pop("phone", ""), said.pop("to", "")
    made = ImportOrder(
        **{
            "channel": "EC",
            "ref": ref,
            "customer": f"C-{ref}",
            "customer_name": "Somebody",
            "ship_to": ShipTo(country="GB", phone=phone, name=to),
            "currency": "GBP",
            "placed_at": PLACED + hours * HOUR,
            "lines": [OrderLine(sku="MUG", name="Blue Mug, 300 ml", qty=1)],
            **said,
        }
    )
    good(system(store, "orders.import_order.v1", made, Outside("test", ref)))
    return str(scalar(store, "SELECT id FROM orders WHERE ref = :r", r=ref))


def look(
    store: Store, text: str, limit: int = 20, after: str = "", site: str = "main"
) -> FoundOrders:
    return store.run_sync(lambda tx: search(tx.conn, site, text, limit, after))


def refs(store: Store, text: str) -> list[str]:
    return [o.ref for o in look(store, text).orders]


def only(store: Store, text: str) -> Found:
    (found,) = look(store, text).orders
    return found


@pytest.mark.parametrize(
    ("called", "typed"),
    [
        ("Åsa Öberg", ["asa", "ÅSA ö", "oberg", "Oberg Asa", "a"]),
        ("Łukasz Sørensen", ["lukasz", "sorensen", "SØREN"]),
        ("Zoë O'Connor-Smith", ["zoe", "connor", "smith", "o'con", "smith zoe"]),
        ("张伟", ["张", "伟", "张伟"]),
        ("北京朝阳商贸有限公司", ["朝阳", "商贸", "有限公司", "北京"]),
        ("王小明 Wang Xiaoming", ["小明", "wang", "xiaoming 王"]),
        ("Straße & Söhne", ["strasse", "sohne", "&"]),
    ],
)
def test_a_part_of_a_name_finds_it_however_it_is_written(
    store: Store, called: str, typed: list[str]
) -> None:
    placed(store, "R-1", customer_name=called)
    placed(store, "R-2", customer_name="Nobody Else 李雷")
    for text in typed:
        found = look(store, text).orders
        assert ("R-1", "name", called) in [(o.ref, o.why, o.matched) for o in found], text
    assert refs(store, "else " + typed[0]) == []


def test_a_phone_is_found_by_any_run_of_its_digits(store: Store) -> None:
    placed(store, "R-1", phone="+86 138-0013-8000")
    placed(store, "R-2", phone="+44 20 7946 0001")
    for text in ("13800138000", "+86 138 0013 8000", "0138-0013", "0013 8000", "38000"):
        found = only(store, text)
        assert (found.ref, found.why, found.matched) == ("R-1", "phone", "+86 138-0013-8000"), text
    assert refs(store, "8000") == [], "so few digits are in every phone"
    assert refs(store, "138 0013 8001") == []


def test_who_receives_it_is_found_as_well_as_who_ordered_it(store: Store) -> None:
    placed(store, "R-1", customer_name="Big Shop", to="Ann Receiver")
    assert only(store, "receiver").matched == "Ann Receiver"
    assert only(store, "big").matched == "Big Shop"


def test_a_number_is_found_from_its_year_its_channel_or_its_serial(store: Store) -> None:
    placed(store, "X-1")
    number = str(scalar(store, "SELECT number FROM orders"))
    for text in (number, number.lower(), number[5:], number[-6:], number[-6:].lstrip("0")):
        found = only(store, text)
        assert (found.why, found.matched) == ("number", number), text


def test_an_item_is_found_by_number_by_name_and_by_each_form_of_its_code(store: Store) -> None:
    placed(store, "R-1")
    gtin = ITEMS["MUG"]
    for text in (
        *("MUG", "mug", "blue mug", "300 ml", "mug blue", gtin, gtin[1:], f"01{gtin}"),
        *(f"]d201{gtin}10LOT7\x1d21A", f"(01){gtin}", f"https://id.shop.test/01/{gtin}/10/L7"),
    ):
        found = only(store, text)
        assert (found.why, found.matched) == ("item", "MUG · Blue Mug, 300 ml"), text


def test_a_parcel_is_found_by_its_label_once_there_is_something_to_pack(store: Store) -> None:
    made = order(store, "R-1", MUG=1)
    to_the_van(store, made)
    number = str(scalar(store, "SELECT number FROM parcel"))
    assert only(store, number).why == only(store, f"https://s.test/{number}?a=1").why == "parcel"


def test_a_scanned_purchase_order_number_is_the_orders_reference(store: Store) -> None:
    placed(store, "PO-4711")
    found = only(store, "]C1400PO-4711")
    assert (found.ref, found.why) == ("PO-4711", "ref")


def test_the_newest_come_first_and_pages_follow_each_other_without_a_gap(store: Store) -> None:
    for at, hours in enumerate((5, 1, 9, 3, 7, 2, 8)):
        placed(store, f"S-{at}", hours, customer_name=f"Smith {at % 3}")
    wanted = ["S-2", "S-6", "S-4", "S-0", "S-3", "S-5", "S-1"]
    for text in ("smith", "s-", "mug", "ec"):
        assert refs(store, text) == wanted, text
        told: list[str] = []
        page = look(store, text, 2)
        while True:
            assert len(page.orders) <= 2
            told += [o.ref for o in page.orders]
            if not page.more:
                break
            page = look(store, text, 2, page.more)
        assert told == wanted, text


def test_terms_of_more_than_one_question_are_still_one_list(store: Store) -> None:
    wanted = []
    for at in range(TERMS_AT_ONCE + 3):
        hours = at * 11 % (TERMS_AT_ONCE + 3)
        placed(store, f"S-{at:02}", hours, customer_name=f"Smith {at:02}")
        wanted.append((hours, f"S-{at:02}"))
    newest = [ref for _, ref in sorted(wanted, reverse=True)]
    first = look(store, "smith", TERMS_AT_ONCE + 1)
    assert [o.ref for o in first.orders] == newest[: TERMS_AT_ONCE + 1]
    rest = look(store, "smith", TERMS_AT_ONCE + 1, first.more)
    assert [o.ref for o in rest.orders] == newest[TERMS_AT_ONCE + 1 :]


def test_postgresql_reads_no_more_of_a_term_than_is_shown(tmp_path: Path) -> None:
    """However many orders a term has, and whatever the statistics say of it."""
    with open_store("postgres", tmp_path) as store:
        build(store)
        for at in range(60):
            placed(store, f"S-{at:02}", at)
        values = {"site": "main", "kind": "item", "at": 10**15, "id": "", "size": 5}
        values |= {"term_0": "mug", "term_1": "tee"}

        def plan(tx: Any) -> str:
            compiled = looking._merged(2)._compiled(tx.conn, ())
            driver = tx.conn.connection.driver_connection
            told = driver.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {compiled.text}", values)
            return "\n".join(str(r) for r in told)

        told = store.run_sync(plan)
    assert "Backward" in told
    assert not re.search(r"Sort Method|rows=60", told), told


@pytest.mark.parametrize(
    "after", ["x", "name:1", "name:-1:5:a", f"name:1:{'9' * 16}:a", "name:1001:5:a"]
)
def test_a_page_that_no_answer_named_is_malformed(store: Store, after: str) -> None:
    with pytest.raises(Refusal) as told:
        look(store, "a", 2, after)
    assert (told.value.code, told.value.data["field"]) == ("malformed", "after")


def test_another_sites_orders_are_never_found(store: Store) -> None:
    placed(store, "R-1", phone="13800138000")
    for text in ("R-1", "somebody", "13800138000", "MUG", "20", "C-R-1"):
        assert look(store, text).orders
        assert look(store, text, site="other").orders == []


def test_the_log_gives_the_same_index_again_and_an_edit_by_hand_is_seen(store: Store) -> None:
    to_the_van(store, order(store, "R-1", MUG=3))
    placed(store, "R-2", customer_name="张伟", phone="138 0013 8000")
    assert check_replay(store.url).differences == []
    kinds = "SELECT count(DISTINCT kind) FROM find_term"
    assert scalar(store, kinds) == 7
    forged = sa.update(find_term).where(find_term.c.kind == "phone").values(term="99")
    store.run_sync(lambda tx: tx.conn.execute(forged))
    store.run_sync(lambda tx: tx.conn.execute(sa.delete(find_part)))
    tables = {d.table for d in check_replay(store.url).differences}
    assert tables == {"find_part", "find_term"}


def test_parts_begin_where_a_reader_may_begin() -> None:
    assert rules.parts("100% oberg") == ("100% oberg", "% oberg", "oberg")
    assert rules.parts("王小明") == ("王小明", "小明", "明")
    assert rules.number_terms("2025-EC-000123") == [
        *("2025-ec-000123", "ec-000123", "000123", "123"),
    ]
    assert rules.fold("  ÉCLAIR\u00a0Łódź ") == "eclair lodz"


@pytest.mark.anyio
class TestOverHttp:
    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @pytest.fixture
    async def site(self, store: Store, tmp_path: Path) -> AsyncIterator[Asked]:
        async with asking(store, tmp_path) as asked:
            yield asked

    async def test_the_next_page_is_asked_for_by_what_the_last_one_said(self, site: Asked) -> None:
        for at in range(3):
            placed(site.store, f"R-{at}", at)
        desk = site.browser("service")
        first = (await desk.ask("GET", "/api/orders?q=mug&limit=2")).json()
        assert [o["ref"] for o in first["orders"]] == ["R-2", "R-1"]
        path = f"/api/orders?q=mug&limit=2&after={first['more']}"
        second = (await desk.ask("GET", path)).json()
        assert ([o["ref"] for o in second["orders"]], second["more"]) == (["R-0"], "")
        bad = await desk.ask("GET", "/api/orders?q=mug&after=nonsense")
        assert (bad.status_code, bad.json()["error"]["field"]) == (400, "after")
