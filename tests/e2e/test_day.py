"""A day of a real shop's orders, worked off by pickers on the wire and by real browsers, with
shorts, damages, cancellations, reassignments, splits, holds and dead zones; and its books at the
end, which a checker of its own holds against the file, the shelves and each other.

Everything random comes from one seed, which is printed; `DOCKHAND_DAY_SEED` sets another.
"""

import asyncio
import datetime as dt
import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect, sync_playwright

from server.insights.measures.following import catch_up
from server.insights.measures.rebuilding import measure_findings
from tests.day.books import Books, Row, complaints, read
from tests.day.floor import Day, Size, day
from tests.day.hand import Hand
from tests.day.shop import codes
from tests.e2e.conftest import STATIC, Device
from tests.e2e.fire import all_sent, assert_at_rest, begin
from tests.e2e.proxy import FINE, Weather
from tests.floor_site import scalar, table
from tests.sync.engine.books import (
    assert_each_pick_moved_its_pieces_once,
    assert_each_refusal_is_told_once,
    assert_every_operation_has_an_outcome,
    assert_goods_are_conserved,
    assert_replica_is_a_fresh_snapshot,
)

pytestmark = [pytest.mark.data]
LINES_COUNTED = "SELECT sum(n) FROM measure WHERE dimension = '' AND what = 'lines'"
SMALL = Size(
    day="2010-12-09",
    orders=40,
    most_lines=10,
    pickers=6,
    hands=1,
    wave=20,
    step_s=0.25,
    away_s=2.0,
    upsets=Counter(cancel=3, reassign=4, split=3, hold=2, prioritise=2),
    within_s=120,
)
WHOLE = Size(
    day="2010-12-01",
    orders=1_000,
    most_lines=10_000,
    pickers=20,
    hands=2,
    wave=24,
    step_s=1.4,
    away_s=8.0,
    upsets=Counter(cancel=12, reassign=25, split=12, hold=8, prioritise=10),
    within_s=600,
)
SEED = int(os.environ.get("DOCKHAND_DAY_SEED", "20101201"))
LOOKS_BETWEEN = 60
"""On average so many looks of a hand until all browsers are without a network for a while."""
LOOKS_AWAY = 25
GONE = Weather(refuse=True)


@contextmanager
def hands_of(at_work: Day, playwright: Playwright, folder: Path) -> Iterator[list[Hand]]:
    devices = []
    scanned = codes(at_work.store)
    try:
        hands = []
        for who in at_work.hands:
            device = Device(playwright, at_work.site, folder / who, handheld=True)
            devices.append(device)
            page = begin(device, who)
            hands.append(Hand(page, who, at_work.store, at_work.shelves, scanned, at_work.chance))
        yield hands
        assert [error for device in devices for error in device.errors] == []
    finally:
        for device in devices:
            device.close()


def work(at_work: Day, hands: list[Hand]) -> int:
    """Until the day is over: the others on a thread of their own, the browsers here, all of them
    without a network now and then. Returns how often."""
    failed: list[BaseException] = []

    def others() -> None:
        try:
            asyncio.run(at_work.shift())
        except BaseException as error:  # noqa: BLE001  told below, on the thread of the test
            failed.append(error)
            at_work.over.set()

    floor = threading.Thread(target=others)
    floor.start()
    looks, away, times = 0, 0, 0
    while not at_work.over.is_set():
        for hand in hands:
            hand.step(more_work=away == 0)
        looks += 1
        if away:
            away -= 1
            if not away:
                at_work.site.proxy.set(FINE)
        elif at_work.chance.randrange(LOOKS_BETWEEN) == 0:
            at_work.site.proxy.set(GONE)
            at_work.site.proxy.cut()
            away, times = LOOKS_AWAY, times + 1
        if not hands:
            at_work.over.wait(0.5)
    at_work.site.proxy.set(FINE)
    floor.join()
    if failed:
        raise failed[0]
    return times


