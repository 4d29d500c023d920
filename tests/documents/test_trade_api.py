"""Papers of trade over HTTP: issued from real work, kept byte for byte, by who may."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.catalog.ops import PutItem, PutSetting
from server.documents.trade.templates import folder_of
from server.orders.ops import CancelOrder
from server.pod.loading import ReportLoad
from server.pod.ops import PlanRun
from server.pod.paperwork.ops import AttachPaper
from tests.asked import Asked, Browser, asking, code_of
from tests.documents.reading import text_of
from tests.floor_site import Handheld, good, order, scalar, system, table
from tests.floor_work import APPLIED, lines, pack_all, take
from tests.packing_work import Bench, furnish
from tests.picking_work import finish, in_hand, pick, short
from tests.stores import open_store
from tests.sync.blob_wire import jpeg, send, sha

pytestmark = pytest.mark.anyio
GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "documents.md"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store("sqlite", tmp_path) as store:
        furnish(store)
        async with asking(store, tmp_path) as asked:
            yield asked


async def issue(who: Browser, order_id: str, paper: str, lang: str = "en") -> Any:
    body = json.dumps({"paper": paper, "lang": lang}).encode()
    path = f"/documents/orders/{order_id}/papers"
    return await who.ask("POST", path, body, content_type="application/json")


async def issued(who: Browser, order_id: str, paper: str, lang: str = "en") -> dict[str, Any]:
    answer = await issue(who, order_id, paper, lang)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def printed(who: Browser, made: dict[str, Any]) -> bytes:
    answer = await who.ask("GET", f"/documents/papers/{made['id']}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'inline; filename="{made["number"]}.pdf"'
    content: bytes = answer.content
    return content


def packed(site: Asked, ref: str = "R-1", **asked: int) -> str:
    bench = Bench(site.store, ref, **(asked or {"MUG": 3, "TEE": 2}))
    pack_all(bench.packer, bench.task)
    return bench.order


async def test_an_invoice_after_a_short_pick_bills_what_was_packed(site: Asked) -> None:
    picker, task, made = in_hand(site.store, "R-1", MUG=3, TEE=2)
    for line in lines(site.store, task):
        said = short(picker, line, 1) if line["sku"] == "MUG" else pick(picker, line)
        assert said == APPLIED
    for line in lines(site.store, task):  # the rest may be fetched elsewhere: there is none
        if line["state"] == "open":
            assert short(picker, line, 0) == APPLIED
    assert finish(picker, task) == APPLIED
    packer = Handheld(site.store, "packer")
    pack_all(packer, take(packer, "pack"))
    desk = site.browser("service")
    text = text_of(await printed(desk, await issued(desk, made, "commercial_invoice")))
    assert "GBP 7.50" in text  # one mug and two tees at 2.50
    assert "Total pieces 3" in text
    note = text_of(await printed(desk, await issued(desk, made, "delivery_note")))
    assert "Ordered and not in this delivery" in note
    confirmed = text_of(await printed(desk, await issued(desk, made, "order_confirmation")))
    assert "GBP 12.50" in confirmed


async def test_a_partly_packed_order_lists_its_sealed_carton_and_then_the_next_version(
    site: Asked,
) -> None:
    bench = Bench(site.store, "R-1", MUG=2, TEE=1)
    first, second = bench.numbers[:2]
    packer = site.browser("packer")
    early = await issue(packer, bench.order, "packing_list")
    assert (early.status_code, code_of(early)) == (409, "not_packed_yet")
    assert bench.open(first) == bench.check("MUG", 1, first) == bench.seal(first, 600) == APPLIED
    assert bench.open(second) == bench.check("MUG", 1, second) == APPLIED
    one = await issued(packer, bench.order, "packing_list")
    kept = await printed(packer, one)
    assert (one["version"], "Total pieces 1" in text_of(kept)) == (1, True)
    assert second not in text_of(kept)
    assert bench.check("TEE", 1, second) == bench.close(second, 1_100) == APPLIED
    two = await issued(packer, bench.order, "packing_list")
    assert (two["version"], two["number"][-5:]) == (2, "-PL-2")
    assert "Total pieces 3" in text_of(await printed(packer, two))
    assert await printed(packer, one) == kept  # the old one stays as it was


async def test_a_paper_is_drawn_once_and_comes_back_byte_for_byte(site: Asked) -> None:
    made = packed(site)
    desk = site.browser("supervisor")
    first = await issued(desk, made, "waybill", "zh-Hans")
    again = await issued(desk, made, "waybill", "zh-Hans")
    assert first == again
    kept = await printed(desk, first)
    english = await issued(desk, made, "waybill")
    assert (english["number"], english["id"] == first["id"]) == (first["number"], False)
    assert "货运单" in text_of(kept)
    assert "Consignment note" in text_of(await printed(desk, english))
    folder = site.store.blobs
    assert [f for f in folder.rglob("*.bin") if f.read_bytes() == kept]  # kept, not drawn again
    events = table(site.store, "SELECT * FROM event WHERE kind = 'pod.paper_issued'")
    assert [json.loads(e["body"])["lang"] for e in events] == ["zh-Hans", "en"]


async def test_ten_that_ask_at_once_get_one_and_the_same(site: Asked) -> None:
    made = packed(site)
    desks = [site.browser("packer") for _ in range(5)] + [site.browser("service") for _ in range(5)]
    found = await asyncio.gather(*(issued(d, made, "commercial_invoice") for d in desks))
    assert {(each["version"], each["id"]) for each in found} == {(1, found[0]["id"])}
    assert scalar(site.store, "SELECT COUNT(*) FROM order_paper") == 1


async def test_a_parcel_missing_at_the_dock_makes_a_new_version(site: Asked) -> None:
    bench = Bench(site.store, "R-1", MUG=1, TEE=1)
    first, second = bench.numbers[:2]
    assert bench.check("MUG", 1, first) == bench.seal(first, 600) == APPLIED
    assert bench.check("TEE", 1, second) == bench.close(second, 600) == APPLIED
    desk = site.browser("service")
    before = await issued(desk, bench.order, "commercial_invoice")
    good(system(site.store, "pod.plan_run.v1", PlanRun()))
    driver = Handheld(site.store, "driver")
    take(driver, "drive")
    stop = table(site.store, "SELECT * FROM stop")[0]
    gone = ReportLoad(
        run=stop["run"], stop=stop["id"], parcel=second, what="missing", reason="not_found"
    )
    assert driver.say("pod.report_load.v1", gone) == APPLIED
    after = await issued(desk, bench.order, "commercial_invoice")
    assert (before["version"], after["version"]) == (1, 2)
    assert "GBP 5.00" in text_of(await printed(desk, before))
    assert "GBP 2.50" in text_of(await printed(desk, after))


async def test_origin_and_heading_come_from_the_item_and_money_from_the_line(site: Asked) -> None:
    item = PutItem(sku="MUG", name="Mug", weight_g=500, origin="CN", hs_code="691200")
    good(system(site.store, "catalog.put_item.v1", item))
    terms = PutSetting(key="paperwork", value={"incoterm": "DDP", "tax_id": "GB 77"})
    good(system(site.store, "catalog.put_setting.v1", terms))
    desk = site.browser("service")
    made = packed(site)
    text = text_of(await printed(desk, await issued(desk, made, "commercial_invoice")))
    for said in ("691200", "CN", "DDP", "GB 77", "2.50"):
        assert said in text


async def test_what_cannot_be_issued_is_told_and_wrong_questions_are_too(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    desk = site.browser("service")
    for paper, status, code in (
        ("pick_list", 409, "not_released_yet"),
        ("bill_of_lading", 409, "not_packed_yet"),
        ("safety_notes", 400, "malformed"),
        ("../x", 400, "malformed"),
    ):
        answer = await issue(desk, made, paper)
        assert (answer.status_code, code_of(answer)) == (status, code)
    wrong = await issue(desk, made, "pick_list", "xx")
    assert wrong.status_code == 400
    unknown = await issue(desk, "nobody", "pick_list")
    assert (unknown.status_code, code_of(unknown)) == (404, "not_found")
    boss = Handheld(site.store, "supervisor")
    cancelled = CancelOrder(order=made, reason="changed mind")
    assert boss.say("orders.cancel_order.v1", cancelled) == APPLIED
    gone = await issue(desk, made, "order_confirmation")
    assert (gone.status_code, code_of(gone)) == (409, "order_cancelled")


async def test_papers_are_for_who_works_with_them_at_this_site(site: Asked) -> None:
    made = packed(site)
    paper = await issued(site.browser("packer"), made, "packing_list")
    for path in ("/documents/papers", f"/documents/orders/{made}/papers"):
        assert (await site.http.get(path)).status_code == 401
        assert (await site.browser("picker").ask("GET", path)).status_code == 403
        assert (await site.browser("driver").ask("GET", path)).status_code == 403
    path = f"/documents/papers/{paper['id']}"
    assert (await site.http.get(path)).status_code == 401
    assert (await site.browser("picker").ask("GET", path)).status_code == 403
    other = site.browser("admin", "other")
    assert (await other.ask("GET", path)).status_code == 404
    assert (await other.ask("GET", f"/documents/orders/{made}/papers")).status_code == 404
    assert (await issue(other, made, "packing_list")).status_code == 404
    assert (await issue(site.browser("picker"), made, "packing_list")).status_code == 403


def put_template(site: Asked, paper: str, text: str) -> None:
    folder = folder_of(site.store.blobs, "main")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{paper}.typ").write_text(text, encoding="utf-8")


async def test_the_example_of_the_guide_is_used_in_place_of_the_built_in_one(site: Asked) -> None:
    example = GUIDE.read_text("utf-8").partition("```typst\n")[2].partition("```")[0]
    assert example
    put_template(site, "delivery_note", example)
    desk, made = site.browser("service"), packed(site)
    note = await issued(desk, made, "delivery_note", "zh-Hant")
    text = text_of(await printed(desk, note))
    assert note["fault"] == ""
    assert "Returns within 30 days" in text
    assert "3 × MUG" in text
    assert "送貨單" in text
    invoice = text_of(await printed(desk, await issued(desk, made, "commercial_invoice")))
    assert "Returns within 30 days" not in invoice


FAULTY = {
    '#import "paper.typ": *\n#show: paper-page\n#facts.nothing': "line 3: dictionary does not",
    "#let x = (": "line 1: unclosed delimiter",
    '#panic("no")': "panicked with",
    '#read("/etc/passwd")': "file not found",
    '#read("../../words.py")': "escape",
    '#import "@preview/cetz:0.2.2"': "packages from the network",
    " \n": "it is empty",
    "x" * 300_000: "larger than 256 KiB",
}


@pytest.mark.parametrize("text", FAULTY, ids=lambda text: text[:24])
async def test_a_faulty_template_is_told_and_the_built_in_one_is_used(
    site: Asked, text: str
) -> None:
    put_template(site, "delivery_note", text)
    desk, made = site.browser("service"), packed(site)
    note = await issued(desk, made, "delivery_note")
    assert note["fault"].startswith("delivery_note.typ: ")
    assert FAULTY[text] in note["fault"]
    assert "Delivery note" in text_of(await printed(desk, note))
    told = json.loads(str(scalar(site.store, "SELECT body FROM event WHERE kind LIKE '%issued'")))
    assert told["fault"] == note["fault"]


async def test_a_mended_template_makes_the_next_version(site: Asked) -> None:
    put_template(site, "delivery_note", "#let x = (")
    desk, made = site.browser("service"), packed(site)
    assert (await issued(desk, made, "delivery_note"))["version"] == 1
    put_template(site, "delivery_note", "Our own note for #json(bytes(sys.inputs.data)).number")
    mended = await issued(desk, made, "delivery_note")
    assert (mended["version"], mended["fault"]) == (2, "")
    assert "Our own note for" in text_of(await printed(desk, mended))


async def attached(site: Asked, made: str, data: bytes, mime: str) -> tuple[Browser, str]:
    """A packer whose file has arrived, and the paper's id."""
    packer = Handheld(site.store, "packer", f"attach-{sha(data)[:8]}")
    op = AttachPaper(order=made, paper="safety_notes", blob=f"sha256:{sha(data)}", number='N"1')
    assert packer.say("pod.attach_paper.v1", op) == APPLIED
    who = site.browser("packer", device=packer.id)
    found = "SELECT id FROM order_paper WHERE blob = :b"
    paper = str(scalar(site.store, found, b=f"sha256:{sha(data)}"))
    early = await who.ask("GET", f"/documents/papers/{paper}")
    assert (early.status_code, code_of(early)) == (404, "not_found")
    assert (await send(who, data, mime)).status_code == 204
    return who, paper


