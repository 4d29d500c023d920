"""Mixed shelves: an item lies in several places, and the route says which of them to pick from.

The choice of a place and the walk are made together: from several first choices, one line after
the other goes wherever the whole walk then is shortest, until no line can do better; then three
lines at once are thrown anew and the best choice is kept. The budget is a number of throws.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from math import prod
from random import Random

import msgspec

from server.picking.geometry import Layout, Spot
from server.picking.ranks import LIGHT, Stop
from server.picking.routes import Policy, Route, cost, is_exact, route

_THROWS = 30
_THROWN = 3
_FEW = 100
"""Choices that are all tried."""
_SEED = 20
_MOST_SPLIT = 3
"""A line is picked in as few places as hold enough, and never sought in more than these."""


class Location(msgspec.Struct, frozen=True):
    """A place where the item lies; ``qty`` None: enough for any line."""

    spot: Spot
    qty: int | None = None


class Line(msgspec.Struct, frozen=True):
    qty: int
    locations: tuple[Location, ...]
    rank: int = LIGHT
    tote: str = ""


class Picked(msgspec.Struct, frozen=True):
    """``chosen`` has the places of each line, as indices. ``route.order`` counts the places of
    all lines one after the other, as ``lines`` names the line of each. ``proven``: no other
    choice has a shorter walk."""

    chosen: tuple[tuple[int, ...], ...]
    lines: tuple[int, ...]
    route: Route
    proven: bool


class NotEnough(ValueError):
    """The places of a line together hold too little."""

    def __init__(self, line: int) -> None:
        super().__init__(f"the locations of lines[{line}] hold too little")
        self.line = line


_Option = tuple[int, ...]
_Choice = tuple[_Option, ...]


def route_scattered(
    layout: Layout, start: Spot, end: Spot, lines: Sequence[Line], policy: Policy = "optimal"
) -> Picked:
    """Places for every line and the route past them.

    The places are those that suit the shortest walk, whatever the policy. Raises ``NotEnough``.
    """
    options = [_options(at, line) for at, line in enumerate(lines)]
    search = _Search(layout, start, end, lines, options)
    chosen = search.best()
    owners = tuple(at for at, option in enumerate(chosen) for _ in option)
    stops = [
        Stop(lines[at].locations[place].spot, lines[at].rank, lines[at].tote)
        for at, option in enumerate(chosen)
        for place in option
    ]
    found = route(layout, start, end, stops, policy)
    return Picked(chosen, owners, found, proven=found.proven and search.few)


def _options(at: int, line: Line) -> list[_Option]:
    """The sets of places that hold enough, none of which could be spared; fewest places first."""
    found: list[_Option] = []
    for size in range(1, min(_MOST_SPLIT, len(line.locations)) + 1):
        for places in combinations(range(len(line.locations)), size):
            spared = any(set(option) <= set(places) for option in found)
            if not spared and _holds(line, places):
                found.append(places)
    if found:
        return found
    everywhere = tuple(range(len(line.locations)))
    if not _holds(line, everywhere):
        raise NotEnough(at)
    return [everywhere]


def _holds(line: Line, places: _Option) -> bool:
    stock = [line.locations[place].qty for place in places]
    return None in stock or sum(qty or 0 for qty in stock) >= line.qty


def _roughly(layout: Layout, start: Spot, end: Spot, spots: Sequence[Spot]) -> float:
    """As ``cost``, where that would take too long to be asked hundreds of times."""
    stops = [Stop(spot) for spot in spots]
    rough: tuple[Policy, ...] = ("combined", "nearest")
    return min(route(layout, start, end, stops, policy).length for policy in rough) / 10


class _Search:
    def __init__(
        self,
        layout: Layout,
        start: Spot,
        end: Spot,
        lines: Sequence[Line],
        options: Sequence[Sequence[_Option]],
    ) -> None:
        self.lines = lines
        self.options = options
        self.few = prod(map(len, options)) <= _FEW
        self.walk: Callable[[Sequence[Spot]], float] = lambda spots: (
            cost(layout, start, end, spots)
            if is_exact(layout, [start, end, *spots])
            else _roughly(layout, start, end, spots)
        )
        self.near = lambda spot: layout.distance(start, spot) + layout.distance(spot, end)
        self.known: dict[frozenset[Spot], float] = {}

    def best(self) -> _Choice:
        if self.few:
            return min(product(*self.options), key=self.length)
        settled = [self.settle(choice) for choice in self.first_choices()]
        best = min(settled, key=self.length)
        random = Random(_SEED)  # noqa: S311 - a search, not a secret
        loose = [at for at, options in enumerate(self.options) if len(options) > 1]
        for _ in range(_THROWS):
            thrown = list(best)
            for at in random.sample(loose, min(_THROWN, len(loose))):
                thrown[at] = random.choice(self.options[at])
            best = min(best, self.settle(tuple(thrown)), key=self.length)
        return best

    def first_choices(self) -> Iterator[_Choice]:
        """The first place; the nearest; the one that lengthens the walk so far least."""
        yield tuple(options[0] for options in self.options)
        yield tuple(
            min(options, key=lambda option: sum(map(self.near, self.spots(at, option))))
            for at, options in enumerate(self.options)
        )
        yield self.inserted()

    def inserted(self) -> _Choice:
        few_first = sorted(range(len(self.lines)), key=lambda at: (len(self.options[at]), at))
        chosen: dict[int, _Option] = {}
        for at in few_first:
            with_each = [{**chosen, at: option} for option in self.options[at]]
            chosen = min(with_each, key=self.length_of)
        return tuple(chosen[at] for at in range(len(self.lines)))

    def settle(self, choice: _Choice) -> _Choice:
        better = True
        while better:
            better = False
            for at, options in enumerate(self.options):
                others = [(*choice[:at], option, *choice[at + 1 :]) for option in options]
                best = min(others, key=self.length)
                if self.length(best) < self.length(choice):
                    choice, better = best, True
        return choice

    def spots(self, at: int, option: _Option) -> list[Spot]:
        return [self.lines[at].locations[place].spot for place in option]

    def length(self, choice: _Choice) -> float:
        return self.length_of(dict(enumerate(choice)))

    def length_of(self, chosen: dict[int, _Option]) -> float:
        spots = frozenset(spot for at, option in chosen.items() for spot in self.spots(at, option))
        if spots not in self.known:
            self.known[spots] = self.walk(sorted(spots))
        return self.known[spots]
