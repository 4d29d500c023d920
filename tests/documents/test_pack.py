"""The dispute pack: complete, the same twice, and no forgery of it passes."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.cli import main
from server.documents.pack import gathering, verifying
from server.documents.pack.verifying import CHECKS, Answers, Fault, as_builtins, verify
from server.documents.pack.words import PACK_WORDS
from server.kernel.errors import Refusal
from server.store.store import Store
from tests.documents.reading import text_of
from tests.evidence_work import Disputed, corrected, disputed, pack_of, packed, photo, unpacked
from tests.floor_site import build
from tests.stores import open_store
from tests.tampering import SHOWN, SHOWN_FILE, TABLE, VERSION_2, Tampering, assert_named


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disputed]:
    with open_store("sqlite", tmp_path_factory.mktemp("pack")) as store:
        build(store)
        yield disputed(store)


@pytest.fixture(scope="module")
def pack(site: Disputed) -> bytes:
    return pack_of(site.store, site.order)


def fingerprint(store: Store) -> str:
    return store.signer().kid


def test_a_sound_pack_passes_all_eight_checks(site: Disputed, pack: bytes) -> None:
    answers = verify(unpacked(pack), fingerprint(site.store))
    assert tuple(answers) == CHECKS
    assert len(CHECKS) == 8
    assert not any(answers.values()), answers


@pytest.mark.parametrize("told", TABLE, ids=[t.name for t in TABLE])
def test_tampering_is_found_and_named(site: Disputed, pack: bytes, told: Tampering) -> None:
    forged = told.forge(unpacked(pack))
    answers = as_builtins(verify(forged, fingerprint(site.store)))
    assert_named(told, unpacked(pack), forged, answers)


@pytest.mark.parametrize("check", CHECKS)
def test_without_any_one_of_the_checks_some_tampering_is_missed(
    site: Disputed, pack: bytes, check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table asks something of each check: one that found nothing would be noticed."""

    def blind(*_: object) -> Iterator[Fault]:
        return iter(())

    monkeypatch.setattr(verifying, f"_{check}", blind)
    missed = []
    for told in TABLE:
        forged = told.forge(unpacked(pack))
        answers = as_builtins(verify(forged, fingerprint(site.store)))
        try:
            assert_named(told, unpacked(pack), forged, answers)
        except AssertionError:
            missed.append(told.name)
    assert missed


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[bytes, str]]:
    """A pack with records of version 2, and the key to check it with."""
    with open_store("sqlite", tmp_path_factory.mktemp("mended")) as store:
        build(store)
        yield pack_of(store, corrected(store)), fingerprint(store)


def test_records_of_version_2_bring_the_words_that_were_signed_below(
    mended: tuple[bytes, str],
) -> None:
    pack, key = mended
    files = unpacked(pack)
    answers = verify(files, key)
    assert not any(answers.values()), answers
    assert files[SHOWN_FILE].decode() == SHOWN
    first, second = (json.loads(files[f"records/000{n}.json"]) for n in (1, 2))
    assert first["record"]["shown"] == SHOWN_FILE.removeprefix("shown/").removesuffix(".txt")
    assert (first["record"]["pin"], second["record"]["corrects"]) == ("ok", first["hash"])
    newest = [r["newest"] for r in json.loads(files["manifest.json"])["records"]]
    assert newest == ["superseded", "ok"]


@pytest.mark.parametrize("told", VERSION_2, ids=[t.name for t in VERSION_2])
def test_tampering_with_records_of_version_2_is_found_and_named(
    mended: tuple[bytes, str], told: Tampering
) -> None:
    pack, key = mended
    forged = told.forge(unpacked(pack))
    assert_named(told, unpacked(pack), forged, as_builtins(verify(forged, key)))


def test_a_pack_is_the_same_bytes_each_time(site: Disputed, pack: bytes) -> None:
    assert pack_of(site.store, site.order) == pack