async def test_somebody_else_s_pdf_comes_as_a_file_and_a_picture_is_drawn_anew(site: Asked) -> None:
    made = packed(site)
    pdf = b"%PDF-1.4 notes %%EOF\n"
    who, paper = await attached(site, made, pdf, "application/pdf")
    answer = await who.ask("GET", f"/documents/papers/{paper}")
    assert answer.content == pdf
    assert answer.headers["content-disposition"] == 'attachment; filename="N_1.pdf"'
    assert answer.headers["content-security-policy"].startswith("sandbox")
    plain = await who.ask("GET", f"/blobs/{sha(pdf)}")
    assert plain.headers["content-disposition"].startswith("attachment")
    assert plain.headers["content-security-policy"].startswith("sandbox")
    photo = jpeg()
    who, paper = await attached(site, made, photo, "image/jpeg")
    answer = await who.ask("GET", f"/documents/papers/{paper}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content != photo


@pytest.mark.parametrize("data", [b"MZ no pdf %%EOF", b"%PDF-1.7 cut off", b"<html>%PDF-1.7 %%EOF"])
async def test_what_is_no_whole_pdf_is_refused_for_ever(site: Asked, data: bytes) -> None:
    who = site.browser("packer")
    answer = await send(who, data, "application/pdf")
    assert (answer.status_code, code_of(answer)) == (400, "bad_pdf")
    again = await send(who, data, "application/pdf")
    assert (again.status_code, code_of(again)) == (400, "bad_pdf")


async def test_orders_that_lack_papers_are_listed_until_they_lack_none(site: Asked) -> None:
    desk = site.browser("supervisor")
    made = packed(site)
    assert (await desk.ask("GET", "/documents/papers")).json() == {"orders": [], "more": False}
    rules = {"rules": [{"papers": ["packing_list"], "why": "customs"}]}
    good(system(site.store, "catalog.put_setting.v1", PutSetting(key="paperwork", value=rules)))
    listed = (await desk.ask("GET", "/documents/papers")).json()["orders"]
    assert [(each["id"], each["papers"]) for each in listed] == [(made, ["packing_list"])]
    shown = (await desk.ask("GET", f"/documents/orders/{made}/papers")).json()
    assert shown["wanted"] == [{"paper": "packing_list", "why": ["customs"], "state": "lacking"}]
    await issued(desk, made, "packing_list")
    assert (await desk.ask("GET", "/documents/papers")).json()["orders"] == []
    shown = (await desk.ask("GET", f"/documents/orders/{made}/papers")).json()
    assert shown["wanted"][0]["state"] == "ready"
    by = [(each["by"], each["source"], each["counts"]) for each in shown["papers"]]
    assert by == [(f"P-{desk.device}".title(), "issued", True)]
