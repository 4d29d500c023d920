"""Check digits of locations: neighbours never share them, and both twins give the same."""

import itertools
import json
import string
from pathlib import Path

from server.demo.site import layout
from server.kernel.check_digits import check_digits

VECTORS = Path(__file__).parents[1] / "vectors/check_digits.json"


def test_the_vectors_hold() -> None:
    vectors = json.loads(VECTORS.read_text("utf-8"))
    assert len(vectors) >= 20
    assert {code: check_digits(code) for code in vectors} == vectors


def test_codes_that_differ_in_one_character_differ_in_their_digits() -> None:
    for code in ("A03-12-2", "B01-02R-1", "7"):
        for at, character in enumerate(code):
            kind = string.digits if character.isdigit() else string.ascii_uppercase
            if character not in kind:
                continue
            found = {check_digits(code[:at] + other + code[at + 1 :]) for other in kind}
            assert len(found) == len(kind)


def test_codes_with_two_swapped_digits_differ_in_their_digits() -> None:
    for one, other in itertools.permutations(string.digits, 2):
        assert check_digits(f"A{one}{other}-1") != check_digits(f"A{other}{one}-1")


def test_hyphens_and_small_letters_make_no_difference() -> None:
    assert check_digits("a03.12/2") == check_digits("A03-12-2")


def test_the_digits_of_a_floor_are_spread_evenly_and_do_not_count_up() -> None:
    codes = [b.code for b in layout().bins]
    found = [check_digits(code) for code in codes]
    assert all(len(digits) == 2 and digits.isdigit() for digits in found)
    assert len(set(found)) > 90
    assert max(found.count(digits) for digits in set(found)) <= 12
    steps = {(int(b) - int(a)) % 97 for a, b in itertools.pairwise(found)}
    assert len(steps) > 60
