"""A round of twelve stops without a network, a battery that dies at the last tap, and all that then
stands at the server, on the desks, on paper and before a stranger (B5-B8, E4)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from server.cli import main
from server.documents.words import WORDS
from server.pod.checks import CHECKS
from server.pod.evidence import blob_refs
from server.store.blobs import sha256_of
from tests.documents.reading import pages, text_of
from tests.e2e.conftest import Device, Site
from tests.e2e.door import HOME, finish, open_again, records, verdicts
from tests.e2e.fire import assert_at_rest, disk, wait_until
from tests.e2e.round_work import GOODS, Round, north
from tests.e2e.test_driver import FINE, proofs
from tests.evidence_work import unpacked
from tests.floor_site import table
from tests.floor_work import state

Devices = Callable[..., Device]
STATES = {
    "TURNED": "delivered",
    "BROKEN": "part_delivered",
    "DAMAGED": "refused",
    "AWAY": "out_for_delivery",
    "PIN": "part_delivered",
    "LOOKED-AT": "delivered",
    "UNWANTED": "refused",
    "LOCKED": "out_for_delivery",
    "LACKING": "part_delivered",
    "WRONG": "refused",
    "SCANNED": "delivered",
    "LAST": "delivered",
}
RETURNS = {
    "BROKEN": ("carrier", "damaged", True),
    "DAMAGED": ("carrier", "damaged", True),
    "PIN": ("company", "wrong_goods", True),
    "UNWANTED": ("customer", "changed_mind", False),
    "LACKING": ("company", "missing", True),
    "WRONG": ("company", "wrong_goods", True),
}
"""Who answers for it, why, and whether the goods are sent again."""
PARTY = {"company": "us", "carrier": "the carrier", "customer": "the customer"}
PROOFS = len(GOODS) + 1
"""One of them was corrected."""


def dead_at_the_last_tap(on: Round) -> Page:
    """The battery dies with the finger still on the glass: it was recorded, or nothing of it is
    lost and one tap more records it."""
    on.page.get_by_test_id("finish").click()
    on.device.kill()
    page = open_again(on.device, offline=True)
    done = page.get_by_test_id("done-here").get_by_role("listitem")
    expect(done.nth(len(GOODS) - 2)).to_be_visible()
    told = done.count()
    page.get_by_test_id("continue").click()
    over, next_stop = page.get_by_test_id("returns-done"), page.get_by_test_id("next-stop")
    expect(over.or_(next_stop)).to_be_visible()
    assert next_stop.is_visible() is (told < len(GOODS)), "what is closed is told, and only that"
    if next_stop.is_visible():
        on.stand_at_the_door()  # the browser began anew, and with it where it thinks to be
        next_stop.click()
        finish(page)
    assert sum(op["k"] == "pod.deliver" for op in disk(page).ops) == PROOFS
    return page


def all_arrives(on: Round, page: Page) -> None:
    assert proofs(on.site) == []
    on.device.offline(False)
    wait_until(page, lambda: len(proofs(on.site)) == PROOFS, "all proofs are at the server")
    assert {ref: state(on.site.store, on.order(ref)) for ref in GOODS} == STATES
    found = records(on.site)
    assert [r["seq"] for r in found] == list(range(1, PROOFS + 1)), "nothing lost, nothing doubled"
    assert [r["prev"] for r in found[1:]] == [p["hash"] for p in proofs(on.site)[:-1]]
    for record, told in zip(found, verdicts(on.site), strict=True):
        policy = "relaxed" if record["relaxed"] else "ok"
        assert told == {k: v for k, v in FINE.items() if k in told} | {"policy": policy}
        seq = 1 + on.orders.index(record["order"])
        assert record["position"]["lat_e7"] == round(north(seq) * 1e7)
    assert sum(bool(r["relaxed"]) for r in found) == 1


def what_follows(on: Round) -> None:
    found = table(on.site.store, "SELECT * FROM rma ORDER BY number")
    assert {
        on.refs[r["order_id"]]: (r["party"], r["reason"], bool(r["reship"])) for r in found
    } == (RETURNS)
    assert len(found) == len(RETURNS)
    again = table(on.site.store, "SELECT id, replaces FROM orders WHERE replaces IS NOT NULL")
    assert {r["id"]: r["replaces"] for r in again} == {
        r["reship"]: r["order_id"] for r in found if r["reship"]
    }


def evidence_arrives(on: Round, page: Page) -> None:
    """What is kept is what was sealed, byte by byte, without a word of what the camera wrote."""
    named = {sha256_of(ref) for record in records(on.site) for ref in blob_refs(record)}
    complete = "SELECT sha256 FROM blob WHERE state = 'complete'"

    def is_here() -> bool:
        return {r["sha256"] for r in table(on.site.store, complete)} == named

    wait_until(page, is_here, "every signature and photo has come")
    kept = [path.read_bytes() for path in on.site.store.blobs.rglob("*") if path.is_file()]
    assert len(kept) >= len(named)
    assert HOME in on.photo.read_bytes()
    assert not any(HOME in data for data in kept)


def supervisor_sees(on: Round, desk: Page) -> None:
    desk.get_by_role("link", name="Runs", exact=True).click()
    words = {
        "delivered": "Delivered in full",
        "part_delivered": "Delivered in part",
        "refused": "Refused",
        "out_for_delivery": "Not delivered",
    }
    for ref, told in STATES.items():
        expect(desk.get_by_test_id(f"stop-{on.number(ref)}")).to_contain_text(words[told])
    expect(desk.get_by_test_id("run-1").get_by_role("progressbar")).to_have_attribute(
        "aria-valuenow", "12"
    )
    desk.get_by_role("link", name="Problems").click()
    for kind, count in (
        ("Only a part was delivered", 3),
        ("The customer refused the delivery", 3),
        ("Delivery failed", 2),
    ):
        expect(desk.locator(".problem", has_text=kind)).to_have_count(count)


def service_sees(on: Round, desk: Page, ref: str) -> None:
    """One order's story with the proof, its place and what followed from it."""
    desk.goto(f"{on.device.url}/#/service/order/{on.order(ref)}")
    expect(desk.get_by_role("heading", name=on.number(ref)).first).to_be_visible()
    words = {"part_delivered": "Part delivered", "out_for_delivery": "Out for delivery"}
    said = words.get(STATES[ref], STATES[ref].title())
    expect(desk.get_by_test_id("state")).to_have_text(said)
    for name in CHECKS:
        found = "none" if (ref, name) == ("UNWANTED", "files") else "ok"
        expect(desk.locator(f"[data-check='{name}.{found}']").first).to_be_visible()
    told = desk.locator("[data-testid^=rma-]")
    expect(told).to_have_count(int(ref in RETURNS))
    if ref in RETURNS:
        who, _, again = RETURNS[ref]
        expect(told).to_contain_text(PARTY[who])
        link = told.get_by_role("link", name=f"{on.number(ref)}/R1")
        expect(link).to_have_count(int(again))