def test_a_pack_holds_records_receipts_photos_strokes_papers_and_what_it_does_not_prove(
    site: Disputed, pack: bytes
) -> None:
    files = unpacked(pack)
    folders = sorted(name.rpartition("/")[0] for name in files)
    assert {f: folders.count(f) for f in folders} == {
        "": 7,
        "files": 3,
        "pdf": 3,
        "receipts": 3,
        "records": 3,
    }
    sealed = {p.read_bytes() for p in site.store.blobs.rglob("*.bin")}
    assert {content for name, content in files.items() if name.startswith("files/")} == sealed
    assert photo() in sealed
    paper = "".join(text_of(files["pdf/0001.pdf"]).split())
    assert fingerprint(site.store) in paper
    kinds = [m["kind"] for m in json.loads(files["timeline.json"])]
    assert kinds[0] == "orders.received"
    assert kinds.count("pod.stop_closed") == 3
    assert "Stop closed" in files["timeline.txt"].decode()
    for words in PACK_WORDS.values():
        assert all(line in files["LIMITS.txt"].decode() for line in words["limits"])


def test_a_pack_says_nothing_of_other_orders_and_no_more_of_people_than_was_signed(
    site: Disputed, pack: bytes
) -> None:
    everything = b"".join(unpacked(pack).values())
    for secret in (b"Somebody Else", site.other.encode(), b"R-2", b"LAMP"):
        assert secret not in everything
    for name, content in unpacked(pack).items():
        assert b"Corner Shop" not in content or name.startswith("pdf/"), name
        assert b'"email"' not in content
        assert b'"phone"' not in content
    manifest = json.loads(unpacked(pack)["manifest.json"])
    (head,) = manifest["heads"]
    assert [(x["seq"], bool(x["file"])) for x in head["links"]] == [
        *((1, True), (2, False), (3, True), (4, True), (5, False))
    ]
    assert [r["newest"] for r in manifest["records"]] == ["rival", "rival", "ok"]


