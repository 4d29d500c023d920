"""The arithmetic of a report's columns: what it takes, and that it fails in one way only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.insights.reports.formula import (
    DEEPEST,
    LONGEST,
    BadFormula,
    Call,
    Field,
    Number,
    Pair,
    Sign,
    bare_fields,
    fields_of,
    has_total,
    parse,
)


def test_products_bind_more_than_sums_and_signs_most() -> None:
    assert parse("a + b * -c") == Pair("+", Field("a"), Pair("*", Field("b"), Sign(Field("c"))))
    assert parse("(a + b) * 2.5") == Pair("*", Pair("+", Field("a"), Field("b")), Number(2.5))


def test_equal_signs_are_taken_from_the_left() -> None:
    assert parse("a - b - c") == Pair("-", Pair("-", Field("a"), Field("b")), Field("c"))


def test_a_share_is_a_total_by_a_total() -> None:
    tree = parse("sum(late) / count() * 100")
    share = Pair("/", Call("sum", Field("late")), Call("count", None))
    assert tree == Pair("*", share, Number(100))
    assert has_total(tree)
    assert list(fields_of(tree)) == ["late"]
    assert list(bare_fields(tree)) == []


def test_a_field_outside_of_a_total_is_bare() -> None:
    assert list(bare_fields(parse("sum(picked) / asked + round(free)"))) == ["asked", "free"]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 0),
        ("a +", 3),
        ("a b", 2),
        ("sum()", 0),
        ("sum(sum(a))", 0),
        ("eval(a)", 0),
        ("__import__", 0),
        ("a; drop", 1),
        ("'x'", 0),
        ("(a", 2),
        ("a)", 1),
        ("1e400", 1),
        ("A", 0),
        ("--a", 1),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(text: str, at: int) -> None:
    with pytest.raises(BadFormula) as wrong:
        parse(text)
    assert wrong.value.at == at


def test_a_tower_of_brackets_is_no_way_to_the_end_of_the_stack() -> None:
    deep = DEEPEST - 1
    assert parse("(" * deep + "a" + ")" * deep) == Field("a")
    with pytest.raises(BadFormula):
        parse("(" * 90 + "a" + ")" * 90)
    with pytest.raises(BadFormula):
        parse("a" * (LONGEST + 1))


@given(st.text(max_size=LONGEST + 20))
def test_any_text_at_all_is_a_formula_or_a_bad_one(text: str) -> None:
    _parses_or_says_where(text)


@given(st.text(alphabet="ab1. +-*/()sumcountrd_", max_size=LONGEST))
def test_text_that_looks_like_one_is_a_formula_or_a_bad_one(text: str) -> None:
    _parses_or_says_where(text)


def _parses_or_says_where(text: str) -> None:
    """Anything else that is raised makes the test red."""
    place = 0
    try:
        parse(text)
    except BadFormula as wrong:
        place = wrong.at
    assert 0 <= place <= len(text)


_LEAVES = st.one_of(
    st.integers(0, 999).map(str), st.sampled_from(["a", "placed_at", "count()", "sum(b)"])
)
_FORMULAS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda f: f"-({f})"),
    ),
    max_leaves=8,
)


@given(_FORMULAS)
def test_whatever_is_made_by_the_grammar_is_read(text: str) -> None:
    if len(text) <= LONGEST:
        parse(text)
