"""The table of tampering: what is done to a pack, and what both verifiers must say of it.

Each entry takes the files of a sound pack apart and gives what a forger would hand out; `named` is
the least that must be found, as (check, fault, part of the pack). A forger has every file, and may
mend hashes and lists as far as that goes without a key that is not theirs.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rfc8785

from tests.evidence_work import jwk_of, new_key, photo

Entries = dict[str, bytes]
MIDDLE, LAST = "records/0002.json", "records/0003.json"
DEVICE = "dev-driver"


@dataclass(frozen=True)
class Tampering:
    name: str
    forge: Callable[[Entries], Entries]
    named: frozenset[tuple[str, str, str]]
    """Faults that must be among those told."""
    only: frozenset[str] = frozenset()
    """Checks that may fail at all, where the forger was good enough to pass the others."""


TABLE: list[Tampering] = []


def tampering(
    *named: tuple[str, str, str], only: tuple[str, ...] = ()
) -> Callable[[Callable[[Entries], Entries]], Callable[[Entries], Entries]]:
    def register(forge: Callable[[Entries], Entries]) -> Callable[[Entries], Entries]:
        name = forge.__name__.replace("_", " ")
        TABLE.append(Tampering(name, forge, frozenset(named), frozenset(only)))
        return forge

    return register


def read(entries: Entries, name: str) -> Any:
    return json.loads(entries[name])


def write(entries: Entries, name: str, told: Any) -> None:
    entries[name] = rfc8785.dumps(told)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def list_again(entries: Entries) -> None:
    """The manifest with the hashes of what is there now, and nothing that is gone."""
    manifest = read(entries, "manifest.json")
    for file in list(manifest["files"]):
        if file["name"] not in entries:
            manifest["files"].remove(file)
        else:
            file["sha256"] = sha(entries[file["name"]])
            file["size"] = len(entries[file["name"]])
    for listed in list(manifest["records"]):
        if listed["file"] not in entries:
            manifest["records"].remove(listed)
        else:
            listed["hash"] = read(entries, listed["file"])["hash"]
    write(entries, "manifest.json", manifest)


def drop(entries: Entries, record: str) -> None:
    for name in (record, record.replace("records", "receipts"), pdf_of(record)):
        del entries[name]


def pdf_of(record: str) -> str:
    return record.replace("records/", "pdf/").replace(".json", ".pdf")


def edited(entries: Entries, name: str) -> dict[str, Any]:
    kept: dict[str, Any] = read(entries, name)
    kept["record"]["receiver"] = "Somebody Else"
    return kept


@tampering(
    ("contents", "changed", MIDDLE),
    ("unchanged", "changed", MIDDLE),
    ("device", "signature", MIDDLE),
    ("countersigned", "other_record", MIDDLE),
)
def edit_a_record(entries: Entries) -> Entries:
    write(entries, MIDDLE, edited(entries, MIDDLE))
    return entries


@tampering(
    ("contents", "signature", "manifest.json"),
    ("device", "signature", MIDDLE),
    ("chain", "order", MIDDLE),
    ("countersigned", "other_record", MIDDLE),
    only=("contents", "device", "chain", "countersigned"),
)
def edit_a_record_and_hash_everything_again(entries: Entries) -> Entries:
    kept = edited(entries, MIDDLE)
    kept["hash"] = sha(rfc8785.dumps(kept["record"]))
    write(entries, MIDDLE, kept)
    list_again(entries)
    return entries


@tampering(("contents", "signature", "manifest.json"), ("chain", "missing", f"{DEVICE}/3"))
def delete_a_record_in_the_middle(entries: Entries) -> Entries:
    drop(entries, MIDDLE)
    list_again(entries)
    return entries


@tampering(("contents", "signature", "manifest.json"), ("chain", "gap", f"{DEVICE}/4"))
def delete_a_record_in_the_middle_and_its_link(entries: Entries) -> Entries:
    drop(entries, MIDDLE)
    manifest = read(entries, "manifest.json")
    (head,) = manifest["heads"]
    head["links"] = [link for link in head["links"] if link["file"] != MIDDLE]
    write(entries, "manifest.json", manifest)
    list_again(entries)
    return entries


@tampering(("contents", "signature", "manifest.json"), ("head", "missing", f"{DEVICE}/4"))
def delete_the_last_record(entries: Entries) -> Entries:
    drop(entries, LAST)
    list_again(entries)
    return entries


@tampering(("contents", "signature", "manifest.json"), ("head", "cut", f"{DEVICE}/5"))
def delete_the_last_record_and_its_links(entries: Entries) -> Entries:
    drop(entries, LAST)
    manifest = read(entries, "manifest.json")
    (head,) = manifest["heads"]
    del head["links"][-2:]
    write(entries, "manifest.json", manifest)
    list_again(entries)
    return entries


@tampering(("contents", "signature", "manifest.json"), only=("contents",))
def delete_the_last_record_and_say_it_never_was(entries: Entries) -> Entries:
    drop(entries, LAST)
    manifest = read(entries, "manifest.json")
    (head,) = manifest["heads"]
    del head["links"][-2:]
    head["seq"], head["hash"] = head["links"][-1]["seq"], head["links"][-1]["hash"]
    write(entries, "manifest.json", manifest)
    list_again(entries)
    return entries


@tampering(
    ("contents", "missing", LAST),
    ("contents", "missing", "receipts/0003.json"),
    ("head", "missing", f"{DEVICE}/4"),
    only=("contents", "head"),
)
def leave_the_last_record_out(entries: Entries) -> Entries:
    drop(entries, LAST)
    return entries


@tampering(
    ("contents", "signature", "manifest.json"),
    ("chain", "order", "records/0001.json"),
    ("chain", "order", MIDDLE),
)
def reorder_records(entries: Entries) -> Entries:
    for folder in ("records", "receipts"):
        one, two = f"{folder}/0001.json", f"{folder}/0002.json"
        entries[one], entries[two] = entries[two], entries[one]
    list_again(entries)
    return entries


def photo_name(entries: Entries) -> str:
    ref = read(entries, "records/0001.json")["record"]["photos"][0]
    return f"files/{ref.removeprefix('sha256:')}.jpg"


@tampering(("contents", "signature", "manifest.json"), ("files", "changed", "<photo>"))
def swap_a_photo(entries: Entries) -> Entries:
    entries[photo_name(entries)] = photo("green")
    list_again(entries)
    return entries


@tampering(("contents", "missing", "<photo>"), ("files", "missing", "<ref>"))
def take_a_photo_out(entries: Entries) -> Entries:
    del entries[photo_name(entries)]
    return entries


@tampering(("contents", "extra", "files/more.jpg"), only=("contents",))
def add_a_photo(entries: Entries) -> Entries:
    entries["files/more.jpg"] = photo("green")
    return entries


@tampering(
    ("contents", "signature", "manifest.json"),
    ("device", "other_key", MIDDLE),
    ("chain", "order", MIDDLE),
    ("countersigned", "other_record", MIDDLE),
)
def edit_a_record_and_sign_it_with_another_device_key(entries: Entries) -> Entries:
    forger, keys = new_key(), read(entries, "keys.json")
    kept = edited(entries, MIDDLE)
    body = rfc8785.dumps(kept["record"])
    kept |= {"hash": sha(body), "signature": forger.sign(body)}
    keys["devices"][0]["jwk"] = jwk_of(forger.private)
    write(entries, MIDDLE, kept)
    write(entries, "keys.json", keys)
    list_again(entries)
    return entries


@tampering(("contents", "signature", "manifest.json"), only=("contents",))
def turn_the_bits_that_a_signature_has_to_spare(entries: Entries) -> Entries:
    """64 bytes fill 85 letters and two bits of the last: it may be written in four ways."""
    entries = dict(entries)
    seal = read(entries, "manifest.sig.json")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = letters.index(seal["signature"][-1])
    seal["signature"] = seal["signature"][:-1] + letters[last ^ 1]
    write(entries, "manifest.sig.json", seal)
    return entries


@tampering(
    ("contents", "signature", "manifest.json"),
    ("countersigned", "signature", MIDDLE),
    only=("contents", "countersigned"),
)
def mend_what_the_server_found(entries: Entries) -> Entries:
    signed = read(entries, "receipts/0002.json")
    signed["receipt"]["verdicts"]["clock"] = "perfect"
    write(entries, "receipts/0002.json", signed)
    list_again(entries)
    return entries


@tampering(("key", "other_key", "<forger>"), only=("key",))
def swap_the_keys_together_with_verify_html(entries: Entries) -> Entries:
    """The whole pack made anew by somebody with keys of their own, and a page that praises it."""
    site, device = new_key(), new_key()
    keys = read(entries, "keys.json")
    at = jwk_of(site.private)
    keys["server"] = [{**keys["server"][0], "kid": site.kid, "x": at["x"], "y": at["y"]}]
    keys["devices"][0]["jwk"] = jwk_of(device.private)
    write(entries, "keys.json", keys)
    manifest, before = read(entries, "manifest.json"), {}
    for n in (1, 2, 3):
        kept = edited(entries, f"records/{n:04}.json")
        before[kept["hash"]] = n
        kept["record"]["prev"] = relinked(manifest, kept["record"])
        body = rfc8785.dumps(kept["record"])
        kept |= {"hash": sha(body), "signature": device.sign(body)}
        write(entries, f"records/{n:04}.json", kept)
        relink(manifest, n, kept["hash"])
        signed = read(entries, f"receipts/{n:04}.json")
        signed["receipt"] |= {"record": kept["hash"], "claimed": kept["hash"], "key": site.kid}
        signed["receipt"]["device_key"] = device.kid
        signed["signature"] = site.sign(rfc8785.dumps(signed["receipt"]))
        write(entries, f"receipts/{n:04}.json", signed)
    entries["verify.html"] = b"<!doctype html><h1>The pack holds.</h1>"
    write(entries, "manifest.json", manifest)
    list_again(entries)
    seal = {"key": site.kid, "signature": site.sign(entries["manifest.json"])}
    write(entries, "manifest.sig.json", seal)
    return entries


def relinked(manifest: dict[str, Any], record: dict[str, Any]) -> str:
    (head,) = manifest["heads"]
    before = next((x for x in head["links"] if x["seq"] == record["seq"] - 1), None)
    return str(before["hash"]) if before else str(record["prev"])


def relink(manifest: dict[str, Any], n: int, made: str) -> None:
    """The forger's record stands in the chain, and the one after it names it."""
    (head,) = manifest["heads"]
    at = next(i for i, x in enumerate(head["links"]) if x["file"] == f"records/{n:04}.json")
    head["links"][at]["hash"] = made
    if at:
        head["links"][at]["prev"] = head["links"][at - 1]["hash"]
    if at + 1 < len(head["links"]):
        head["links"][at + 1]["prev"] = made


