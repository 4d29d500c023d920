"""What the exact programme remembers of a walk half built: the state of one aisle's crossings.

A state tells, for each crossing of the present aisle, whether the walk touches it, whether it
does so an even or odd number of times, and which touched crossings hang together already.
States are numbered as they are met, and what follows from each is kept for the next task: for
4 crossings there are 112 of them for closed walks, and as many again with one loose end.
"""

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

Marks = tuple[int, ...]
"""One number for each crossing, front first: 0 where the walk is not, otherwise twice the number
of its connected part (1, 2, … in order of appearance), plus 1 if it has met the crossing an odd
number of times."""


class Shape(NamedTuple):
    """How an aisle's part in one block looks from outside: passes at its front end, at its back
    end, and whether these hang together inside."""

    front: int
    back: int
    linked: bool


class Carry(NamedTuple):
    """A way to cross to the next aisle: the state there, the passes in each cross aisle, their
    sum."""

    to: int
    passes: tuple[int, ...]
    times: int


class _Follow(dict[int, int]):
    """From each state the one that a certain piece of walk leads to, worked out once."""

    def __init__(self, states: "States") -> None:
        super().__init__()
        self.states = states

    def after(self, marks: Marks) -> Marks:
        raise NotImplementedError

    def __missing__(self, state: int) -> int:
        to = self[state] = self.states.number(self.after(self.states.marks[state]))
        return to


class _Joined(_Follow):
    """The state after walking an aisle's part in a block."""

    def __init__(self, states: "States", block: int, shape: Shape) -> None:
        super().__init__(states)
        self.block = block
        self.shape = shape

    def after(self, marks: Marks) -> Marks:
        if self.shape.front:
            marks = _touched(marks, self.block, self.shape.front == 1)
        if self.shape.back:
            marks = _touched(marks, self.block + 1, self.shape.back == 1)
        if not self.shape.linked:
            return marks
        keep, gone = marks[self.block] // 2, marks[self.block + 1] // 2
        return _numbered([2 * keep + mark % 2 if mark // 2 == gone else mark for mark in marks])


class _Touched(_Follow):
    """The state after the walk had to meet a crossing: once more if it begins or ends there."""

    def __init__(self, states: "States", cross: int, *, odd: bool) -> None:
        super().__init__(states)
        self.cross = cross
        self.odd = odd

    def after(self, marks: Marks) -> Marks:
        return _touched(marks, self.cross, self.odd)


class States:
    """All states of so many crossings; state 0 is the walk not yet begun."""

    def __init__(self, crossings: int) -> None:
        self.marks: list[Marks] = [(0,) * crossings]
        self._numbers = {self.marks[0]: 0}
        self._joined: dict[tuple[int, Shape], _Follow] = {}
        self._touched: dict[tuple[int, bool], _Follow] = {}
        self._carried: dict[int, list[Carry]] = {}

    def number(self, marks: Marks) -> int:
        number = self._numbers.setdefault(marks, len(self.marks))
        if number == len(self.marks):
            self.marks.append(marks)
        return number

    def joined(self, block: int, shape: Shape) -> _Follow:
        found = self._joined.get((block, shape))
        return found or self._joined.setdefault((block, shape), _Joined(self, block, shape))

    def touched(self, cross: int, *, odd: bool) -> _Follow:
        found = self._touched.get((cross, odd))
        return found or self._touched.setdefault((cross, odd), _Touched(self, cross, odd=odd))

    def carried(self, state: int) -> list[Carry]:
        """Every way to cross to the next aisle that leaves this one's crossings even and no part
        of the walk behind."""
        if state not in self._carried:
            self._carried[state] = self._ways(self.marks[state])
        return self._carried[state]

    def is_whole(self, state: int) -> bool:
        """Is this a walk: all in one part, every crossing met an even number of times?"""
        return set(self.marks[state]) <= {0, 2}

    def _ways(self, state: Marks) -> list[Carry]:
        ways = []
        for passes in product(*[(1,) if m % 2 else (0, 2) if m else (0,) for m in state]):
            marks = [
                (mark & ~1) + times % 2 if times else 0
                for mark, times in zip(state, passes, strict=True)
            ]
            if {mark // 2 for mark in marks if mark} == {mark // 2 for mark in state if mark}:
                ways.append(Carry(self.number(_numbered(marks)), passes, sum(passes)))
        return ways


@cache
def states(crossings: int) -> States:
    return States(crossings)


def _touched(marks: Marks, cross: int, odd: bool) -> Marks:
    after = list(marks)
    after[cross] = (after[cross] or 2 * (len(marks) + 1)) ^ odd
    return _numbered(after)


def _numbered(marks: Sequence[int]) -> Marks:
    """The same state with its parts numbered in order of appearance."""
    numbers: dict[int, int] = {}
    return tuple(
        2 * numbers.setdefault(mark // 2, len(numbers) + 1) + mark % 2 if mark else 0
        for mark in marks
    )
