"""Reports over HTTP: who sees what, what is refused with which code, that use is written down."""

import io
import json
import time
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
import sqlalchemy as sa

from server.catalog.ops import PutSetting
from server.insights.reports.fields import Dataset
from server.insights.reports.running import Reporting, within
from server.insights.reports.standard import STANDARD
from server.insights.reports.work_datasets import DATASETS
from server.kernel.errors import Refusal
from tests.asked import Asked, Browser, code_of
from tests.documents.reading import text_of
from tests.floor_site import good, scalar, system, table

pytestmark = pytest.mark.anyio


async def preview(who: Browser, spec: dict[str, Any], **asked: Any) -> Any:
    body = json.dumps({"spec": spec, "asked": {"period": "all", **asked}}).encode()
    return await who.ask("POST", "/api/reports/preview", body, content_type="application/json")


async def rows(who: Browser, spec: dict[str, Any], **asked: Any) -> list[list[Any]]:
    answer = await preview(who, spec, **asked)
    assert answer.status_code == 200, answer.text
    found: list[list[Any]] = answer.json()["rows"]
    return found


def spec(dataset: str, *formulas: str, **more: Any) -> dict[str, Any]:
    return {"dataset": dataset, "columns": [{"formula": f} for f in formulas], **more}


async def test_every_ready_report_runs_in_every_language(site: Asked) -> None:
    chief = site.browser("supervisor")
    for name in STANDARD:
        for lang in ("en", "zh-Hans", "zh-Hant"):
            answer = await chief.ask("GET", f"/api/reports/{name}/table?period=all&lang={lang}")
            assert answer.status_code == 200, answer.text


async def test_every_field_can_be_shown_grouped_and_added_up_as_it_says(site: Asked) -> None:
    boss = site.browser("admin")
    for dataset in DATASETS.values():
        names = list(dataset.fields)
        await rows(boss, spec(dataset.name, *names[:20]))
        for some in (names[:7], names[7:14], names[14:]):
            await rows(boss, spec(dataset.name, *_totals(dataset, some)[:20], **_money(dataset)))
            groups = [{"field": n, "part": p} for n in some for p in dataset.fields[n].parts]
            for at in range(0, len(groups), 4):
                await rows(boss, spec(dataset.name, "count()", groups=groups[at : at + 4]))


def _totals(dataset: Dataset, names: list[str]) -> list[str]:
    return [f"{total}({n})" for n in names for total in dataset.fields[n].totals] or ["count()"]


def _money(dataset: Dataset) -> dict[str, Any]:
    return {"groups": [{"field": dataset.currency}]} if dataset.currency else {}


async def test_a_report_adds_up_what_is_there(site: Asked) -> None:
    grouped = spec(
        "lines",
        "sum(ordered)",
        "sum(amount)",
        "sum(ordered) / count()",
        "sum(picked) / sum(shipped)",
        groups=[{"field": "sku"}, {"field": "currency"}],
        sort=[{"by": 2, "down": True}],
    )
    assert await rows(site.browser("supervisor"), grouped) == [
        ["MUG", "GBP", 4, 10.0, 2.0, None],
        ["TEE", "GBP", 2, 5.0, 2.0, None],
    ]


BY_ORDER: dict[str, Any] = spec(
    "lines",
    "sum(ordered)",
    "sum(amount)",
    "sum(ordered) / count()",
    groups=[{"field": "number"}, {"field": "sku"}, {"field": "currency"}],
    subtotals=True,
)


async def test_sub_totals_are_of_the_rows_and_not_of_their_figures(site: Asked) -> None:
    """What is divided is divided anew; amounts of several currencies are not added up."""
    answer = (await preview(site.browser("supervisor"), BY_ORDER)).json()
    (first, _, *_), *_ = answer["rows"]
    assert [row[1:] for row in answer["rows"]] == [
        ["MUG", "GBP", 3, 7.5, 3.0],
        ["TEE", "GBP", 2, 5.0, 2.0],
        ["MUG", "GBP", 1, 2.5, 1.0],
    ]
    sums = [(s["after"], s["depth"], s["cells"][:2], s["cells"][3:]) for s in answer["sums"]]
    assert sums == [
        (1, 1, [first, None], [5, None, 2.5]),
        (2, 0, [None, None], [6, None, 2.0]),
    ]
    pounds = {"filters": [{"field": "currency", "op": "is", "values": ["GBP"]}]}
    answer = (await preview(site.browser("supervisor"), BY_ORDER | pounds)).json()
    assert answer["sums"][-1]["cells"] == [None, None, None, 6, 15.0, 2.0]