def expected(told: Tampering, sound: Entries, forged: Entries) -> set[tuple[str, str, str]]:
    """The faults of the table with the names that this pack has for them."""
    name = photo_name(sound)
    stands_for = {
        "<photo>": name,
        "<ref>": f"sha256:{name.removeprefix('files/').removesuffix('.jpg')}",
        "<forger>": read(forged, "manifest.sig.json")["key"],
    }
    return {(check, what, stands_for.get(part, part)) for check, what, part in told.named}


Answers = dict[str, list[list[str]]]


SHOWN = "I have received: 3 × MUG"
SHOWN_FILE = f"shown/{sha(SHOWN.encode())}.txt"


def _other_words(entries: Entries) -> Entries:
    """As if the receiver had signed for more; the lists are mended."""
    forged = entries | {SHOWN_FILE: SHOWN.replace("3", "9").encode()}
    list_again(forged)
    return forged


def _words_gone(entries: Entries) -> Entries:
    forged = {name: content for name, content in entries.items() if name != SHOWN_FILE}
    list_again(forged)
    return forged


def _words_named_anew(entries: Entries) -> Entries:
    """The record names the forged words, and is hashed again."""
    forged = _other_words(entries)
    words = forged.pop(SHOWN_FILE)
    forged[f"shown/{sha(words)}.txt"] = words
    for name in ("records/0001.json", "records/0002.json"):
        kept = read(forged, name)
        kept["record"]["shown"] = sha(words)
        kept["hash"] = sha(rfc8785.dumps(kept["record"]))
        write(forged, name, kept)
    list_again(forged)
    return forged


