"""Which orders share a cart, so that all carts together walk least.

Clarke & Wright's savings in the version (ii) of De Koster, Van der Poort & Wolters (International
Journal of Production Research 37(7), 1999), which reckons anew after each merger; then relocations
and exchanges between two carts, and ruin and recreate: some orders leave their carts and go back in
where they cost least. Every tour is the exact one. The same seed and rounds give the same carts,
more rounds never longer tours.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import exp
from random import Random

import msgspec

from server.picking.geometry import Layout, Spot
from server.picking.tours import Tours

Cart = frozenset[int]
"""Orders by their place in the list."""
_ENOUGH_ROUNDS, _ROUNDS_EACH = 1000, 16
_WORK, _BESIDE_LANES = 4_300_000, 17
"""A round costs as much as this many lanes, and its tours' lanes; together some eight seconds."""
_MOST_OUT = 20
_BY_CART, _AT_RANDOM, _NEIGHBOUR = 0.2, 0.2, 0.6
_IN_TURN, _OVERLOOKED = 0.1, 0.005
NOBODY: Cart = frozenset()
_NEVER = 1 << 40
_HOT, _WARM, _COLD = 0.1, 0.01, 0.002
"""How much worse than the present carts new ones may be at the first and at the last round, as a
share of a cart's tour, for even chances."""


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
    starts = [carts.savings(), carts.first_come()]
    heats = (_HOT, _WARM)
    if rounds is None:
        rounds = _rounds(len(orders), layout.aisles * len(layout.block_lengths))
    chance = Random(seed)  # noqa: S311  no secret
    for start, heat in zip(starts[:2], heats, strict=True):  # where one is stuck the other may not
        starts.append(_Search(carts, start, chance).run(rounds // 2, heat))
    best = min(starts, key=carts.total)
    return [[orders[o].id for o in sorted(cart)] for cart in sorted(best, key=min)]


def _rounds(orders: int, lanes: int) -> int:
    enough = max(_ENOUGH_ROUNDS, _ROUNDS_EACH * orders)
    return min(enough, _WORK // (max(1, orders) * (_BESIDE_LANES + lanes)))


def arrival(orders: Sequence[BatchOrder], capacity: Capacity) -> list[list[str]]:
    """First come, first served: each cart is filled before the next is begun."""
    return [[orders[o].id for o in sorted(cart)] for cart in _first_come(orders, capacity)]


def _loads(orders: Sequence[BatchOrder]) -> list[tuple[int, int, int, int]]:
    return [(o.totes, o.weight_g, o.volume_ml, len(o.spots)) for o in orders]


def _limits(c: Capacity) -> tuple[int, int, int, int]:
    no_end = _NEVER
    return c.totes or no_end, c.weight_g or no_end, c.volume_ml or no_end, c.picks or no_end


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
        self._fits: dict[Cart, bool] = {}

    def fits(self, cart: Cart) -> bool:
        known = self._fits.get(cart)
        if known is None:
            known = self._fits[cart] = len(cart) == 1 or self._is_light(cart)
        return known

    def _is_light(self, cart: Cart) -> bool:
        return all(sum([loads[order] for order in cart]) <= most for loads, most in self.bounds)

    def total(self, carts: Sequence[Cart]) -> int:
        return sum(self.tours.lengths(carts))

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

    def _savings(self, pairs: Iterable[tuple[Cart, Cart]]) -> dict[tuple[Cart, Cart], int]:
        fit = [(one, other) for one, other in pairs if self.fits(one | other)]
        alone = self.tours.length
        together = self.tours.lengths([one | other for one, other in fit])
        return {
            (one, other): alone(one) + alone(other) - length
            for (one, other), length in zip(fit, together, strict=True)
        }


def _last_of(cart: Cart) -> int:
    """Something to tell carts apart by, so that ties never go by chance."""
    return -min(cart)


class _Search:
    def __init__(self, carts: _Carts, start: Sequence[Cart], chance: Random) -> None:
        self.carts = carts
        self.length = carts.tours.length
        self.lengths = carts.tours.lengths
        self.chance = chance
        self.now = [*start]
        self.near = self._nearness()

    def run(self, rounds: int, warmth: float) -> list[Cart]:
        if not rounds:
            return [*self.now]
        self._exchange_all()
        best, least = [*self.now], self.carts.total(self.now)
        walked = least
        for at in range(rounds):
            before = [*self.now]
            heat = warmth * (_COLD / warmth) ** (at / rounds)
            self._recreate(self._ruin())
            self._exchange_some()
            after = self.carts.total(self.now)
            if not self._is_taken(after - walked, heat * walked / max(1, len(before))):
                self.now = before
                continue
            walked = after
            if after < least:
                best, least = [*self.now], after
        return best

    def _is_taken(self, longer: int, heat: float) -> bool:
        return longer <= 0 or (heat > 0 and self.chance.random() < exp(-longer / heat))

    def _nearness(self) -> list[list[int]]:
        """For each order the others, best company first: by what a shared tour saves."""
        orders = range(len(self.carts.orders))
        alone = self.lengths([frozenset([o]) for o in orders])
        pairs = list(combinations(orders, 2))
        saved = {
            pair: alone[pair[0]] + alone[pair[1]] - length
            for pair, length in zip(pairs, self.lengths(list(map(frozenset, pairs))), strict=True)
        }
        share = {(a, b): s / (1 + min(alone[a], alone[b])) for (a, b), s in saved.items()}
        return [
            sorted((o for o in orders if o != a), key=lambda o: -share[min(a, o), max(a, o)])
            for a in orders
        ]

    def _ruin(self) -> list[int]:
        """Take some orders that would go well together off their carts."""
        chance, orders = self.chance, len(self.carts.orders)
        seed = chance.randrange(orders)
        wanted = chance.randint(2, max(3, min(_MOST_OUT, orders * 2 // 3)))
        if chance.random() < _BY_CART:
            company = [o for cart in chance.sample(self.now, len(self.now)) for o in sorted(cart)]
        elif chance.random() < _AT_RANDOM:
            company = chance.sample(range(orders), orders)
        else:
            company = [o for o in self.near[seed] if chance.random() < _NEIGHBOUR]
        out = [seed, *(o for o in company if o != seed)][:wanted]
        chance.shuffle(out)
        gone = frozenset(out)
        self.now = [left for cart in self.now if (left := cart - gone)]
        return out

    def _recreate(self, out: list[int]) -> None:
        """Put them back, one at a time: first the one that would lose most by waiting, or in any
        order. Now and then the best cart is overlooked, or all would go back where they were."""
        in_turn = self.chance.random() < _IN_TURN
        self._walk_all(cart | {order} for order in out for cart in self.now)
        prices = {order: self._prices(order, self.now) for order in out}
        while out:
            order = out[0] if in_turn else max(out, key=lambda o: (_regret(prices[o]), -o))
            out.remove(order)
            at = self._cheapest(prices[order])
            if at == len(self.now):
                self.now.append(NOBODY)
                for other in out:
                    prices[other].append(prices[other][-1])
            self.now[at] |= {order}
            self._walk_all(self.now[at] | {other} for other in out)
            for other in out:
                prices[other][at] = self._prices(other, [self.now[at]])[0]

    def _cheapest(self, prices: Sequence[int]) -> int:
        seen = [at for at in range(len(prices)) if self.chance.random() >= _OVERLOOKED]
        best = min(seen, key=prices.__getitem__, default=len(prices) - 1)
        return best if prices[best] < _NEVER else prices.index(min(prices))

    def _walk_all(self, carts: Iterable[Cart]) -> None:
        """Many tours at once cost little more than one."""
        self.lengths([cart for cart in carts if self.carts.fits(cart)])

    def _prices(self, order: int, carts: Sequence[Cart]) -> list[int]:
        """What it costs to put the order on each of these carts, last on one of its own."""
        wider = [cart | {order} for cart in carts]
        fit = [cart for cart in wider if self.carts.fits(cart)]
        length = dict(zip(fit, self.lengths(fit), strict=True))
        alone = self.length(frozenset([order]))
        return [
            length[w] - (self.length(cart) if cart else 0) if w in length else _NEVER
            for w, cart in zip(wider, carts, strict=True)
        ] + [alone]

    def _exchange_all(self) -> None:
        """Until no relocation and no exchange between any two carts is worth it."""
        better = True
        while better:
            pairs = combinations(range(len(self.now)), 2)
            better = sum(self._exchange(a, b) for a, b in pairs) > 0
            self.now = [cart for cart in self.now if cart]

    def _exchange_some(self) -> None:
        if len(self.now) > 1:
            a, b = self.chance.sample(range(len(self.now)), 2)
            while self._exchange(a, b):
                pass
            self.now = [cart for cart in self.now if cart]

    def _exchange(self, a: int, b: int) -> bool:
        """The best move of one order, or exchange of two, between two carts, if it saves."""
        one, other = self.now[a], self.now[b]
        ways = [w for w in _ways(one, other) if all(not c or self.carts.fits(c) for c in w)]
        flat = [cart for way in ways for cart in way if cart]
        self.lengths(flat)
        length = self.carts.tours.length
        costs = [sum(length(cart) for cart in way if cart) for way in ways]
        have = sum(length(cart) for cart in (one, other) if cart)
        if not costs or min(costs) >= have:
            return False
        self.now[a], self.now[b] = ways[costs.index(min(costs))]
        return True


def _regret(prices: Sequence[int]) -> int:
    first, second, *_ = [*sorted(prices)[:2], _NEVER]
    return min(second, _NEVER) - first


def _ways(one: Cart, other: Cart) -> list[tuple[Cart, Cart]]:
    relocated = [(one - {o}, other | {o}) for o in sorted(one)]
    relocated += [(one | {o}, other - {o}) for o in sorted(other)]
    swapped = [(one - {a} | {b}, other - {b} | {a}) for a in sorted(one) for b in sorted(other)]
    return relocated + swapped