async def test_rows_with_sub_totals_stand_by_their_groups_whatever_they_are_sorted_by(
    site: Asked,
) -> None:
    by_pieces = BY_ORDER | {"sort": [{"by": 3, "down": False}, {"by": 0, "down": True}]}
    found = await rows(site.browser("supervisor"), by_pieces)
    assert [row[3] for row in found] == [1, 3, 2]
    one = BY_ORDER | {"limit": 1}
    answer = (await preview(site.browser("supervisor"), one)).json()
    assert (len(answer["rows"]), answer["more"]) == (1, True)
    assert answer["sums"][-1]["cells"][3] == 6  # of everything, also of what is not shown


async def test_a_field_is_kept_from_a_role_in_sub_totals_too(alone: Asked) -> None:
    phones = spec("orders", "count()", groups=[{"field": "phone"}, {"field": "state"}])
    answer = await preview(alone.browser("supervisor"), phones | {"subtotals": True})
    assert code_of(answer) == "report_hidden_field"


@pytest.mark.parametrize(
    ("where", "refs"),
    [
        ({"field": "pieces", "op": "above", "values": ["2"]}, 1),
        ({"field": "pieces", "op": "is", "values": ["1", "5"]}, 2),
        ({"field": "country", "op": "not", "values": ["GB"]}, 0),
        ({"field": "customer", "op": "contains", "values": ["CORNER"]}, 2),
        ({"field": "customer", "op": "contains", "values": ["%"]}, 0),
        ({"field": "customer", "op": "is", "values": ["x' OR '1'='1"]}, 0),
        ({"field": "delivered_at", "op": "is", "values": [""]}, 2),
        ({"field": "placed_at", "op": "is", "values": ["2023-11-14"]}, 2),
        ({"field": "placed_at", "op": "above", "values": ["2023-11-14"]}, 0),
        ({"field": "open", "op": "is", "values": ["1"]}, 2),
    ],
)
async def test_filters_keep_what_fits(site: Asked, where: dict[str, Any], refs: int) -> None:
    found = await rows(site.browser("supervisor"), spec("orders", "number", filters=[where]))
    assert len(found) == refs


