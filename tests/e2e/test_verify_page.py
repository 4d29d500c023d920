"""`verify.html` as a stranger opens it: from a disk, with only the pack and a fingerprint. It must
answer as `dockhand pod verify` does, whatever was done to the pack."""

import json
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, expect

from server.documents.pack.page import verifier_page
from server.documents.pack.verifying import as_builtins, verify
from server.documents.pack.words import PACK_WORDS
from server.store.store import Store
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.evidence_work import Disputed, corrected, disputed, pack_of, packed, unpacked
from tests.floor_site import build
from tests.stores import open_store
from tests.tampering import SHOWN, TABLE, VERSION_2, Answers, Tampering, assert_named


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disputed]:
    with open_store("sqlite", tmp_path_factory.mktemp("site")) as store:
        build(store)
        yield disputed(store)


@pytest.fixture(scope="module")
def pack(site: Disputed) -> bytes:
    return pack_of(site.store, site.order)


@pytest.fixture(scope="module", autouse=True)
def mended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[bytes, str]]:
    """A pack with records of version 2, and the key to check it with. Made before a browser is
    open: no test of a worker can have a loop then."""
    with open_store("sqlite", tmp_path_factory.mktemp("mended")) as store:
        build(store)
        yield pack_of(store, corrected(store)), key_of(store)


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield running
    running.close()


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page from a disk. Whatever it asked of a network, or tripped over, fails the test."""
    (tmp_path / "verify.html").write_bytes(verifier_page())
    context = browser.new_context(viewport={"width": 360, "height": 720}, locale="en-GB")
    opened = context.new_page()
    trouble: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("file:", "blob:")):
            trouble.append(request.url)

    opened.on("request", asked)
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    opened.goto((tmp_path / "verify.html").as_uri())
    yield opened
    context.close()
    assert trouble == []


def key_of(store: Store) -> str:
    return store.signer().kid


def check(page: Page, path: Path, key: str, *, picker: str = "#pack") -> Answers:
    page.locator(picker).set_input_files(path)
    page.locator("#key").fill(key)
    page.evaluate("document.querySelector('#result').replaceChildren()")
    page.locator("#ask button").click()
    expect(page.locator("[data-state=holds], [data-state=fails]")).to_be_visible()
    told = page.locator("[data-check]").evaluate_all(
        "all => all.map(e => [e.dataset.check, JSON.parse(e.dataset.faults)])"
    )
    return dict(told)


def test_a_sound_pack_holds_and_shows_what_it_holds(
    site: Disputed, pack: bytes, page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "evidence.zip"
    path.write_bytes(pack)
    grouped = " ".join(key_of(site.store)[at : at + 4] for at in range(0, 64, 4)).upper()
    answers = check(page, path, grouped)
    assert answers == as_builtins(verify(unpacked(pack), key_of(site.store)))
    expect(page.locator("[data-state=holds]")).to_have_text("The pack holds.")
    images = page.locator(".record img")
    expect(images).to_have_count(3)
    for i in range(3):
        assert images.nth(i).evaluate("e => e.decode().then(() => e.naturalWidth)") == 400
    expect(page.locator(".record svg path")).to_have_count(2)
    for language, words in PACK_WORDS.items():
        page.locator("#language").select_option(language)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, language
        expect(page.locator("[data-state=holds]")).to_have_text(words["page"]["holds"])
        for name, (good, _) in words["checks"].items():
            expect(page.locator(f"[data-check={name}]")).to_have_text(good)


@pytest.mark.parametrize("told", TABLE, ids=[t.name for t in TABLE])
def test_tampering_is_found_and_named_as_on_the_command_line(
    site: Disputed, pack: bytes, page: Page, tmp_path: Path, told: Tampering
) -> None:
    forged = told.forge(unpacked(pack))
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(forged))
    answers = check(page, path, key_of(site.store))
    assert_named(told, unpacked(pack), forged, answers)
    assert answers == as_builtins(verify(forged, key_of(site.store)))
    expect(page.locator("[data-state=fails]")).to_be_visible()


def test_records_of_version_2_are_shown_with_their_words_pin_and_correction(
    mended: tuple[bytes, str], page: Page, tmp_path: Path
) -> None:
    pack, key = mended
    answers = check(page, _written(tmp_path, pack), key)
    assert not any(answers.values()), answers
    first, second = page.locator(".record").all()
    expect(first).to_contain_text("A later record corrects this one.")
    expect(second).to_contain_text("1 / 2 × MUG · 1 / 1 × LAMP")
    for record in (first, second):
        expect(record).to_contain_text(f"Signed below these words: “{SHOWN}”")
        expect(record).to_contain_text("The receiver said the PIN")
    for language in PACK_WORDS:
        page.locator("#language").select_option(language)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, language


@pytest.mark.parametrize("told", VERSION_2, ids=[t.name for t in VERSION_2])
def test_tampering_with_records_of_version_2_is_named_as_on_the_command_line(
    mended: tuple[bytes, str], page: Page, tmp_path: Path, told: Tampering
) -> None:
    pack, key = mended
    forged = told.forge(unpacked(pack))
    answers = check(page, _written(tmp_path, packed(forged)), key)
    assert_named(told, unpacked(pack), forged, answers)
    assert answers == as_builtins(verify(forged, key))


def test_without_a_fingerprint_nothing_is_vouched_for(
    pack: bytes, page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "evidence.zip"
    path.write_bytes(pack)
    answers = check(page, path, "")
    assert answers["key"] == [["no_fingerprint", ""]]
    expect(page.locator("[data-state=fails]")).to_be_visible()


def test_a_pack_that_was_unpacked_is_checked_as_a_folder(
    site: Disputed, pack: bytes, page: Page, tmp_path: Path
) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(_written(tmp_path, pack)) as opened:
        opened.extractall(folder)
    answers = check(page, folder, key_of(site.store), picker="#folder")
    assert not any(answers.values()), answers


def _written(folder: Path, pack: bytes) -> Path:
    path = folder / "evidence.zip"
    path.write_bytes(pack)
    return path


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"no zip" * 100])
def test_what_is_no_pack_is_told(page: Page, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.zip"
    path.write_bytes(content)
    page.locator("#pack").set_input_files(path)
    page.locator("#ask button").click()
    expect(page.locator("[data-state=bad], [data-state=fails]")).to_be_visible()


def test_strokes_and_moments_that_are_none_are_left_out_of_the_picture(
    site: Disputed, pack: bytes, page: Page, tmp_path: Path
) -> None:
    forged = unpacked(pack)
    strokes = next(name for name in forged if name.endswith(".strokes.json"))
    forged[strokes] = forged[strokes].replace(b'"x"', b'"z"', 1)
    forged["records/0001.json"] = re.sub(
        rb'"at":\d+', b'"at":9007199254740991', forged["records/0001.json"]
    )
    answers = check(page, _written(tmp_path, packed(forged)), key_of(site.store))
    assert answers["unchanged"] == [["changed", "records/0001.json"]]
    assert answers["files"] == [["changed", strokes]]
    expect(page.get_by_text("9007199254740991")).to_be_visible()
    expect(page.locator(".record svg path")).to_have_count(0)


def test_a_record_that_carries_markup_shows_it_as_text(
    site: Disputed, pack: bytes, page: Page, tmp_path: Path
) -> None:
    forged = unpacked(pack)
    kept = json.loads(forged["records/0002.json"])
    kept["record"]["receiver"] = "<img src=x onerror=alert(1)>"
    forged["records/0002.json"] = json.dumps(
        kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    check(page, _written(tmp_path, packed(forged)), key_of(site.store))
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    expect(page.locator(".record img[src=x]")).to_have_count(0)


def test_no_bit_turned_in_any_file_passes_the_page_either(
    site: Disputed, pack: bytes, page: Page, tmp_path: Path
) -> None:
    seed = random.randrange(2**32)
    chance, sound = random.Random(seed), unpacked(pack)
    for name, content in sound.items():
        turned = bytearray(content)
        turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
        path = _written(tmp_path, packed(sound | {name: bytes(turned)}))
        answers = check(page, path, key_of(site.store))
        assert any(answers.values()), (seed, name)
