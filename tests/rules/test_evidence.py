"""The device's records in the server's eyes: the same bytes in two languages, and no verdict of the
device's own. The vectors are run by vitest as well; the signature in them is WebCrypto's."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import rfc8785

from server.pod.evidence import (
    AnyEvidence,
    Evidence,
    EvidenceV1,
    blob_refs,
    canonical,
    policy_verdicts,
    read,
    record_hash,
    verdicts,
)

VECTORS = Path(__file__).parents[1] / "vectors"
CANONICAL = json.loads((VECTORS / "canonical.json").read_text(encoding="utf-8"))
SIGNED: dict[str, Any] = json.loads((VECTORS / "evidence.json").read_text(encoding="utf-8"))
SECOND: dict[str, Any] = json.loads((VECTORS / "evidence_v2.json").read_text(encoding="utf-8"))
RECORD: dict[str, Any] = SIGNED["record"]
JWK = json.dumps(SIGNED["key"])
AT, PREV = RECORD["at"], RECORD["prev"]
FINE = {"hash": "ok", "signature": "ok", "clock": "ok", "chain": "ok", "place": "ok"}


@pytest.mark.parametrize("vector", CANONICAL, ids=[v["rule"] for v in CANONICAL])
def test_canonical_json_is_what_the_device_writes(vector: dict[str, Any]) -> None:
    assert rfc8785.dumps(vector["value"]).decode() == vector["canonical"]
    assert record_hash(vector["value"]) == vector["sha256"]


def found(record: dict[str, Any] = RECORD, **other: Any) -> dict[str, str]:
    told = {"claimed": SIGNED["hash"], "signature": SIGNED["signature"], "jwk": JWK}
    return verdicts(record, **(told | {"at_est": AT, "chain_head": PREV} | other))


def test_a_record_that_a_browser_signed_holds() -> None:
    as_taken = msgspec.to_builtins(msgspec.convert(RECORD, EvidenceV1))
    assert canonical(as_taken).decode() == SIGNED["canonical"]
    assert found(as_taken) == FINE


CHANGES: dict[str, dict[str, Any]] = {
    "receiver": {"receiver": "Somebody else"},
    "outcome": {"outcome": "full"},
    "photo taken out": {"photos": []},
    "place": {"position": RECORD["position"] | {"lat_e7": 0}},
    "quantity": {"lines": [RECORD["lines"][0] | {"delivered": 3}, *RECORD["lines"][1:]]},
    "earlier record": {"prev": "b" * 64},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_any_change_breaks_hash_and_signature(change: dict[str, Any]) -> None:
    changed = found(RECORD | change)
    assert (changed["hash"], changed["signature"]) == ("differs", "invalid")
    mended = found(RECORD | change, claimed=record_hash(RECORD | change))
    assert (mended["hash"], mended["signature"]) == ("ok", "invalid")


def test_another_device_s_key_does_not_vouch_for_it() -> None:
    other = SIGNED["key"] | {"x": SIGNED["key"]["y"], "y": SIGNED["key"]["x"]}
    assert found(jwk=json.dumps(other))["signature"] in ("no_key", "invalid")
    assert found(jwk=None)["signature"] == "no_key"


@pytest.mark.parametrize("signature", ["", "AAAA", "!", SIGNED["signature"][:-4]])
def test_a_signature_of_another_shape_is_invalid_and_no_error(signature: str) -> None:
    assert found(signature=signature)["signature"] == "invalid"


def test_a_record_left_out_shows_as_a_gap() -> None:
    assert found(chain_head="c" * 64)["chain"] == "gap"


@pytest.mark.parametrize(("late_ms", "verdict"), [(15 * 60_000, "ok"), (15 * 60_000 + 1, "off")])
def test_a_clock_that_is_off_by_a_quarter_of_an_hour_is_named(late_ms: int, verdict: str) -> None:
    assert found(at_est=AT + late_ms)["clock"] == verdict
    assert found(at_est=AT - late_ms)["clock"] == verdict


@pytest.mark.parametrize("why", ["denied", "unavailable", "timeout"])
def test_a_place_that_is_missing_says_why(why: str) -> None:
    assert found(RECORD | {"position": None, "no_position": why})["place"] == why


@pytest.mark.parametrize(("vector", "kind"), [(SIGNED, EvidenceV1), (SECOND, Evidence)])
def test_every_version_stays_readable_to_the_byte(
    vector: dict[str, Any], kind: type[AnyEvidence]
) -> None:
    taken = read(vector["record"])
    assert type(taken) is kind
    again = msgspec.to_builtins(taken)
    assert canonical(again).decode() == vector["canonical"]
    told = (vector["hash"], vector["signature"], json.dumps(vector["key"]))
    assert verdicts(again, *told, AT, vector["record"]["prev"]) == FINE


@pytest.mark.parametrize("field", sorted(SECOND["record"]))
def test_no_field_of_a_record_can_be_left_out_or_changed(field: str) -> None:
    record = {k: v for k, v in SECOND["record"].items() if k != field}
    with pytest.raises(msgspec.ValidationError):
        read(record)
    assert record_hash(record | {field: "other"}) != SECOND["hash"]


def test_a_field_that_nobody_knows_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        read(SECOND["record"] | {"note": "x"})


def test_every_blob_of_a_record_is_named_once() -> None:
    named = [f"sha256:{digit * 64}" for digit in "1234"]
    assert blob_refs(SECOND["record"]) == named
    assert blob_refs(RECORD) == named[:2]


def test_the_words_above_the_signature_are_held_against_their_hash() -> None:
    assert policy_verdicts(SECOND["record"], None, SECOND["shown"])["shown"] == "ok"
    assert policy_verdicts(SECOND["record"], None, "I got all of it")["shown"] == "differs"
    unsigned = SECOND["record"] | {"shown": ""}
    assert "shown" not in policy_verdicts(unsigned, None, "")


def test_a_record_of_version_1_knows_no_policy() -> None:
    assert policy_verdicts(RECORD, None, "") == {}