def the_whole_day(size: Size, folder: Path) -> tuple[Books, dict[str, Any]]:
    if not STATIC.exists():
        pytest.fail("the web app is not built: python3 dev.py build")
    sys.stderr.write(f"\nseed {SEED}\n")
    with day(size, folder, SEED) as at_work:
        with sync_playwright() as playwright:  # while it is open, this thread can have no loop
            with hands_of(at_work, playwright, folder) as hands:
                outages = work(at_work, hands)
                for hand in hands:
                    all_sent(hand.page)
                    assert_at_rest(at_work.site, hand.page, hand.who)
                told = figures(at_work, hands, outages)
            told["board"] = on_the_board(at_work, playwright, folder)
        at_work.site.server.stop()
        asyncio.run(at_work.settle())
        assert_devices_agree(at_work)
        catch_up(at_work.store)  # what the server had no time to count before it went
        told["figures"] = [f.what for f in measure_findings(at_work.store.url)]
        told["lines_counted"] = int(scalar(at_work.store, LINES_COUNTED))
        books = read(at_work.store, at_work.opening, at_work.shelves.all(), at_work.shelves.lost)
        sys.stderr.write(json.dumps(told | of_the_books(books)) + "\n")
        return books, told


def assert_devices_agree(at_work: Day) -> None:
    for twin in at_work.twins:
        assert_every_operation_has_an_outcome(at_work.store, twin)
        assert_replica_is_a_fresh_snapshot(at_work.store, twin)
        assert_each_refusal_is_told_once(at_work.store, twin)
    assert_each_pick_moved_its_pieces_once(at_work.store)
    assert_goods_are_conserved(at_work.store)


def figures(at_work: Day, hands: list[Hand], outages: int) -> dict[str, Any]:
    return {
        "seed": SEED,
        "seconds": round(at_work.seconds),
        "upsets": dict(at_work.chief.done),
        "dead_zones": sum(p.times_away for p in at_work.pickers),
        "browsers_off_line": outages,
        "by_screen": [dict(hand.did) for hand in hands],
        "lost_before": sum(at_work.shelves.lost.values()),
    }


def on_the_board(at_work: Day, playwright: Playwright, folder: Path) -> dict[str, str]:
    """What the supervisor's screen says of the day's walk, held against the rows it has."""
    metres, s_shape = walked_today(at_work)
    desk = Device(playwright, at_work.site, folder / "desk", handheld=False, direct=True)
    try:
        page = desk.ready("supervisor")
        figure = page.get_by_test_id("figure-Walked today")
        expect(figure).to_have_text(f"{metres:,.0f} m")
        beside = figure.locator("..").locator(".detail")
        expect(beside).to_contain_text(f"S-shape: {s_shape:,.0f} m")
        return {"walked": figure.inner_text(), "s_shape": beside.inner_text()}
    finally:
        desk.close()


def walked_today(at_work: Day) -> tuple[float, float]:
    """Metres and S-shape metres of the hours since midnight."""
    found = "SELECT body FROM feed WHERE kind = 'walk' AND body IS NOT NULL"
    hours = [json.loads(r["body"]) for r in table(at_work.store, found)]
    midnight = dt.datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    today = [h for h in hours if h["hour"] >= midnight.timestamp() * 1000]
    assert today
    return sum(h["metres"] for h in today), sum(h["s_shape_metres"] for h in today)


def of_the_books(books: Books) -> dict[str, int]:
    """How much there was of what."""
    ops = Counter(f"{e['kind'].split('.')[1]} {e['outcome']}" for e in books.of("op"))
    states = Counter(f"order {o['state']}" for o in books.of("order"))
    tasks = Counter(f"task {t['kind']}" for t in books.of("task"))
    return dict(sorted((ops + states + tasks).items()))


@pytest.fixture(scope="module")
def small_day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Books, dict[str, Any]]:
    return the_whole_day(SMALL, tmp_path_factory.mktemp("day"))


@pytest.fixture
def books(small_day: tuple[Books, dict[str, Any]]) -> Books:
    return small_day[0]


def test_at_the_end_of_the_day_everything_adds_up_and_is_explained(
    small_day: tuple[Books, dict[str, Any]],
) -> None:
    books, told = small_day
    assert complaints(books) == []
    assert told["board"]["walked"] != "0 m"
    assert told["figures"] == [], "the dashboards follow from the log of the day"
    assert told["lines_counted"] >= 0.7 * len(books.of("order"))


