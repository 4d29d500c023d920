"""Numbers of cartons, what a carton should weigh, which cartons a flawed piece leaves."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.kernel.gs1_checks import has_check_digit
from server.kernel.sscc import capacity, sscc
from server.packing.rules import expected_g, is_off, take_out
from server.packing.shapes import Packing

VECTORS = Path(__file__).parents[1] / "vectors" / "packing_weights.json"
CASES = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]


def test_an_sscc_is_extension_prefix_serial_and_check_digit() -> None:
    # GS1 General Specifications, figure of 7.9.1: 37610425002123456 has the check digit 9.
    assert sscc("7610425", 3_002_123_456) == "376104250021234569"
    assert has_check_digit(sscc("9521234", 1))


@pytest.mark.parametrize("prefix", ["9521", "952123456789"])
def test_every_serial_of_a_prefix_has_a_code_of_its_own(prefix: str) -> None:
    last = capacity(prefix) - 1
    found = {sscc(prefix, n) for n in (0, 1, 99, last // 2, last - 1, last)}
    assert len(found) == 6
    assert all(len(code) == 18 and code[1:].startswith(prefix) for code in found)
    for past in (-1, last + 1):
        with pytest.raises(ValueError, match=prefix):
            sscc(prefix, past)


def test_a_carton_weighs_its_goods_and_its_tare() -> None:
    assert expected_g([(300, 2), (150, 1)], 120) == 870
    assert expected_g([(300, 2), (0, 1)], 120) is None
    assert expected_g([(300, 0)], 120) is None


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['measured']}-{c['expected']}")
def test_a_weight_is_off_by_more_than_the_site_allows(case: dict[str, Any]) -> None:
    site = Packing(tolerance_percent=case["percent"], tolerance_g=case["grams"])
    off = is_off(case["measured"], case["expected"], site, knows_carton=case["knows_carton"])
    assert off is case["off"]


def test_three_per_cent_or_fifty_grams_is_usual() -> None:
    assert (Packing().tolerance_percent, Packing().tolerance_g) == (3, 50)


def test_flawed_pieces_leave_the_last_carton_first() -> None:
    assert take_out([("A", 3), ("B", 2)], 3) == [("B", 0), ("A", 2)]
    assert take_out([("A", 3)], 0) == []
