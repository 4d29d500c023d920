"""The arithmetic of a report's columns. Pure: text in, a tree out; nothing is ever executed.

    formula = product {("+" | "-") product}
    product = signed {("*" | "/") signed}
    signed  = ["-"] atom
    atom    = number | field | name "(" [formula] ")" | "(" formula ")"

`sum avg min max count` add up a group's rows, `round` goes to whole numbers. What is divided by
zero has no value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST, DEEPEST = 200, 20
TOTALS = ("sum", "avg", "min", "max", "count")
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z_]*)|(?P<sign>[-+*/()]))")


class BadFormula(ValueError):
    """`at`: the place of the first character that does not fit, from 0. `what` was found there."""

    def __init__(self, at: int, what: str) -> None:
        super().__init__(f"at {at}: {what or 'the end'}")
        self.at, self.what = at, what


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Field:
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`of` is None for `count()`."""

    name: str
    of: "Node | None"


@dataclass(frozen=True, slots=True)
class Sign:
    of: "Node"


@dataclass(frozen=True, slots=True)
class Pair:
    """`op`: one of + - * /."""

    op: str
    left: "Node"
    right: "Node"


Node = Number | Field | Call | Sign | Pair


def parse(text: str) -> Node:
    """Raises BadFormula, and nothing else, whatever the text."""
    if len(text) > LONGEST:
        raise BadFormula(LONGEST, text[LONGEST : LONGEST + 10])
    reader = _Reader(text)
    tree = reader.sum(0)
    if reader.token is not None:
        raise reader.wrong()
    return tree


def fields_of(node: Node) -> Iterator[str]:
    """Every field that is named, as often as it is."""
    match node:
        case Field(name):
            yield name
        case Call(_, of) if of is not None:
            yield from fields_of(of)
        case Sign(of):
            yield from fields_of(of)
        case Pair(_, left, right):
            yield from fields_of(left)
            yield from fields_of(right)


def has_total(node: Node) -> bool:
    """Does it add up rows?"""
    match node:
        case Call(name, of):
            return name in TOTALS or (of is not None and has_total(of))
        case Sign(of):
            return has_total(of)
        case Pair(_, left, right):
            return has_total(left) or has_total(right)
    return False


def bare_fields(node: Node) -> Iterator[str]:
    """Fields that stand in no total: a group has many values of them."""
    match node:
        case Field(name):
            yield name
        case Call(name, of) if of is not None and name not in TOTALS:
            yield from bare_fields(of)
        case Sign(of):
            yield from bare_fields(of)
        case Pair(_, left, right):
            yield from bare_fields(left)
            yield from bare_fields(right)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.token: tuple[str, str] | None = None
        self.start = 0
        self.step()

    def step(self) -> None:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            self.start = len(self.text) - len(self.text[self.at :].lstrip())
            if self.text[self.at :].strip():
                raise self.wrong()
            self.token = None
            return
        kind = str(found.lastgroup)
        self.token, self.start, self.at = (kind, found[kind]), found.start(kind), found.end()

    def wrong(self) -> BadFormula:
        return BadFormula(self.start, self.text[self.start : self.start + 10])

    def takes(self, *signs: str) -> str | None:
        """The sign, if it is one of these; the next token is at hand then."""
        if self.token is None or self.token[0] != "sign" or self.token[1] not in signs:
            return None
        sign = self.token[1]
        self.step()
        return sign

    def sum(self, deep: int) -> Node:
        left = self.product(deep)
        while op := self.takes("+", "-"):
            left = Pair(op, left, self.product(deep))
        return left

    def product(self, deep: int) -> Node:
        left = self.signed(deep)
        while op := self.takes("*", "/"):
            left = Pair(op, left, self.signed(deep))
        return left

    def signed(self, deep: int) -> Node:
        return Sign(self.atom(deep)) if self.takes("-") else self.atom(deep)

    def atom(self, deep: int) -> Node:
        if deep > DEEPEST or self.token is None:
            raise self.wrong()
        kind, text = self.token
        if kind == "sign":
            return self.parted(deep)
        here = self.start
        self.step()
        if kind == "number":
            return Number(float(text))
        return self.call(text, here, deep) if self.takes("(") else Field(text)

    def parted(self, deep: int) -> Node:
        if not self.takes("("):
            raise self.wrong()
        inner = self.sum(deep + 1)
        if not self.takes(")"):
            raise self.wrong()
        return inner

    def call(self, name: str, here: int, deep: int) -> Node:
        if name not in (*TOTALS, "round"):
            raise BadFormula(here, name)
        if self.takes(")"):
            if name != "count":
                raise BadFormula(here, name)
            return Call(name, None)
        inner = self.sum(deep + 1)
        if not self.takes(")"):
            raise self.wrong()
        if name in TOTALS and has_total(inner):
            raise BadFormula(here, name)
        return Call(name, inner)
