"""Papers over HTTP: read back as a scanner or a person would, and only by who may."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image

from server.catalog.ops import PutSetting
from server.documents.barcodes import Bars, bars_image
from server.kernel.check_digits import check_digits
from server.orders.ops import CancelOrder
from server.packing.ops import BuildPallet
from server.pod.carriers.ops import ChooseCarrier
from tests.asked import Asked, asking, code_of
from tests.carrier_work import CARRIERS, bill, packed, set_carriers
from tests.documents.reading import pages, picture, scanned, symbologies, text_of
from tests.documents.zpl_reader import read
from tests.floor_site import Handheld, build, good, order, release_wave, scalar, system
from tests.floor_work import evidence, pack_all, pick_all, take, to_the_van
from tests.stores import open_store
from tests.sync.blob_wire import STROKES, saved, send, sha, signature, with_comment

pytestmark = pytest.mark.anyio
RED = saved(Image.new("RGB", (400, 300), (255, 0, 0)), "JPEG")
SCRIBBLE = [{"x": 250 * i, "y": 4_900 if i % 2 else 100, "t": i} for i in range(40)]
DRAWN = signature([SCRIBBLE])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        async with asking(store, tmp_path) as asked:
            yield asked


def delivered(site: Asked, **named: Any) -> tuple[Handheld, str]:
    """A driver who has delivered an order, and the proof's id."""
    made = order(site.store, "R-1", MUG=3, TEE=2)
    driver, stop = to_the_van(site.store, made)
    told = evidence(driver, stop, "full")["record"]
    told |= {"signature": f"sha256:{sha(DRAWN)}", "photos": [f"sha256:{sha(RED)}"], **named}
    said = driver.say("pod.deliver.v1", {"record": told, "hash": "ab" * 32, "signature": ""})
    assert said == ("applied", None)
    return driver, str(scalar(site.store, "SELECT id FROM proof"))


async def test_a_label_is_scanned_back_as_png_and_as_pdf(site: Asked) -> None:
    to_the_van(site.store, order(site.store, "R-1", MUG=1))
    number = str(scalar(site.store, "SELECT number FROM parcel"))
    packer = site.browser("packer")
    png = await packer.ask("GET", f"/documents/labels/{number}.png")
    assert (png.status_code, png.headers["content-type"]) == (200, "image/png")
    assert number in scanned(picture(png.content))
    pdf = await packer.ask("GET", f"/documents/labels/{number}.pdf?sid={packer.sid}", signed=False)
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["content-disposition"] == f'inline; filename="{number}.pdf"'
    assert pdf.headers["x-content-type-options"] == "nosniff"
    text = text_of(pdf.content)
    for word in ("Corner Shop", "1 Mill Lane", "LS1 Leeds", "0.9 kg", "1 / 1"):
        assert word in text
    chinese = await packer.ask("GET", f"/documents/labels/{number}.pdf?lang=zh-Hans")
    assert "收件人" in text_of(chinese.content)
    wrong = await packer.ask("GET", f"/documents/labels/{number}.pdf?lang=xx")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "lang")


async def test_a_pallet_has_a_label_with_what_stands_on_it(site: Asked) -> None:
    store = site.store
    prefix = PutSetting(key="gs1", value={"prefix": "9521234"})
    good(system(store, "catalog.put_setting.v1", prefix))
    order(store, "R-1", MUG=1)
    good(release_wave(store))
    picker, handheld = Handheld(store, "picker"), Handheld(store, "packer")
    pick_all(picker, take(picker, "pick"))
    parcel = pack_all(handheld, take(handheld, "pack"))
    number = str(scalar(store, "SELECT MIN(number) FROM pallet"))
    built = BuildPallet(pallet=number, parcels=[parcel], built=True)
    assert handheld.say("packing.build_pallet.v1", built) == ("applied", None)
    packer = site.browser("packer")
    pdf = await packer.ask("GET", f"/documents/pallets/{number}.pdf?lang=zh-Hant")
    assert symbologies(pages(pdf.content)[0])[f"00{number}"] == "]C1"
    text = text_of(pdf.content)
    for word in ("棧板", "Corner Shop", "1 Mill Lane", "0.9 kg"):
        assert word in text
    none = await packer.ask("GET", "/documents/pallets/1.pdf")
    assert (none.status_code, code_of(none)) == (404, "not_found")
    service = site.browser("service")
    for written in (parcel, f"]C100{parcel}", f"(00){parcel}"):
        found = await service.ask("GET", f"/api/orders?q={quote(written)}")
        assert [o["why"] for o in found.json()["orders"]] == ["parcel"]