def test_what_has_not_arrived_is_listed_and_is_no_tampering(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        made = disputed(store)
        late = "sha256:" + "7" * 64
        made.driver.deliver(made.stops[0], "full", photos=[late])
        files = unpacked(pack_of(store, made.order))
        assert json.loads(files["manifest.json"])["absent"] == [late]
        assert not any(verify(files, fingerprint(store)).values())


def test_photos_that_are_gone_from_the_disk_are_listed_as_missing(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        made = disputed(store)
        for path in store.blobs.rglob("*.bin"):
            path.unlink()
        files = unpacked(pack_of(store, made.order))
        assert len(json.loads(files["manifest.json"])["absent"]) == 3
        assert not any(verify(files, fingerprint(store)).values())


def test_more_photos_than_a_pack_may_hold_are_refused(
    site: Disputed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_BYTES", 1_000)
    with pytest.raises(Refusal) as refused:
        pack_of(site.store, site.order)
    assert refused.value.code == "too_large"


def rotated(folder: Path) -> tuple[dict[str, bytes], str, str]:
    """A pack whose records were signed for before a rotation and after it; both fingerprints."""
    with open_store("sqlite", folder) as store:
        build(store)
        made = disputed(store)
        old = fingerprint(store)
        store.keys.rotate(store.clock() + 1)
        made.driver.deliver(made.stops[0], "full")
        return unpacked(pack_of(store, made.order)), old, fingerprint(store)


def test_after_a_rotation_the_old_paper_s_fingerprint_still_leads_to_the_pack(
    tmp_path: Path,
) -> None:
    files, old, new = rotated(tmp_path)
    assert not any(verify(files, new).values())
    assert not any(verify(files, old).values())
    keys = json.loads(files["keys.json"])
    keys["server"][1]["voucher"] = keys["server"][1]["voucher"][:-4] + "AAAA"
    files["keys.json"] = json.dumps(keys, sort_keys=True, separators=(",", ":")).encode()
    assert verify(files, old)["key"] == [Fault("other_key", new)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest.json", b""),
        ("manifest.json", b"[]"),
        ("manifest.json", b"\xff\xfe"),
        ("manifest.json", b"[" * 100_000),
        ("manifest.json", b'{"v":1e400}'),
        ("manifest.sig.json", b'{"key":1}'),
        ("keys.json", b'{"devices":[{"device":"dev-driver","jwk":{}}],"server":[]}'),
        ("records/0002.json", b'{"hash":"","record":{},"signature":""}'),
        ("records/0002.json", b'{"hash":"","record":{"seq":1.5},"signature":""}'),
        ("receipts/0002.json", b'{"receipt":{"v":9},"signature":""}'),
        ("records/../../etc/passwd", b"x"),
    ],
)
def test_hostile_files_are_named_and_never_break_the_verifier(
    site: Disputed, pack: bytes, name: str, content: bytes
) -> None:
    files = unpacked(pack) | {name: content}
    answers: Answers = verify(files, fingerprint(site.store))
    assert any(answers.values())


def test_the_command_says_each_check_in_a_line_and_ends_accordingly(
    site: Disputed, pack: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, key = tmp_path / "evidence.zip", fingerprint(site.store)
    path.write_bytes(pack)
    assert main(["pod", "verify", str(path), "--key", key]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:8]] == [["ok", f"{name}:"] for name in CHECKS]
    assert lines[-1] == "The pack holds."
    assert sum(line.startswith("note  records/000") for line in lines) == 2
    assert main(["pod", "verify", str(path)]) == 1
    assert "No fingerprint was given" in capsys.readouterr().out
    assert main(["pod", "verify", str(path), "--key", key, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["holds"], told["checks"]) == (True, {name: [] for name in CHECKS})
    for language, words in PACK_WORDS.items():
        assert main(["pod", "verify", str(path), "--key", key, "--lang", language]) == 0
        assert words["checks"]["key"][0] in capsys.readouterr().out


def test_the_command_names_what_a_forger_did_and_takes_a_folder_too(
    site: Disputed, pack: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = next(t for t in TABLE if t.name == "edit a record").forge(unpacked(pack))
    for name, content in forged.items():
        path = tmp_path / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    key = fingerprint(site.store)
    assert main(["pod", "verify", str(tmp_path / "unpacked"), "--key", key]) == 1
    said = capsys.readouterr().out
    assert "FAIL  unchanged" in said
    assert "Changed: records/0002.json" in said
    assert "The pack does not hold." in said


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_the_command_refuses_what_is_no_pack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "other.zip"
    path.write_bytes(content)
    assert main(["pod", "verify", str(path)]) == 2
    assert "no ZIP" in capsys.readouterr().err
    assert main(["pod", "verify", str(tmp_path / "nothing.zip")]) == 2


def test_a_pack_that_somebody_has_packed_again_still_holds(
    site: Disputed, pack: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "again.zip"
    path.write_bytes(packed(unpacked(pack)))
    assert main(["pod", "verify", str(path), "--key", fingerprint(site.store)]) == 0
    assert "The pack holds." in capsys.readouterr().out


def test_words_are_the_same_in_each_language() -> None:
    english = PACK_WORDS["en"]
    for words in PACK_WORDS.values():
        assert {part: _shape(words[part]) for part in words} == {
            part: _shape(english[part]) for part in english
        }
    assert set(english["checks"]) == set(CHECKS)


def _shape(part: object) -> object:
    return sorted(part) if isinstance(part, dict) else len(part)  # type: ignore[arg-type]


def test_no_single_bit_of_a_pack_can_be_turned_unseen(site: Disputed, pack: bytes) -> None:
    """In every file, at places chosen by a seed that is told when it fails."""
    seed = random.randrange(2**32)
    chance, sound, key = random.Random(seed), unpacked(pack), fingerprint(site.store)
    for name, content in sound.items():
        for _ in range(4):
            turned = bytearray(content)
            turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
            assert not verifying.holds(verify(sound | {name: bytes(turned)}, key)), (seed, name)
