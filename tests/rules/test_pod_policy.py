"""What a proof must hold, read alike by the server and the app (B6). The vectors are run by vitest
as well."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.pod import pins
from server.pod.rules import (
    METHODS,
    Clause,
    Delivery,
    PodSettings,
    PolicyRule,
    Question,
    StopPolicy,
    asked,
    cut,
    judge,
    lacking,
)

VECTORS = Path(__file__).parents[1] / "vectors"
POLICY = json.loads((VECTORS / "policy.json").read_text(encoding="utf-8"))
PINS = json.loads((VECTORS / "pin.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", POLICY["asked"], ids=lambda v: v["rule"])
def test_what_is_asked_for(vector: dict[str, Any]) -> None:
    clauses = msgspec.convert(vector["clauses"], list[Clause])
    assert asked(clauses, vector["outcome"], vector["reasons"]) == vector["ask"]


@pytest.mark.parametrize("vector", POLICY["lacking"], ids=lambda v: v["rule"])
def test_what_lacks(vector: dict[str, Any]) -> None:
    assert lacking(vector["ask"], vector["done"]) == vector["missing"]


@pytest.mark.parametrize("vector", PINS, ids=lambda v: v["pin"])
def test_a_pin_is_stretched_as_the_device_does_it(vector: dict[str, Any]) -> None:
    said, salt, rounds = vector["pin"], vector["salt"], vector["rounds"]
    assert pins.stretched(said, salt, rounds) == vector["hash"]
    assert pins.fits(said, salt, vector["hash"], rounds)
    assert not pins.fits(said[::-1] + "1", salt, vector["hash"], rounds)


def only(**rule: Any) -> PodSettings:
    return PodSettings(rules=[PolicyRule(ask={"pin": "mandatory"}, **rule)])


DEAR = Delivery(
    customer="C1", value=900, skus=frozenset({"MUG", "TEE"}), classes=frozenset({"fragile"})
)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({}, True),
        ({"customers": ["C1", "C2"]}, True),
        ({"customers": ["C2"]}, False),
        ({"skus": ["TEE"]}, True),
        ({"skus": ["LAMP"]}, False),
        ({"classes": ["fragile"]}, True),
        ({"classes": ["chilled"]}, False),
        ({"from_value": 900}, True),
        ({"from_value": 901}, False),
        ({"customers": ["C1"], "from_value": 901}, False),
    ],
)
def test_a_rule_is_for_its_customers_goods_and_values(rule: dict[str, Any], fits: bool) -> None:
    assert bool(cut(only(**rule), DEAR).clauses) is fits


def test_outcome_and_reason_stay_open_for_the_door() -> None:
    (clause,) = cut(only(outcomes=["refused"], reasons=["late"]), DEAR).clauses
    assert (clause.outcomes, clause.reasons) == (["refused"], ["late"])


def test_the_last_fitting_rule_names_the_checklist_and_the_stages() -> None:
    lists = {"short": [Question(code="a", text="A?")], "long": [Question(code="b", text="B?")]}
    rules = [
        PolicyRule(checklist="short", stages="long"),
        PolicyRule(skus=["MUG"], checklist="long"),
        PolicyRule(skus=["LAMP"], checklist="short"),
    ]
    made = cut(PodSettings(rules=rules, checklists=lists, stages=lists), DEAR)
    assert [q.code for q in made.checklist] == ["b"]
    assert [q.code for q in made.stages] == ["b"]


def record(**said: Any) -> dict[str, Any]:
    return {
        "outcome": "full",
        "reason": "",
        "receiver": "",
        "lines": [],
        "signature": None,
        "photos": [],
        "slip": [],
        "pin": "",
        "inspection": [],
        "stages": [],
        "relaxed": [],
        "desk": None,
    } | said


def asks(**ask: Any) -> StopPolicy:
    return StopPolicy(
        clauses=msgspec.convert([{"outcomes": [], "reasons": [], "ask": ask}], list[Clause]),
        checklist=[Question(code="seals", text="Seals whole?")],
        stages=[Question(code="unloaded", text="Unloaded")],
        correct_ms=0,
    )


LINE = {"no": 1, "photos": ["sha256:0"], "reason": "damaged"}
DONE: list[tuple[str, dict[str, Any]]] = [
    ("signature", {"signature": "sha256:0"}),
    ("receiver", {"receiver": "Ann"}),
    ("photo", {"photos": ["sha256:0"]}),
    ("photo", {"lines": [LINE]}),
    ("pin", {"pin": "ok"}),
    ("slip", {"slip": ["sha256:0"]}),
    ("inspection", {"inspection": [{"code": "seals", "answer": "no", "note": ""}]}),
    ("stages", {"stages": [{"code": "unloaded", "by": "Ann", "at": 1}]}),
]


@pytest.mark.parametrize(("method", "said"), DONE, ids=lambda v: str(v)[:40])
def test_each_method_lacks_until_the_record_has_it(method: str, said: dict[str, Any]) -> None:
    wanted = asks(**{method: "mandatory"})
    assert judge(record(), wanted) == "lacking"
    assert judge(record(**said), wanted) == "ok"


def test_a_wrong_pin_is_none() -> None:
    assert judge(record(pin="wrong"), asks(pin="mandatory")) == "lacking"


def test_a_mandatory_method_is_left_out_only_with_a_recorded_reason() -> None:
    wanted = asks(photo="mandatory", pin="mandatory")
    no_camera = {"method": "photo", "reason": "no_camera"}
    assert judge(record(relaxed=[no_camera]), wanted) == "lacking"
    no_pin = {"method": "pin", "reason": "pin_not_issued"}
    assert judge(record(relaxed=[no_camera, no_pin]), wanted) == "relaxed"


def test_at_a_desk_the_paper_slip_is_the_proof() -> None:
    entered = {"type": "paper_slip", "actual_at": 1}
    assert judge(record(desk=entered), asks(signature="mandatory")) == "lacking"
    assert judge(record(desk=entered, slip=["sha256:0"]), None) == "ok"


def test_a_policy_that_nobody_gave_out_is_named() -> None:
    assert judge(record(), None) == "unknown_policy"


@given(
    ask=st.dictionaries(
        st.sampled_from(METHODS), st.sampled_from(("mandatory", "one_of", "optional", "off"))
    ),
    done=st.sets(st.sampled_from(METHODS)),
)
def test_who_has_done_all_of_it_lacks_nothing_and_more_never_lacks_more(
    ask: dict[str, str], done: set[str]
) -> None:
    assert lacking(ask, METHODS) == []
    for more in METHODS:
        assert set(lacking(ask, done | {more})) <= set(lacking(ask, done))
