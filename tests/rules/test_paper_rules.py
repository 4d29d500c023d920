"""Which papers an order must have, by destination, goods and customer."""

from typing import Any

import msgspec
import pytest

from server.pod.paperwork.rules import MARKS, PaperRule, Paperwork, Sending, number_of, wanted

HOME = Sending("GB", "GB", "C1", frozenset({"MUG"}), frozenset({"light"}))


def asked(rule: PaperRule, **sent: Any) -> bool:
    return bool(wanted([], [rule], HOME._replace(**sent)))


def test_a_rule_that_asks_about_nothing_asks_for_its_paper_everywhere() -> None:
    assert asked(PaperRule(papers=["inspection_report"]))


def test_the_destination_decides() -> None:
    to_us = PaperRule(papers=["export_declaration"], countries=["US", "CA"])
    assert asked(to_us, country="US")
    assert not asked(to_us)
    abroad = PaperRule(papers=["export_declaration"], abroad=True)
    assert asked(abroad, country="CN")
    assert not asked(abroad)
    assert not asked(abroad, country="")  # nobody waits at the dock for a guess
    outside = PaperRule(papers=["export_declaration"], abroad=True, not_countries=["IE"])
    assert not asked(outside, country="IE")


def test_goods_and_customers_decide_and_all_that_a_rule_says_must_fit() -> None:
    hazard = PaperRule(papers=["safety_notes"], classes=["dangerous"], customers=["C1"])
    assert asked(hazard, classes=frozenset({"light", "dangerous"}))
    assert not asked(hazard)
    assert not asked(hazard, classes=frozenset({"dangerous"}), customer="C2")
    assert asked(PaperRule(papers=["quality_certificate"], skus=["MUG", "TEE"]))
    assert not asked(PaperRule(papers=["quality_certificate"], skus=["TEE"]))


def test_a_paper_is_asked_for_once_however_many_rules_want_it() -> None:
    rules = [
        PaperRule(papers=["inspection_report", "packing_list"], why="new customer"),
        PaperRule(papers=["inspection_report"], skus=["MUG"], why="mugs break"),
        PaperRule(papers=["inspection_report"], why="new customer"),
    ]
    assert wanted(["packing_list"], rules, HOME) == {
        "packing_list": ["new customer"],
        "inspection_report": ["new customer", "mugs break"],
    }


def test_a_table_with_a_slip_in_it_is_refused_with_its_place() -> None:
    slips: list[dict[str, Any]] = [
        {"papers": []},
        {"papers": ["Not a word"]},
        {"papers": ["x"], "country": "US"},
    ]
    for rule in slips:
        with pytest.raises(msgspec.ValidationError, match=r"rules\[0\]|country"):
            msgspec.convert({"rules": [rule]}, Paperwork)


def test_every_paper_that_is_made_here_has_a_mark_of_its_own() -> None:
    assert len(set(MARKS.values())) == len(MARKS)
    assert number_of("2025-EC-000017", "commercial_invoice", 2) == "2025-EC-000017-CI-2"