async def test_days_are_those_of_the_sites_clock(site: Asked) -> None:
    """The orders were placed at 22:13 on 14 November in UTC."""
    days = spec("orders", "count()", groups=[{"field": "placed_at", "part": "day"}])
    assert await rows(site.browser("supervisor"), days) == [["2023-11-14", 2]]
    rules = PutSetting(key="promises", value={"timezone": "Asia/Shanghai"})
    good(system(site.store, "catalog.put_setting.v1", rules))
    chief = site.browser("supervisor")
    assert await rows(chief, days) == [["2023-11-15", 2]]
    parts = ("week", "month", "weekday", "hour")
    found = await rows(
        chief,
        spec("orders", "count()", groups=[{"field": "placed_at", "part": p} for p in parts]),
    )
    assert found == [["2023-11-13", "2023-11", 3, 6, 2]]
    assert await rows(chief, days, period="", start="2023-11-14", end="2023-11-14") == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (spec("secrets", "number"), "report_unknown_dataset"),
        (spec("orders", "pin_hash"), "report_unknown_field"),
        (spec("orders", "number; drop"), "report_bad_formula"),
        (spec("orders", "sum(pieces"), "report_formula_ends"),
        (spec("orders", "sum(number)"), "report_wrong_kind_of_field"),
        (spec("orders", "number + 1"), "report_wrong_kind_of_field"),
        (spec("orders", "number", "count()"), "report_mixes_rows_and_totals"),
        (spec("orders", "7", groups=[{"field": "state"}]), "report_mixes_rows_and_totals"),
        (spec("orders", "sum(total)"), "report_needs_currency"),
        (spec("orders", "count()", groups=[{"field": "placed_at"}]), "report_wrong_kind_of_field"),
        (spec("orders", "number", sort=[{"by": 1}]), "report_bad_sort"),
        (spec("orders", "number", chart="bar"), "report_bad_chart"),
        (spec("orders", "count()", groups=[{"field": "state"}], chart="heat"), "report_bad_chart"),
        (
            spec("orders", "number", filters=[{"field": "pieces", "op": "is", "values": ["x"]}]),
            "report_bad_filter",
        ),
        (
            spec("orders", "number", filters=[{"field": "pieces", "op": "contains"}]),
            "report_bad_filter",
        ),
        (spec("orders", "count()", subtotals=True), "report_needs_groups"),
        (spec("orders", "number", limit=0), "malformed"),
        (spec("orders", *["number"] * 21), "malformed"),
        (spec("orders", "(" * 90 + "pieces" + ")" * 90), "report_bad_formula"),
    ],
)
async def test_what_does_not_hold_together_is_refused(
    alone: Asked, wrong: dict[str, Any], code: str
) -> None:
    answer = await preview(alone.browser("admin"), wrong)
    assert (answer.status_code // 100, code_of(answer)) == (4, code)


@pytest.mark.parametrize(
    ("role", "field", "may"),
    [
        ("supervisor", "phone", False),
        ("service", "phone", True),
        ("admin", "phone", True),
        ("supervisor", "total", True),
    ],
)
async def test_a_field_is_kept_from_a_role_on_the_server(
    alone: Asked, role: str, field: str, may: bool
) -> None:
    """In a column, in a formula, as a group and as a filter alike."""
    who = alone.browser(role)
    ways = [spec("orders", field), spec("orders", "number", filters=[{"field": field}])]
    if field == "phone":
        ways += [
            spec("orders", f"count({field})"),
            spec("orders", "count()", groups=[{"field": field}]),
        ]
    for way in ways:
        answer = await preview(who, way)
        assert (answer.status_code == 200) is may, answer.text
        assert may or code_of(answer) == "report_hidden_field"
    where = quote(f"{field}:is:")
    asked = await who.ask("GET", f"/api/reports/late-orders/table?where={where}")
    assert (asked.status_code == 200) is may


async def test_the_site_says_who_sees_what(alone: Asked) -> None:
    good(
        system(
            alone.store,
            "catalog.put_setting.v1",
            PutSetting(key="reports", value={"money": ["admin"], "shown": 10}),
        )
    )
    chief = alone.browser("supervisor")
    answer = await chief.ask("GET", "/api/reports/sales/table")
    assert code_of(answer) == "report_hidden_field"
    listed = (await chief.ask("GET", "/api/reports")).json()
    (sales,) = [r for r in listed["reports"] if r["id"] == "sales"]
    assert (sales["may"], sales["why"]) == (False, "report_hidden_field")
    (orders,) = [d for d in listed["datasets"] if d["name"] == "orders"]
    assert {f["name"] for f in orders["fields"] if not f["may"]} == {"total", "phone", "email"}


@pytest.mark.parametrize("role", ["picker", "packer", "driver"])
async def test_the_floor_has_no_reports(alone: Asked, role: str) -> None:
    hand = alone.browser(role)
    for path in ("/api/reports", "/api/reports/sales/table", "/api/reports/sales/file"):
        assert code_of(await hand.ask("GET", path)) == "not_allowed"
    assert code_of(await preview(hand, spec("orders", "number"))) == "not_allowed"


async def test_a_report_of_another_site_is_empty_here(site: Asked) -> None:
    other = site.browser("admin", site="elsewhere")
    assert await rows(other, spec("orders", "number")) == []
    assert await rows(other, spec("operations", "operation"), period="all") != [["x"]]
    assert await rows(other, spec("stock", "sku")) == []


async def test_files_are_given_with_their_kind_and_filters(alone: Asked) -> None:
    chief = alone.browser("supervisor")
    where = "period=all&where=" + quote("channel:is:EC")
    path = f"/api/reports/order-status/file?{where}"
    got = await chief.ask("GET", f"{path}&format=csv&lang=zh-Hans")
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    assert got.headers["content-disposition"] == 'attachment; filename="order-status.csv"'
    assert got.content.decode("utf-8-sig").splitlines()[0].startswith("状态,订单")
    book = openpyxl.load_workbook(
        io.BytesIO((await chief.ask("GET", f"{path}&format=xlsx")).content)
    )
    (state, count, *_), *_ = list(book.active.iter_rows(min_row=2, values_only=True))
    assert (state, count) == ("Confirmed", 2)
    pdf = (await chief.ask("GET", f"{path}&format=pdf")).content
    assert "Order status" in text_of(pdf)
    assert "Confirmed" in text_of(pdf)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("format=exe", "malformed"),
        ("period=never", "malformed"),
        ("start=2026-02-30", "report_bad_period"),
        ("where=state", "malformed"),
        ("where=state:like:x", "malformed"),
        ("lang=fr", "malformed"),
    ],
)
async def test_a_bad_question_is_named(alone: Asked, query: str, code: str) -> None:
    answer = await alone.browser("supervisor").ask("GET", f"/api/reports/sales/file?{query}")
    assert (answer.status_code // 100, code_of(answer)) == (4, code)


async def test_a_query_that_takes_too_long_is_given_up_and_harms_nobody(site: Asked) -> None:
    reporting, slow = Reporting(site.store.url), _SLOW[site.store.is_sqlite]

    def wait(conn: sa.Connection) -> None:
        with within(conn, 0.2):
            conn.execute(sa.text(slow)).all()

    began = time.monotonic()
    with pytest.raises(Refusal, match="report_too_slow"):
        await reporting.run(wait)
    assert time.monotonic() - began < 10
    assert await reporting.run(lambda conn: conn.execute(sa.text("SELECT 1")).all()) == [(1,)]
    reporting.close()


_SLOW = {
    True: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    False: "SELECT pg_sleep(60)",
}


async def test_the_same_query_is_answered_where_it_has_the_time(site: Asked) -> None:
    """The twin: it is the limit that ends it, and nothing else."""
    reporting, long = Reporting(site.store.url), _LONG[site.store.is_sqlite]

    def wait(conn: sa.Connection, seconds: float) -> int:
        with within(conn, seconds):
            return len(conn.execute(sa.text(long)).all())

    with pytest.raises(Refusal, match="report_too_slow"):
        await reporting.run(lambda conn: wait(conn, 0.05))
    assert await reporting.run(lambda conn: wait(conn, 60)) == 1
    reporting.close()


_LONG = {
    True: _SLOW[True].replace("FROM n)", "FROM n WHERE i < 1000000)"),
    False: "SELECT pg_sleep(0.5)",
}


async def test_a_report_cannot_write(site: Asked) -> None:
    reporting = Reporting(site.store.url)

    def write(conn: sa.Connection) -> None:
        with within(conn, 5):
            conn.execute(sa.text("UPDATE orders SET state = 'draft'"))

    with pytest.raises(sa.exc.DBAPIError):
        await reporting.run(write)
    reporting.close()
    assert scalar(site.store, "SELECT count(*) FROM orders WHERE state = 'draft'") == 0


async def test_more_rows_than_fit_are_said_to_be_there(alone: Asked) -> None:
    answer = await preview(alone.browser("supervisor"), spec("lines", "sku", limit=2))
    assert (len(answer.json()["rows"]), answer.json()["more"]) == (2, True)


async def test_who_used_which_report_with_which_filters_is_for_administrators(site: Asked) -> None:
    chief, boss = site.browser("supervisor"), site.browser("admin")
    await chief.ask("GET", "/api/reports/sales/table?period=today")
    await chief.ask("GET", f"/api/reports/sales/file?format=pdf&where={quote('state:is:packed')}")
    assert code_of(await chief.ask("GET", "/api/reports/uses")) == "not_allowed"
    export, run = (await boss.ask("GET", "/api/reports/uses")).json()
    assert (run["what"], run["name"], run["by"]) == ("run", "Sales by day", "P-B1")
    assert json.loads(run["detail"]) == {"period": "today"}
    wanted = {"field": "state", "op": "is", "values": ["packed"]}
    assert json.loads(export["detail"]) == {"filters": [wanted], "format": "pdf"}
    logged = table(site.store, "SELECT person FROM op WHERE kind = 'reports.note_use'")
    assert [r["person"] for r in logged] == ["p-b1", "p-b1"]


async def test_a_refused_report_is_no_use_of_it(alone: Asked) -> None:
    await preview(alone.browser("supervisor"), spec("orders", "phone"))
    assert (await alone.browser("admin").ask("GET", "/api/reports/uses")).json() == []