async def test_the_labels_of_an_aisle_are_scanned_back_with_their_check_digits(site: Asked) -> None:
    supervisor = site.browser("supervisor")
    sheet = await supervisor.ask("GET", "/documents/locations.pdf?aisle=0")
    assert set(scanned(pages(sheet.content)[0])) == {"L-A01-1-1", "L-A01-2-1"}
    text = text_of(sheet.content)
    assert all(check_digits(code) in text for code in ("A01-1-1", "A01-2-1"))
    none = await supervisor.ask("GET", "/documents/locations.pdf?aisle=7")
    assert (none.status_code, code_of(none)) == (404, "not_found")
    wrong = await supervisor.ask("GET", "/documents/locations.pdf?aisle=x")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "aisle")
    picker = await site.browser("picker").ask("GET", "/documents/locations.pdf?aisle=0")
    assert picker.status_code == 403


async def test_what_was_cancelled_is_not_printed(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    good(release_wave(site.store))
    picker = Handheld(site.store, "picker")
    pick_all(picker, take(picker, "pick"))
    cancelled = CancelOrder(order=made, reason="changed mind")
    boss = Handheld(site.store, "supervisor")
    assert boss.say("orders.cancel_order.v1", cancelled) == ("applied", None)
    desk = site.browser("supervisor")
    number = scalar(site.store, "SELECT number FROM parcel")
    void = await desk.ask("GET", f"/documents/labels/{number}.pdf")
    assert (void.status_code, code_of(void)) == (409, "parcel_void")


async def test_a_receipt_waits_for_its_evidence_and_then_shows_it(site: Asked) -> None:
    driver, proof = delivered(site)
    van, desk = site.browser("driver", device=driver.id), site.browser("service")
    path = f"/documents/proofs/{proof}.pdf"
    for missing, body, mime in ((2, DRAWN, STROKES), (1, RED, "image/jpeg")):
        early = await desk.ask("GET", path)
        assert (early.status_code, code_of(early)) == (409, "evidence_incomplete")
        assert early.json()["error"]["data"] == {"count": missing}
        assert (await send(van, body, mime)).status_code == 204
    answer = await desk.ask("GET", path)
    assert answer.status_code == 200, answer.text
    text = text_of(answer.content)
    for word in ("Delivered in full", "A. Receiver", "52.520008, 13.404954", "abab abab"):
        assert word in text
    own = site.store.signer().kid
    assert own in "".join(text.split())
    sheet = pages(answer.content)[0]
    assert any(url.startswith("http://localhost:8000/#/orders/") for url in scanned(sheet))
    assert red(sheet) > 10_000
    assert "No signature" not in text
    assert dark(answer.content) > dark(await unsigned(site, desk, proof)) + 5_000


def red(sheet: Image.Image) -> int:
    """Dots of the photo."""
    levels = sheet.convert("RGB").split()
    wanted = (levels[0].point(lambda v: v > 200), levels[1].point(lambda v: v < 60))
    return sum(1 for r, g in zip(*(w.tobytes() for w in wanted), strict=True) if r and g)


def dark(pdf: bytes) -> int:
    return sum(pages(pdf)[0].convert("L").histogram()[:100])


async def unsigned(site: Asked, desk: Any, proof: str) -> bytes:
    """The same receipt without the signature."""
    record = str(scalar(site.store, "SELECT record FROM proof"))
    bare = record.replace(f'"sha256:{sha(DRAWN)}"', "null")

    def forget(tx: Any) -> None:
        tx.conn.exec_driver_sql("UPDATE proof SET record = ?", (bare,))

    site.store.run_sync(forget)
    content: bytes = (await desk.ask("GET", f"/documents/proofs/{proof}.pdf")).content
    return content


async def test_a_photo_that_was_refused_does_not_hold_up_the_receipt(site: Asked) -> None:
    told = with_comment()
    driver, proof = delivered(site, photos=[f"sha256:{sha(told)}"], signature=None)
    van, desk = site.browser("driver", device=driver.id), site.browser("service")
    assert (await send(van, told)).status_code == 400
    answer = await desk.ask("GET", f"/documents/proofs/{proof}.pdf")
    assert answer.status_code == 200
    assert "No signature was taken" in text_of(answer.content)


async def test_papers_are_for_who_works_with_them_at_this_site(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    to_the_van(site.store, made)
    number = str(scalar(site.store, "SELECT number FROM parcel"))
    label, slip = f"/documents/labels/{number}.png", f"/documents/orders/{made}/papers"
    proof = "/documents/proofs/none.pdf"
    for path in (label, slip, proof):
        assert (await site.http.get(path)).status_code == 401
        assert (await site.browser("picker").ask("GET", path)).status_code == 403
        assert (await site.browser("admin", "other").ask("GET", path)).status_code == 404
    assert (await site.browser("packer").ask("GET", proof)).status_code == 403
    for role in ("packer", "supervisor", "service", "admin"):
        assert (await site.browser(role).ask("GET", slip)).status_code == 200


async def test_a_paper_that_does_not_exist_is_not_found(site: Asked) -> None:
    desk = site.browser("admin")
    for path in (
        "/documents/labels/P-1.png",
        "/documents/labels/P-1.exe",
        "/documents/labels/png",
        "/documents/labels/..%2f..%2fx.png",
        "/documents/proofs/x",
        "/documents/orders/x/papers",
        "/documents/papers/x",
    ):
        assert (await desk.ask("GET", path)).status_code == 404


async def test_what_does_not_fit_on_paper_is_told_and_is_no_failure(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    to_the_van(site.store, made)
    number = str(scalar(site.store, "SELECT number FROM parcel"))

    def lengthen(tx: Any) -> None:
        tx.conn.exec_driver_sql(
            "UPDATE orders SET ship_to = ?", ('{"street":"%s"}' % ("鬱 " * 900),)
        )

    site.store.run_sync(lengthen)
    answer = await site.browser("packer").ask("GET", f"/documents/labels/{number}.png")
    assert (answer.status_code, code_of(answer)) == (409, "cannot_print")
    assert answer.json()["error"]["field"] == "address"
    picture_ok = await site.browser("packer").ask("GET", f"/documents/labels/{number}.gif")
    assert picture_ok.status_code == 404
    assert BytesIO(answer.content).read(1) == b"{"


async def test_the_carrier_s_number_is_scanned_back_from_the_parcel_s_label(site: Asked) -> None:
    order(site.store, "R-1", MUG=1)
    (shipment,) = packed(site.store)
    set_carriers(site.store)
    chosen = ChooseCarrier(shipments=[shipment], carrier="swift")
    good(system(site.store, "pod.choose_carrier.v1", chosen))
    number = str(scalar(site.store, "SELECT number FROM parcel"))
    waybill = bill(site.store, shipment)["number"]
    packer = site.browser("packer")
    png = await packer.ask("GET", f"/documents/labels/{number}.png")
    assert scanned(picture(png.content)) == {number: "Code 128", waybill: "Code 128"}
    pdf = await packer.ask("GET", f"/documents/labels/{number}.pdf")
    assert set(scanned(pages(pdf.content, 300)[0])) == {number, waybill}
    assert "Swift Parcels · Same day" in text_of(pdf.content)
    set_carriers(site.store, rate_tables=[CARRIERS["rate_tables"][0] | {"barcode": "none"}])
    good(system(site.store, "pod.choose_carrier.v1", chosen))
    again = await packer.ask("GET", f"/documents/labels/{number}.png")
    assert set(scanned(picture(again.content))) == {number}


async def test_labels_are_handed_out_as_zpl_for_both_resolutions(site: Asked) -> None:
    put = PutSetting(key="gs1", value={"prefix": "9521234"})
    good(system(site.store, "catalog.put_setting.v1", put))
    to_the_van(site.store, order(site.store, "R-1", MUG=1))
    number = str(scalar(site.store, "SELECT number FROM parcel"))
    packer = site.browser("packer")
    for dpi, width in ((203, 800), (300, 1181)):
        answer = await packer.ask("GET", f"/documents/labels/{number}.zpl?dpi={dpi}")
        assert answer.status_code == 200, answer.text
        label = read(answer.content)
        assert (label.width, "Corner Shop" in label.texts()) == (width, True)
        assert symbologies(label.drawn())[f"00{number}"] == "]C1"
    chinese = await packer.ask("GET", f"/documents/labels/{number}.zpl?lang=zh-Hans")
    assert symbologies(read(chinese.content).drawn())[f"00{number}"] == "]C1"
    pallet = str(scalar(site.store, "SELECT MIN(number) FROM pallet"))
    answer = await packer.ask("GET", f"/documents/pallets/{pallet}.zpl?dpi=300")
    assert symbologies(read(answer.content).drawn())[f"00{pallet}"] == "]C1"
    wrong = await packer.ask("GET", f"/documents/labels/{number}.zpl?dpi=600")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "dpi")


async def test_the_screen_is_told_the_carrier_s_bars(site: Asked) -> None:
    order(site.store, "R-1", MUG=1)
    (shipment,) = packed(site.store)
    set_carriers(site.store)
    number = str(scalar(site.store, "SELECT number FROM parcel"))
    packer = site.browser("packer")
    path = f"/documents/labels/{number}/waybill"
    none = await packer.ask("GET", path)
    assert none.json() == {"carrier": "", "service": "", "number": "", "modules": ""}
    chosen = ChooseCarrier(shipments=[shipment], carrier="swift", service="eco")
    good(system(site.store, "pod.choose_carrier.v1", chosen))
    told = (await packer.ask("GET", path)).json()
    assert (told["carrier"], told["service"]) == ("Swift Parcels", "Economy")
    drawn = bars_image(Bars(told["modules"], "", 10, 10), module_dots=3, height_dots=90)
    assert scanned(drawn) == {told["number"]: "Code 128"}
    assert told["number"] == bill(site.store, shipment)["number"]
    assert (await site.browser("picker").ask("GET", path)).status_code == 403
    other = await site.browser("admin", "other").ask("GET", path)
    assert other.json()["number"] == "", "another site's parcel is nobody's"