def _pin_forged(entries: Entries) -> Entries:
    forged = dict(entries)
    kept = read(forged, "records/0001.json")
    kept["record"]["pin"] = ""
    write(forged, "records/0001.json", kept)
    return forged


def _correction_forgotten(entries: Entries) -> Entries:
    """The second record is taken out, and the first passed off as the last word."""
    forged = {name: content for name, content in entries.items() if "/0002." not in name}
    manifest = read(forged, "manifest.json")
    manifest["records"] = manifest["records"][:1]
    manifest["records"][0]["newest"] = "ok"
    write(forged, "manifest.json", manifest)
    list_again(forged)
    return forged


def _of_version_2(forge: Callable[[Entries], Entries], *named: tuple[str, str, str]) -> Tampering:
    return Tampering(forge.__name__.strip("_").replace("_", " "), forge, frozenset(named))


VERSION_2: list[Tampering] = [
    _of_version_2(_other_words, ("files", "changed", SHOWN_FILE)),
    _of_version_2(_words_gone, ("files", "missing", SHOWN_FILE)),
    _of_version_2(_words_named_anew, ("device", "signature", "records/0001.json")),
    _of_version_2(_pin_forged, ("unchanged", "changed", "records/0001.json")),
    _of_version_2(_correction_forgotten, ("head", "missing", f"{DEVICE}/2")),
]
"""What is done to a pack of `evidence_work.corrected`."""


def assert_named(told: Tampering, sound: Entries, forged: Entries, answers: Answers) -> None:
    """The verifier has found what was done, and has named it."""
    found = {(check, what, part) for check, faults in answers.items() for what, part in faults}
    assert expected(told, sound, forged) <= found, found
    if told.only:
        assert {check for check, _, _ in found} <= told.only, found
