"""A supervisor runs a report, narrows it, takes it home as a file, builds one and has it sent."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from server.auth.pins import hash_pin
from server.auth.tables import person
from server.insights.reports.ops import ScheduleReport, Sending
from server.insights.reports.when import Rhythm
from tests.e2e.conftest import PIN, Device, Site
from tests.floor_site import SITE, Handheld, order, table
from tests.floor_work import APPLIED

Devices = Callable[..., Device]


def go(page: Page, path: str) -> None:
    page.evaluate(f"location.hash = '#{path}'")


def test_a_report_is_run_narrowed_and_taken_home(site: Site, devices: Devices) -> None:
    for ref, lines in (("R-1", {"MUG": 2}), ("R-2", {"MUG": 1, "TEE": 3})):
        order(site.store, ref, **lines)
    page = devices(handheld=False).ready("supervisor")
    page.get_by_role("link", name="Reports").click()
    page.get_by_text("Sales by item").click()
    page.get_by_label("Period", exact=True).select_option("all")
    rows = page.get_by_test_id("report-table").get_by_role("row")
    expect(rows).to_have_count(3)
    page.locator("summary", has_text="Filters").click()
    page.get_by_test_id("add-filter").click()
    page.get_by_label("Filter 1", exact=True).select_option("sku")
    page.get_by_label("Value", exact=True).fill("TEE")
    page.get_by_test_id("show-report").click()
    expect(rows).to_have_count(2)
    assert "where=sku%3Ais%3ATEE" in page.url
    page.reload()
    expect(rows).to_have_count(2)
    with page.expect_download() as taken:
        page.get_by_test_id("export-xlsx").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes()))
    assert [cell.value for cell in book.active[2]][:4] == ["TEE", "TEE", "GBP", 3]
    used = table(site.store, "SELECT what FROM report_use WHERE what = 'export'")
    assert len(used) == 1


def test_where_another_was_quicker_both_schedules_are_shown(site: Site, devices: Devices) -> None:
    boss = {"id": "admin", "badge": "B-admin", "name": "Boss", "role": "admin", "site": SITE}
    row = person.insert().values(**boss, pin_hash=hash_pin(PIN))
    site.store.run_sync(lambda tx: tx.conn.execute(row))
    chief = Handheld(site.store, "supervisor", "other-desk")
    sending = Sending(rhythm=Rhythm(), to=["boss@example.com"])
    planned = ScheduleReport(report="sales", sending=sending)
    page = devices(handheld=False).ready("admin")
    assert chief.say("reports.schedule_report.v1", planned) == APPLIED
    go(page, "/reports/schedules")
    page.get_by_role("button", name="Change how “Sales by day” is sent").click()
    (made,) = table(site.store, "SELECT id FROM report_schedule")
    theirs = Sending(rhythm=Rhythm(every="week", on=5), to=["boss@example.com"], format="pdf")
    planned = ScheduleReport(report="sales", sending=theirs, schedule=made["id"], seen=1)
    assert chief.say("reports.schedule_report.v1", planned) == APPLIED
    page.get_by_label("Recipients", exact=True).fill("me@example.com")
    page.get_by_test_id("save-schedule").click()
    newer = page.get_by_test_id("newer")
    expect(newer.get_by_role("row", name="How often")).to_contain_text("Every week, Fri")
    expect(newer.get_by_role("row", name="File Excel PDF")).to_be_visible()
    expect(page.get_by_test_id("save-schedule")).to_be_disabled()
    page.get_by_role("button", name="Go on with mine").click()
    page.get_by_test_id("save-schedule").click()
    expect(newer).to_be_hidden()
    expect(page.get_by_text("me@example.com")).to_be_visible()
    (kept,) = table(site.store, "SELECT revision, body FROM report_schedule")
    assert kept["revision"] == 3
    assert '"day"' in kept["body"]


def test_a_report_is_built_saved_and_scheduled_by_keyboard(site: Site, devices: Devices) -> None:
    order(site.store, "R-1", MUG=2)
    page = devices().ready("supervisor")
    go(page, "/reports/build")
    page.get_by_test_id("add-group").click()
    page.get_by_label("Group 1", exact=True).select_option("state")
    for _ in range(3):
        page.get_by_role("button", name="Remove column 2").click()
    page.get_by_label("Column 1", exact=True).fill("sum(pieces")
    page.get_by_test_id("preview").click()
    expect(page.get_by_role("alert")).to_contain_text("after character 10")
    page.get_by_label("Column 1", exact=True).fill("sum(pieces) / count()")
    page.get_by_label("Period", exact=True).select_option("all")
    page.get_by_test_id("preview").click()
    expect(page.get_by_test_id("report-table")).to_contain_text("Confirmed")
    page.get_by_label("Name of the report", exact=True).fill("Pieces an order")
    page.get_by_label("Name of the report", exact=True).press("Tab")
    page.keyboard.press("Enter")
    page.locator("[data-testid^=report-]", has_text="Pieces an order").click()
    page.get_by_role("button", name="Send by mail").click()
    page.get_by_label("Recipients", exact=True).fill("boss@example.com")
    page.get_by_test_id("save-schedule").click()
    expect(page.get_by_test_id("save-schedule")).to_be_hidden()
    go(page, "/reports/schedules")
    expect(page.get_by_text("boss@example.com")).to_be_visible()
    page.get_by_role("button", name="Change how “Pieces an order” is sent").click()
    page.get_by_label("Recipients", exact=True).fill("ann@example.com")
    page.get_by_test_id("save-schedule").click()
    expect(page.get_by_text("ann@example.com")).to_be_visible()
    expect(page.get_by_text("boss@example.com")).to_be_hidden()
    page.get_by_role("button", name="End sending “Pieces an order”").click()
    expect(page.get_by_text("Nothing is sent yet")).to_be_visible()