def test_the_day_was_no_quiet_one(small_day: tuple[Books, dict[str, Any]]) -> None:
    books, told = small_day
    said = of_the_books(books)
    assert said["order picked"] >= 0.7 * len(books.of("order"))
    for kind in ("report_short", "skip_line", "undo_pick", "zero_check", "record_count"):
        assert said[f"{kind} applied"] > 0, said
    assert said["order cancelled"] > 0
    assert said["task putback"] > 0
    assert told["dead_zones"] > 0
    assert all(did["place"] >= 5 for did in told["by_screen"])
    assert told["lost_before"] > 0


def _pick(books: Books) -> Row:
    return next(m for m in books.of("movement") if m["why"] == "pick" and m["qty"] > 1)


def _stock(books: Books, bin_code: str, sku: str) -> Row:
    same = (bin_code, sku)
    return next(s for s in books.of("stock") if (s["bin"], s["sku"]) == same)


def a_movement_is_missing(books: Books) -> Books:
    return books.without("movement", _pick(books))


def a_line_is_picked_twice_behind_the_books(books: Books) -> Books:
    """The ledger agrees with itself: it was written down as if somebody had picked it again."""
    once = _pick(books)
    again = {**once, "n": once["n"] + 10_000_000}
    source, tote = (_stock(books, once[end], once["sku"]) for end in ("from_bin", "to_bin"))
    books = books.changed("stock", source, qty=source["qty"] - once["qty"])
    books = books.changed("stock", tote, qty=tote["qty"] + once["qty"])
    return books.besides("movement", again)


def an_order_is_hidden(books: Books) -> Books:
    return books.without("order", books.of("order")[7])


def an_order_was_never_finished(books: Books) -> Books:
    order = next(o for o in books.of("order") if o["state"] == "picked")
    return books.changed("order", order, state="picking")


def a_short_has_no_reason(books: Books) -> Books:
    done = {o["id"] for o in books.of("order") if o["state"] == "picked"}
    lines = [n for n in books.of("order_line") if n["order_id"] in done and n["picked"] < n["qty"]]
    asked = (lines[0]["order_id"], lines[0]["no"])
    for part in books.of("pick_line"):
        if (part["order_id"], part["order_line"]) == asked:
            books = books.changed("pick_line", part, reason=None)
    return books


def goods_vanish_from_a_shelf(books: Books) -> Books:
    place = next(s for s in books.of("stock") if s["qty"] > 0 and s["bin"].startswith("A"))
    there = {**books.there, (place["bin"], place["sku"]): place["qty"] - 1}
    return Books(books.rows, books.opening, there, {}, books.floor)


def a_put_back_was_never_brought_home(books: Books) -> Books:
    home = next(m for m in books.of("movement") if m["from_bin"] == "PUTBACK")
    shelf = _stock(books, home["to_bin"], home["sku"])
    books = books.changed("stock", shelf, qty=shelf["qty"] - home["qty"])
    return books.without("movement", home)


def an_operation_was_taken_twice(books: Books) -> Books:
    fact = next(e for e in books.of("op") if e["kind"] == "picking.confirm_pick")
    return books.besides("op", {**fact})


def metres_are_made_up(books: Books) -> Books:
    task = next(t for t in books.of("task") if t["kind"] == "pick" and t["state"] == "done")
    body = json.loads(task["body"])
    body["metres"] -= 20
    return books.changed("task", task, body=json.dumps(body))


@pytest.mark.parametrize(
    ("falsify", "complaint"),
    [
        (a_movement_is_missing, "stock:"),
        (a_line_is_picked_twice_behind_the_books, "order:"),
        (an_order_is_hidden, "order:"),
        (an_order_was_never_finished, "order:"),
        (a_short_has_no_reason, "order:"),
        (goods_vanish_from_a_shelf, "shelves:"),
        (a_put_back_was_never_brought_home, "put-back:"),
        (an_operation_was_taken_twice, "operation:"),
        (metres_are_made_up, "metres:"),
    ],
)
def test_falsified_books_are_complained_of(
    books: Books, falsify: Callable[[Books], Books], complaint: str
) -> None:
    assert [c for c in complaints(falsify(books)) if c.startswith(complaint)]


@pytest.mark.soak
def test_a_whole_real_day_by_twenty_pickers_and_two_browsers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its last figures stand in `docs/soak.md`."""
    with capsys.disabled():
        books, _ = the_whole_day(WHOLE, tmp_path)
    assert complaints(books) == []