def receipts_print(on: Round, desk: Page, ref: str, folder: Path) -> None:
    """The proofs of the order on show, the newest first: drawn, and their words read back."""
    kept = [p for p in proofs(on.site) if p["order_id"] == on.order(ref)]
    links = desk.get_by_role("link", name="Receipt")
    expect(links).to_have_count(len(kept))
    for proof, link in zip(reversed(kept), links.all(), strict=True):
        answer = desk.context.request.get(f"{on.device.url}{link.get_attribute('href')}")
        assert answer.status == 200, answer.text()
        pdf = answer.body()
        assert HOME not in pdf
        pages(pdf, dpi=80)[0].save(folder / f"receipt-{ref}-{proof['n']}.png")
        assert_says(text_of(pdf), on, ref, proof)


def assert_says(text: str, on: Round, ref: str, proof: dict[str, Any]) -> None:
    record, words = json.loads(proof["record"]), WORDS["en"]
    goods = [line["sku"] for line in record["lines"]]
    place = f"{north(1 + on.orders.index(record['order'])):.6f}, "
    standing = [words["superseded"]] if proof["superseded"] else []
    why = [words[f"why_{record['reason']}"]] if record["reason"] else []
    said = [on.number(ref), words[record["outcome"]], record["receiver"], place, *why, *goods]
    said += standing
    assert [part for part in said if part not in text] == [], text
    assert " ".join(proof["hash"][i : i + 4] for i in range(0, 16, 4)) in text


def dispute_is_decided(
    on: Round, desk: Page, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The order with PIN and correction, as customer service hands it out."""
    service_sees(on, desk, "PIN")
    fingerprint = desk.get_by_test_id("fingerprint").inner_text()
    pack, page = folder / "evidence.zip", folder / "verify.html"
    for link, path in (("dispute-pack", pack), ("verifier", page)):
        with desk.expect_download() as download:
            desk.get_by_test_id(link).click()
        download.value.save_as(path)
    capsys.readouterr()
    assert main(["pod", "verify", str(pack), "--key", fingerprint, "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (told["holds"], told["absent"]) == (True, [])
    files = unpacked(pack.read_bytes())
    assert not any(HOME in data for data in files.values())
    first, second = (json.loads(files[f"records/000{n}.json"])["record"] for n in (1, 2))
    assert (first["v"], first["pin"], first["pin_tries"]) == (2, "ok", 2)
    assert second["corrects"] == json.loads(files["records/0001.json"])["hash"]
    for record, kept in ((first, "2 × MUG"), (second, "1 × MUG")):
        assert record["policy"]
        assert kept in files[f"shown/{record['shown']}.txt"].decode()
    stranger = desk.context.new_page()
    stranger.goto(page.as_uri())
    stranger.locator("#pack").set_input_files(pack)
    stranger.locator("#key").fill(fingerprint)
    stranger.locator("#ask button").click()
    expect(stranger.locator("[data-state=holds]")).to_be_visible()
    expect(stranger.locator(".record")).to_have_count(2)
    expect(stranger.get_by_text("A later record corrects this one.")).to_be_visible()
    expect(stranger.get_by_text("The receiver said the PIN")).to_have_count(2)
    for kept in ("2 × MUG; 1 × LAMP", "1 × MUG; 1 × LAMP"):
        expect(stranger.get_by_text(f"{kept}.”")).to_be_visible()
    stranger.close()


def test_a_round_of_twelve_stops_stands_at_the_desks_on_paper_and_before_a_stranger(
    site: Site, devices: Devices, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    on = Round.begin(site, devices(), tmp_path)
    on.drive()
    assert sorted(on.done) == sorted(GOODS)
    page = dead_at_the_last_tap(on)
    all_arrives(on, page)
    what_follows(on)
    evidence_arrives(on, page)
    assert_at_rest(site, page, who="driver")
    desk = devices(handheld=False)
    seen = desk.ready("supervisor")
    supervisor_sees(on, seen)
    seen.goto(f"{desk.url}/#/settings")
    seen.get_by_role("button", name="Sign out").click()
    desk.sign_in(seen, "service")
    for ref in GOODS:
        service_sees(on, seen, ref)
        receipts_print(on, seen, ref, tmp_path)
    dispute_is_decided(on, seen, tmp_path, capsys)
