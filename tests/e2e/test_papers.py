"""Papers that hold an order at the dock: seen, issued, attached and waived, until it may go."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from server.catalog.ops import PutSetting
from server.pod.ops import PlanRun
from tests.carrier_work import packed
from tests.documents.reading import text_of
from tests.e2e.conftest import Device, Site, installed, scan
from tests.e2e.test_bench_and_walk import type_digits
from tests.e2e.test_packing_bench import MUG, start, to_the_bench
from tests.floor_site import good, order, scalar, system

Devices = Callable[..., Device]
RULES = [
    {"papers": ["commercial_invoice", "export_declaration"], "countries": ["GB"], "why": "Customs"},
    {"papers": ["safety_notes"], "skus": ["MUG"], "why": "Mugs are sharp when they break"},
]
DECLARATION = b"%PDF-1.7 declared %%EOF"


@pytest.fixture
def held(site: Site) -> tuple[str, str, str]:
    """A packed order on a run that lacks three papers: its id, number and parcel."""
    made = order(site.store, "R-1", MUG=2)
    packed(site.store)
    good(system(site.store, "pod.plan_run.v1", PlanRun()))
    rules = PutSetting(key="paperwork", value={"rules": RULES})
    good(system(site.store, "catalog.put_setting.v1", rules))
    number = scalar(site.store, "SELECT number FROM orders")
    return made, str(number), str(scalar(site.store, "SELECT number FROM parcel"))


def state_of(page: Page, paper: str, word: str) -> None:
    expect(page.get_by_test_id(f"wanted-{paper}").get_by_text(word, exact=True)).to_be_visible()


def attach(page: Page, paper: str, file: Path, number: str) -> None:
    page.get_by_test_id(f"attach-{paper}").first.click()
    page.get_by_test_id("attach-save").click()
    expect(page.get_by_text("Choose the file first.")).to_be_visible()
    page.locator("dialog input[type=file]").set_input_files(file)
    expect(page.get_by_test_id("file")).to_have_text(file.name)
    page.get_by_label("Number on it").fill(number)
    page.get_by_test_id("attach-save").click()


def test_customer_service_sees_to_the_papers_and_the_driver_may_load(
    devices: Devices, held: tuple[str, str, str], tmp_path: Path
) -> None:
    _, number, parcel = held
    driver = devices()
    van = driver.ready("driver")
    installed(van)
    van.get_by_test_id("take-next").click()
    van.get_by_test_id("load").click()
    scan(van, parcel)
    lacks = "Papers of stop 1: Commercial invoice, Export declaration, Safety notes"
    expect(van.get_by_text(lacks)).to_be_visible()
    van.get_by_role("button", name="Back").last.click()

    desk = devices(handheld=False).ready("service")
    desk.get_by_role("link", name="Papers").click()
    desk.get_by_test_id(f"lacking-{number}").click()
    expect(desk.get_by_test_id("gate")).to_contain_text("stay at the dock")
    expect(desk.get_by_text("Mugs are sharp when they break")).to_be_visible()

    desk.get_by_test_id("issue-commercial_invoice").first.click()
    state_of(desk, "commercial_invoice", "Ready")
    link = desk.get_by_test_id(f"print-{number}-CI-1")
    printed = desk.request.get(str(link.evaluate("a => a.href")))
    assert "Commercial invoice" in text_of(printed.body())
    expect(desk.get_by_text(f"Commercial invoice issued: {number}-CI-1")).to_be_visible()

    paper = tmp_path / "declaration.pdf"
    paper.write_bytes(DECLARATION)
    attach(desk, "export_declaration", paper, "EX-1")
    state_of(desk, "export_declaration", "Ready")
    sent = desk.get_by_test_id("paper-export_declaration").get_by_role("link")
    kept = desk.request.get(str(sent.evaluate("a => a.href")))
    assert kept.body() == DECLARATION
    assert kept.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in kept.headers["content-security-policy"]

    desk.get_by_test_id("waive-safety_notes").click()
    desk.get_by_label("Reason").fill("They are of steel")
    desk.get_by_test_id("decide").click()
    expect(desk.get_by_test_id("gate")).to_have_text("All papers are ready.")
    expect(desk.get_by_text("Not needed for this order: Safety notes")).to_be_visible()

    scan(van, parcel)
    expect(van.get_by_test_id(f"missing-{parcel}")).to_be_hidden()
    expect(van.get_by_text("Papers are missing")).to_be_hidden()


def test_a_packer_attaches_a_picture_and_a_wrong_file_is_told(
    devices: Devices, held: tuple[str, str, str], tmp_path: Path
) -> None:
    page = devices().ready("packer")
    page.get_by_test_id("papers").click()
    page.get_by_test_id(f"lacking-{held[1]}").click()
    expect(page.get_by_test_id("waive-safety_notes")).to_be_hidden()
    page.get_by_test_id("attach-safety_notes").first.click()
    wrong = tmp_path / "notes.txt"
    wrong.write_text("no picture")
    page.locator("dialog input[type=file]").set_input_files(wrong)
    expect(page.get_by_text("neither a PDF nor a picture")).to_be_visible()
    right = tmp_path / "notes.jpg"
    Image.effect_noise((400, 300), 60).convert("RGB").save(right)
    page.locator("dialog input[type=file]").set_input_files(right)
    expect(page.get_by_test_id("file")).to_have_text("notes.jpg")
    page.get_by_test_id("attach-save").click()
    state_of(page, "safety_notes", "Ready")
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 cut off")
    attach(page, "export_declaration", broken, "")
    expect(page.get_by_text("The file could not be used. Attach it again.")).to_be_visible()
    state_of(page, "export_declaration", "Missing")


def test_the_last_label_tells_the_packer_which_papers_are_missing(
    site: Site, devices: Devices
) -> None:
    rules = PutSetting(key="paperwork", value={"rules": [{"papers": ["packing_list"]}]})
    good(system(site.store, "catalog.put_setting.v1", rules))
    to_the_bench(site, MUG=1)
    page = start(devices())
    scan(page, MUG)
    page.get_by_test_id("quality-ok").click()
    type_digits(page, "1")
    page.get_by_test_id("close-parcel").click()
    prompt = page.get_by_test_id("papers-prompt")
    expect(prompt).to_contain_text("Still missing: Packing list.")
    prompt.get_by_role("button").click()
    page.get_by_test_id("issue-packing_list").first.click()
    expect(page.get_by_test_id("gate")).to_have_text("All papers are ready.")
