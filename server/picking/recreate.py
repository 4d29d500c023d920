"""Orders put back on carts where they cost least, in many trials at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from server.picking.tours import Tours

_FULL = 1 << 50
_IN_TURN, _OVERLOOKED = 0.1, 0.005
_FAR, _FARTHER = 1e7, 1e9
"""Prices of a cart that was overlooked, and of one that has no room."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Loads(NamedTuple):
    """What each order takes of a cart, [order, kind], the last one, nobody, nothing; the first
    kind is the number of orders. And how much a cart has of each kind."""

    orders: Ints
    most: Ints


class Trials(NamedTuple):
    """The orders in the seats of each trial's carts, [trial, cart, seat], and what the carts
    walk, [trial, cart]: for ever where an order found no room."""

    seats: Ints
    lengths: Floats


class Recreate:
    """``seats``: [trial, cart, seat], with seats for all that are out; ``none``: [trial, cart],
    the carts that are not there."""

    def __init__(
        self,
        tours: Tours,
        loads: Loads,
        chance: np.random.Generator,
        seats: Ints,
        none: NDArray[np.bool_],
    ) -> None:
        self.tours = tours
        self.takes, self.most = loads
        self.chance = chance
        self.seats = seats
        self.trials = np.arange(len(seats))
        needs = tours.nothing(none.size)
        for seat in range(seats.shape[2]):
            orders = seats[:, :, seat].ravel()
            if orders.min() < tours.nobody:
                needs = tours.with_orders(needs, orders)
        self.needs = needs.reshape(*none.shape, -1)
        self.lengths = tours.lengths(needs).reshape(none.shape)
        self.loads = self.takes[seats].sum(axis=2)
        self.loads[none] = _FULL

    def all_in(self, out: Ints) -> Trials:
        """Put these in, [trial, order], one in each trial at a time: first the one that would
        lose most by waiting, or in any order. Now and then a cart is overlooked, or all would go
        back where they were."""
        self.out = out
        self.left = np.ones(out.shape, bool)
        self.is_short = np.zeros(len(out), bool)
        self.prices = np.full((*out.shape, self.seats.shape[1]), np.inf)
        self._price(*np.indices(self.prices.shape).reshape(3, -1))
        in_turn = self.chance.random(len(out)) < _IN_TURN
        for at in range(out.shape[1]):
            overlooked = self.chance.random((len(out), 1, self.seats.shape[1])) < _OVERLOOKED
            seen = np.where(overlooked, np.maximum(self.prices, _FAR), self.prices)
            which = np.where(in_turn, at, np.argmax(self._regrets(seen), axis=1))
            cart = np.argmin(seen[self.trials, which], axis=1)
            self._put(which, cart)
            trial, which = np.nonzero(self.left)
            self._price(trial, which, cart[trial])
        self.lengths[self.is_short] = np.inf
        return Trials(self.seats, self.lengths)

    def _regrets(self, prices: Floats) -> Floats:
        two = np.minimum(np.partition(prices, 1, axis=2)[:, :, :2], _FARTHER)
        return np.where(self.left, two[:, :, 1] - two[:, :, 0], -1.0)

    def _put(self, which: Ints, cart: Ints) -> None:
        at = (self.trials, cart)
        order = self.out[self.trials, which]
        price = self.prices[self.trials, which, cart]
        self.is_short |= np.isinf(price)
        self.lengths[at] += np.where(np.isinf(price), 0, price)
        self.loads[at] += self.takes[order]
        self.needs[at] = self.tours.with_orders(self.needs[at], order)
        seat = np.argmax(self.seats[at] == self.tours.nobody, axis=1)
        self.seats[self.trials, cart, seat] = order
        self.left[self.trials, which] = False

    def _price(self, trial: Ints, which: Ints, cart: Ints) -> None:
        """What it costs to put these orders on these carts."""
        order, load = self.out[trial, which], self.loads[trial, cart]
        fits = (load + self.takes[order] <= self.most).all(axis=1) | (load[:, 0] == 0)
        self.prices[trial, which, cart] = np.inf
        trial, which, cart, order = trial[fits], which[fits], cart[fits], order[fits]
        if len(trial):
            lengths = self.tours.lengths(self.tours.with_orders(self.needs[trial, cart], order))
            self.prices[trial, which, cart] = lengths - self.lengths[trial, cart]
