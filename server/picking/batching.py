"""Which orders share a cart, so that all carts together walk least.

Clarke & Wright's savings in the version (ii) of De Koster, Van der Poort & Wolters (International
Journal of Production Research 37(7), 1999), which reckons anew after each merger; then ruin and
recreate (``wave_search``), from there or from first come, first served. Every tour is the exact
one. The same seed and rounds give the same carts.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

import msgspec
import numpy as np

from server.picking.geometry import Layout, Spot
from server.picking.recreate import Loads
from server.picking.tours import Tours
from server.picking.wave_search import Search

Cart = frozenset[int]
"""Orders by their place in the list."""
_NEVER = 1 << 40
_LEAST_ROUNDS, _ORDERS_SQUARED = 4, 5
_BUDGET = 1_300_000
_BESIDE, _BESIDE_EACH = 600, 6
"""What all rounds may cost, some seven seconds, and what one costs beside its tours and beside
that for each order; in the same measure as theirs."""


class BatchOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as a cart sees it. `totes`, `weight_g`, `volume_ml`: what it takes of the cart."""

    id: str
    spots: tuple[Spot, ...]
    totes: int = 1
    weight_g: int = 0
    volume_ml: int = 0


class Capacity(msgspec.Struct, frozen=True, kw_only=True):
    """What one cart takes; 0 is without limit. `picks`: stops of one tour."""

    totes: int = 0
    weight_g: int = 0
    volume_ml: int = 0
    picks: int = 0


def batch(
    layout: Layout,
    depot: Spot,
    orders: Sequence[BatchOrder],
    capacity: Capacity,
    seed: int = 0,
    rounds: int | None = None,
) -> list[list[str]]:
    """Ids of the orders of each cart. An order too large for any cart has one to itself.

    ``rounds`` of ruin and recreate; without it so many as take some seconds, whatever the machine.

    Never longer in all than first come, first served, or than savings alone.
    """
    carts = _Carts(layout, depot, orders, capacity)
    best = min([carts.savings(), carts.first_come()], key=carts.total)
    if rounds is None:
        rounds = _rounds(len(orders), carts.tours.work)
    if rounds and len(orders) > 1:
        best = min([best, carts.searched(best, rounds, seed)], key=carts.total)
    return [[orders[o].id for o in sorted(cart)] for cart in sorted(best, key=min)]


def arrival(orders: Sequence[BatchOrder], capacity: Capacity) -> list[list[str]]:
    """First come, first served: each cart is filled before the next is begun."""
    return [[orders[o].id for o in sorted(cart)] for cart in _first_come(orders, capacity)]


def _loads(orders: Sequence[BatchOrder]) -> list[tuple[int, int, int, int]]:
    return [(o.totes, o.weight_g, o.volume_ml, len(o.spots)) for o in orders]


def _limits(c: Capacity) -> tuple[int, int, int, int]:
    no_end = _NEVER
    return c.totes or no_end, c.weight_g or no_end, c.volume_ml or no_end, c.picks or no_end


def _rounds(orders: int, work: int) -> int:
    enough = _BUDGET // (_BESIDE + _BESIDE_EACH * orders + work)
    return max(_LEAST_ROUNDS, min(orders * orders // _ORDERS_SQUARED, enough))


def _first_come(orders: Sequence[BatchOrder], capacity: Capacity) -> list[Cart]:
    loads, limits = _loads(orders), _limits(capacity)
    carts: list[list[int]] = []
    full = limits
    for order, load in enumerate(loads):
        after = tuple(a + b for a, b in zip(full, load, strict=True))
        if not carts or any(a > most for a, most in zip(after, limits, strict=True)):
            carts.append([])
            after = load
        carts[-1].append(order)
        full = (after[0], after[1], after[2], after[3])
    return [frozenset(cart) for cart in carts]


class _Carts:
    """The question: what fits into a cart, and how far a cart walks."""

    def __init__(
        self, layout: Layout, depot: Spot, orders: Sequence[BatchOrder], capacity: Capacity
    ) -> None:
        self.orders = orders
        self.capacity = capacity
        self.tours = Tours(layout, depot, [order.spots for order in orders])
        bounds = zip(zip(*_loads(orders), strict=True), _limits(capacity), strict=True)
        self.bounds = [(loads, most) for loads, most in bounds if sum(loads) > most]
        """What each order takes of what there may be too little of, and how much there is."""
        self._known: dict[Cart, float] = {}

    def fits(self, cart: Cart) -> bool:
        return all(sum([loads[order] for order in cart]) <= most for loads, most in self.bounds)

    def total(self, carts: Sequence[Cart]) -> float:
        return sum(self.lengths(carts))

    def lengths(self, carts: Sequence[Cart]) -> list[float]:
        known = self._known
        new = [cart for cart in dict.fromkeys(carts) if cart not in known]
        found = self.tours.lengths(self.tours.needs([sorted(cart) for cart in new]))
        known.update(zip(new, found.tolist(), strict=True))
        return [known[cart] for cart in carts]

    def first_come(self) -> list[Cart]:
        return _first_come(self.orders, self.capacity)

    def savings(self) -> list[Cart]:
        """Merge the two carts that save most by it, until nothing more fits or saves."""
        carts = [frozenset([order]) for order in range(len(self.orders))]
        saved = self._savings(combinations(carts, 2))
        while saved:
            one, other = max(saved, key=lambda pair: (saved[pair], *map(_last_of, pair)))
            if saved[one, other] <= 0:
                break
            gone, merged = {one, other}, one | other
            carts = [cart for cart in carts if cart not in gone]
            saved = {pair: s for pair, s in saved.items() if gone.isdisjoint(pair)}
            saved |= self._savings((cart, merged) for cart in carts)
            carts.append(merged)
        return carts

    def _savings(self, pairs: Iterable[tuple[Cart, Cart]]) -> dict[tuple[Cart, Cart], float]:
        fit = [(one, other) for one, other in pairs if self.fits(one | other)]
        lengths = (self.lengths(list(carts)) for carts in zip(*fit, strict=True)) if fit else ()
        together = self.lengths([one | other for one, other in fit])
        return {
            pair: one + other - both
            for pair, one, other, both in zip(fit, *lengths, together, strict=True)
        }

    def searched(self, start: Sequence[Cart], rounds: int, seed: int) -> list[Cart]:
        """The best carts met in so many rounds of ruin and recreate from these."""
        kinds = [[1] * len(self.orders), *(loads for loads, _ in self.bounds)]
        loads = np.array([[*kind, 0] for kind in kinds], np.int64).T
        most = np.array([_NEVER, *(most for _, most in self.bounds)], np.int64)
        search = Search(self.tours, Loads(loads, most), seed)
        return [frozenset(cart) for cart in search.run([sorted(cart) for cart in start], rounds)]


def _last_of(cart: Cart) -> int:
    """Something to tell carts apart by, so that ties never go by chance."""
    return -min(cart)
