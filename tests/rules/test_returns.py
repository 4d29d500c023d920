"""What follows from goods that a customer did not keep (B8)."""

import pytest

from server.returns.rules import Lacking, Reason, ReturnSettings, follow_up


def lack(qty: int, reason: str, no: int = 1) -> Lacking:
    return Lacking(no=no, sku=f"SKU{no}", qty=qty, reason=reason)


@pytest.mark.parametrize(
    ("reason", "party", "follow", "back"),
    [
        ("damaged", "carrier", "reship", 2),
        ("missing", "company", "reship", 0),
        ("wrong_goods", "company", "reship", 2),
        ("late", "carrier", "return", 2),
        ("changed_mind", "customer", "return", 2),
        ("cannot_pay", "customer", "return", 2),
        ("nobody_home", "customer", "return", 2),
        ("sea_monster", "nobody", "return", 2),
    ],
)
def test_the_reason_says_who_answers_and_what_follows(
    reason: str, party: str, follow: str, back: int
) -> None:
    made = follow_up([lack(2, reason)], ReturnSettings())
    assert made is not None
    (line,) = made.lines
    assert (made.party, made.reason) == (party, reason)
    assert (line.party, line.follow, line.back, line.qty) == (party, follow, back, 2)


def test_nothing_follows_where_nothing_lacks() -> None:
    assert follow_up([lack(0, "damaged")], ReturnSettings()) is None


def test_each_line_has_its_own_reason_and_most_pieces_name_the_whole() -> None:
    lacks = [lack(1, "changed_mind"), lack(5, "damaged", 2)]
    made = follow_up(lacks, ReturnSettings())
    assert made is not None
    assert (made.party, made.reason) == ("carrier", "damaged")
    assert [line.follow for line in made.lines] == ["return", "reship"]
    assert [line.no for line in made.reshipped] == [2]


def test_a_site_that_sends_nothing_again_only_takes_back() -> None:
    made = follow_up([lack(1, "missing")], ReturnSettings(reship=False))
    assert made is not None
    assert (made.lines[0].follow, made.lines[0].party, made.lines[0].back) == (
        "return",
        "company",
        0,
    )


def test_the_sites_own_table_is_laid_over_the_usual_one() -> None:
    ours = ReturnSettings(reasons={"damaged": Reason(party="company")})
    made = follow_up([lack(1, "damaged"), lack(1, "late", 2)], ours)
    assert made is not None
    assert [(line.party, line.follow) for line in made.lines] == [
        ("company", "return"),
        ("carrier", "return"),
    ]
