"""The driver's day without a network: what was entered survives, and arrives byte by byte."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from server.pod.ops import PlanRun
from tests.e2e.conftest import Device, Site, installed, scan
from tests.floor_site import Handheld, good, system, table
from tests.floor_work import pack_all, pick_all, state, take

Devices = Callable[..., Device]
FINE = dict.fromkeys(("hash", "signature", "clock", "chain", "place", "policy", "shown"), "ok")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "damage.jpg"
    Image.effect_noise((800, 600), 60).convert("RGB").save(path)
    return path


def on_the_road(site: Site, device: Device, count: int = 2) -> tuple[Page, list[str]]:
    """Orders aboard and departed, by the driver's own screens; their ids in stop order."""
    site.orders(count)
    return driven_off(site, device)


def driven_off(site: Site, device: Device) -> tuple[Page, list[str]]:
    """The same, of what stands in the wave that was released."""
    picker, packer = Handheld(site.store, "picker"), Handheld(site.store, "packer")
    open_tasks = "SELECT id FROM task WHERE kind = :k AND state = 'open'"
    while table(site.store, open_tasks, k="pick"):
        pick_all(picker, take(picker, "pick"))
    while table(site.store, open_tasks, k="pack"):
        pack_all(packer, take(packer, "pack"))
    good(system(site.store, "pod.plan_run.v1", PlanRun()))
    page = device.ready("driver")
    installed(page)
    page.get_by_test_id("take-next").click()
    page.get_by_test_id("load").click()
    expect(page.get_by_test_id("where")).to_be_visible()
    found = table(
        site.store,
        "SELECT s.order_id, l.parcel FROM stop s JOIN load l ON l.stop = s.id ORDER BY s.seq",
    )
    for row in found:
        scan(page, row["parcel"])
        expect(page.get_by_test_id(f"missing-{row['parcel']}")).to_be_hidden()
    page.get_by_test_id("depart").click()
    page.get_by_label("Vehicle plate").fill("YK21 ABC")
    page.get_by_test_id("depart-now").click()
    expect(page.get_by_test_id("next-stop")).to_be_visible()
    return page, [row["order_id"] for row in found]


def sign(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for i in range(1, 16):
        page.mouse.move(box["x"] + 40 + 14 * i, box["y"] + 60 + (30 if i % 2 else -30))
    page.mouse.up()


def refuse(page: Page, photo: Path) -> None:
    page.get_by_test_id("outcome-refused").click()
    page.get_by_role("button", name="Damaged").click()
    page.get_by_test_id("next").click()
    page.get_by_test_id("next").click()
    expect(page.get_by_test_id("lack-photo")).to_be_visible()
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator(".photo-strip img")).to_be_visible()
    expect(page.get_by_test_id("lack-photo")).to_be_hidden()
    page.get_by_test_id("next").click()


def proofs(site: Site) -> list[dict[str, Any]]:
    return table(site.store, "SELECT * FROM proof ORDER BY n")


def test_a_refusal_off_line_becomes_the_order_s_state_with_all_its_evidence(
    site: Site, devices: Devices, photo: Path, tmp_path: Path
) -> None:
    device = devices()
    page, (order_id, _) = on_the_road(site, device)
    expect(page.get_by_text("All sent")).to_be_visible()
    device.offline(True)
    page.get_by_test_id("next-stop").click()
    page.get_by_test_id("arrive").click()
    refuse(page, photo)
    sign(page)
    page.get_by_test_id("next").click()
    expect(page.get_by_test_id("place")).to_have_text("Within 12 m")
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("proof-state")).to_contain_text("Recorded on this device")
    assert proofs(site) == []

    device.offline(False)
    expect(page.get_by_test_id("proof-state")).to_contain_text("Sent with all evidence")
    assert state(site.store, order_id) == "refused"
    (proof,) = proofs(site)
    record = json.loads(proof["record"])
    assert json.loads(proof["verdicts"]) == FINE
    assert (record["outcome"], record["reason"]) == ("refused", "damaged")
    assert record["position"]["lat_e7"] == 525200080
    evidence = {ref.removeprefix("sha256:") for ref in (record["signature"], *record["photos"])}
    sealed = [path.read_bytes() for path in (tmp_path / "blobs").rglob("*.bin")]
    assert len(evidence) == 2
    assert {hashlib.sha256(data).hexdigest() for data in sealed} == evidence
