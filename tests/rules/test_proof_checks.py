"""Eight questions about a proof, one answer at a time."""

import json
from typing import Any

import msgspec
import pytest

from server.pod.checks import CHECKS, Kept, eight, newest, refs_in, supersedes
from server.pod.evidence import record_hash
from tests.evidence_work import jwk_of, new_key

KEY = new_key()
PHOTO = "sha256:" + "a" * 64
RECORD: dict[str, Any] = {
    "device": "d1",
    "seq": 1,
    "prev": "0" * 64,
    "stop": "s1",
    "order": "o1",
    "signature": None,
    "photos": [PHOTO],
    "lines": [{"no": 1, "photos": ["sha256:" + "b" * 64]}],
    "at": 5,
}


def kept(record: dict[str, Any] = RECORD, **named: Any) -> Kept:
    from server.pod.evidence import canonical

    return Kept(
        **{
            "id": "p1",
            "stop": record["stop"],
            "order": "o1",
            "device": "d1",
            "n": 1,
            "record": record,
            "hash": record_hash(record),
            "prev": record["prev"],
            "signature": KEY.sign(canonical(record)),
            "verdicts": {"clock": "ok", "place": "denied"},
            "recv_at": 9,
            "before": record["prev"],
            "device_key": json.dumps(jwk_of(KEY.private)),
        }
        | named
    )


def answers(proof: Kept, files: tuple[str, ...] = ("complete",)) -> dict[str, str]:
    return eight(proof, [proof], files, {})


def test_a_sound_proof_is_sound_but_for_what_nobody_has_signed_or_measured() -> None:
    fine = dict.fromkeys(CHECKS, "ok")
    assert answers(kept()) == fine | {"countersigned": "none", "place": "denied"}


@pytest.mark.parametrize(
    ("change", "check", "found"),
    [
        ({"hash": "1" * 64}, "unchanged", "differs"),
        ({"record": RECORD | {"at": 6}}, "unchanged", "differs"),
        ({"record": RECORD | {"at": 6}}, "device", "invalid"),
        ({"signature": ""}, "device", "invalid"),
        ({"signature": "!"}, "device", "invalid"),
        ({"device": "d2"}, "device", "invalid"),
        ({"device_key": None}, "device", "no_key"),
        ({"device_key": "{}"}, "device", "no_key"),
        ({"before": "2" * 64}, "chain", "gap"),
        ({"prev": "2" * 64}, "chain", "gap"),
    ],
)
def test_what_was_changed_is_answered_by_its_code(
    change: dict[str, Any], check: str, found: str
) -> None:
    assert answers(msgspec.structs.replace(kept(), **change))[check] == found


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ((), "none"),
        (("complete", "complete"), "ok"),
        (("complete", "partial"), "coming"),
        (("missing", "refused"), "refused"),
    ],
)
def test_files_are_as_good_as_the_worst_of_them(files: tuple[str, ...], found: str) -> None:
    assert answers(kept(), files)["files"] == found


def test_every_photo_counts_wherever_a_version_names_it() -> None:
    assert refs_in(RECORD) == [PHOTO, "sha256:" + "b" * 64]
    assert refs_in({"slip": [PHOTO, PHOTO], "prev": "a" * 64, "note": f" {PHOTO}"}) == [PHOTO]


def test_a_correction_names_what_it_mends_and_a_second_word_does_not() -> None:
    first = kept()
    follows = RECORD | {"seq": 2, "prev": first.hash}
    second = kept(follows, id="p2", n=2)
    mending = kept(follows | {"corrects": first.hash}, id="p3", n=3, device="d2")
    elsewhere = kept(follows | {"corrects": first.hash, "stop": "s2"}, id="p4", n=4)
    assert newest(first, [first]) == "ok"
    assert newest(first, [first, second]) == "rival"
    assert newest(first, [first, second, mending]) == "superseded"
    assert newest(mending, [first, second, mending]) == "ok"
    assert not supersedes(elsewhere, first)
    assert newest(first, [first, elsewhere]) == "ok"


def test_the_struct_takes_what_any_version_holds() -> None:
    assert msgspec.json.decode(msgspec.json.encode(kept()), type=Kept) == kept()
