"""Ruin and recreate over the carts of a wave: some orders leave their carts and go back in where
they cost least, again and again, and longer tours are gone on from less and less.

A round shares the carts out into groups of neighbours. In each group many trials are made from
the same carts, all in step, because the tours of thousands of carts cost little more than those
of one (``tours``). Each group goes on from the best of its trials; groups share no cart.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from server.picking.recreate import Loads, Recreate, Trials
from server.picking.tours import Tours

_TRIALS = 64
"""Of a round, all groups together."""
_GROUP = 6
_MOST_OUT = 12
_BY_CART, _AT_RANDOM = 0.1, 0.1
_WARM, _COLD = 0.35, 0.01
"""By how much, at the mean, a trial may look shorter than it is, in the first and in the last
round: as a share of one passage of an aisle, which is what good carts save."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Carts = list[list[int]]
"""Orders of each cart."""


class Search:
    def __init__(self, tours: Tours, loads: Loads, seed: int) -> None:
        self.tours = tours
        self.loads = loads
        self.nobody = tours.nobody
        self.chance = np.random.Generator(np.random.PCG64(seed))
        self.ranks = self._ranks()
        self.marks = np.append(self.chance.integers(1 << 50, size=self.nobody), 0)
        """Carts of other orders have another sum of these."""

    def _ranks(self) -> Ints:
        """[one, other]: how good company the other is, 0 best (itself), by what a shared tour
        saves."""
        alone = self.tours.lengths(self.tours.needs([[order] for order in range(self.nobody)]))
        pairs = list(combinations(range(self.nobody), 2))
        shares = np.full((self.nobody, self.nobody), np.inf)
        for (a, b), both in zip(pairs, self.tours.lengths(self.tours.needs(pairs)), strict=True):
            saved = alone[a] + alone[b] - both
            shares[a, b] = shares[b, a] = saved / (1 + min(alone[a], alone[b]))
        best_first = np.argsort(-shares, axis=1, kind="stable")
        return np.argsort(best_first, axis=1)

    def run(self, start: Sequence[Sequence[int]], rounds: int) -> Carts:
        """The best carts met in so many rounds from these."""
        now = [*map(list, start), []]
        lengths = self.tours.lengths(self.tours.needs(now))
        best, least = now, lengths.sum()
        for at in range(rounds):
            heat = _WARM * (_COLD / _WARM) ** (at / rounds) * self.tours.passage
            groups = self._groups(now)
            trials = self._trials(now, groups)
            for group, trial in self._taken(now, lengths, groups, trials, heat):
                now, lengths = self._gone_on(now, lengths, groups[group], trials, trial)
            if lengths.sum() < least:
                best, least = now, lengths.sum()
        return [cart for cart in best if cart]

    def _groups(self, carts: Carts) -> Ints:
        """Carts by their place, in groups of neighbours, [group, cart]; ``len(carts)``: none."""
        count = len(carts)
        holds = np.zeros((count, self.nobody), np.int64)
        for at, cart in enumerate(carts):
            holds[at, cart] = 1
        held = holds.sum(axis=1)
        far = (holds @ self.ranks @ holds.T) / np.maximum(1, held[:, None] * held)
        far = np.where(held > 0, far, self.nobody / 2) * self.chance.random(far.shape)
        left, groups = self.chance.permutation(count).tolist(), []
        while left:
            first, *others = left
            group = [first, *sorted(others, key=far[first].__getitem__)[: _GROUP - 1]]
            left = [cart for cart in left if cart not in group]
            groups.append(group + [count] * (_GROUP - len(group)))
        return np.array(groups)

    def _trials(self, carts: Carts, groups: Ints) -> Trials:
        of = np.repeat(groups, -(-_TRIALS // len(groups)), axis=0)
        out = self._ruin(carts, of)
        gone = np.zeros((len(of), self.nobody + 1), bool)
        np.put_along_axis(gone, out, values=True, axis=1)
        seats = self._seats(carts, out.shape[1])[of]
        is_gone = gone[np.arange(len(of))[:, None, None], seats]
        seats = np.where(is_gone, self.nobody, seats)
        recreate = Recreate(self.tours, self.loads, self.chance, seats, of == len(carts))
        return recreate.all_in(out)

    def _seats(self, carts: Carts, free: int) -> Ints:
        """Who sits where, [cart, seat], so many more seats than the fullest cart needs; last the
        cart that is none."""
        most = max(map(len, carts)) + free
        return np.array([[*cart, *[self.nobody] * (most - len(cart))] for cart in (*carts, [])])

    def _ruin(self, carts: Carts, of: Ints) -> Ints:
        """For each trial the orders that leave the carts of its group, [trial, order]: such as go
        well together, whole carts, or any."""
        chance = self.chance
        wanted = int(chance.integers(2, min(_MOST_OUT, self.nobody) + 1))
        place = self._places(carts, of)
        dice = chance.random(place.shape)
        seed = np.argmax(np.where(place < 0, -1, dice), axis=1)
        kind = chance.random(len(of))[:, None]
        by_cart = np.take_along_axis(chance.random((len(of), _GROUP + 1)), place, axis=1)
        keys = self.ranks[seed] * chance.random(place.shape)
        keys = np.where(kind < _BY_CART + _AT_RANDOM, dice, keys)
        keys = np.where(kind < _BY_CART, by_cart + dice / 1000, keys)
        keys[place < 0] = np.inf
        out = np.argsort(keys, axis=1, kind="stable")[:, :wanted]
        return np.where(np.isinf(np.take_along_axis(keys, out, axis=1)), self.nobody, out)

    def _places(self, carts: Carts, of: Ints) -> Ints:
        """The place in its trial's group of each order's cart, [trial, order]; -1: not in it."""
        cart_of = np.zeros(self.nobody, np.int64)
        for at, cart in enumerate(carts):
            cart_of[cart] = at
        place = np.full((len(of), len(carts) + 1), -1)
        np.put_along_axis(place, of, np.arange(_GROUP)[None], axis=1)
        return place[:, cart_of]

    def _taken(
        self, carts: Carts, lengths: Floats, groups: Ints, trials: Trials, heat: float
    ) -> list[tuple[int, int]]:
        """By group the trial to go on from, if there is one: it looks no longer than the carts
        are now, and it is another way to share them."""
        shape = (len(groups), len(trials.seats) // len(groups))
        looks = trials.lengths.sum(axis=1).reshape(shape)
        looks -= heat * self.chance.exponential(size=shape)
        looks[~self._is_other(carts, groups, trials).reshape(shape)] = np.inf
        best = np.argmin(looks, axis=1)
        have = np.append(lengths, 0)[groups].sum(axis=1)
        good = np.flatnonzero(looks[np.arange(len(groups)), best] <= have)
        return [(int(at), int(at * shape[1] + best[at])) for at in good]

    def _is_other(self, carts: Carts, groups: Ints, trials: Trials) -> NDArray[np.bool_]:
        """Are some orders of a trial in other company than before?"""
        before = self.marks[self._seats(carts, 0)].sum(axis=1)[groups]
        before = np.repeat(before, len(trials.seats) // len(groups), axis=0)
        after = self.marks[trials.seats].sum(axis=2)
        other: NDArray[np.bool_] = (np.sort(before) != np.sort(after)).any(axis=1)
        return other

    def _gone_on(
        self, carts: Carts, lengths: Floats, group: Ints, trials: Trials, trial: int
    ) -> tuple[Carts, Floats]:
        after, walked = [*carts], lengths.copy()
        for place, cart in enumerate(group.tolist()):
            if cart < len(carts):
                seats = trials.seats[trial, place]
                after[cart] = seats[seats < self.nobody].tolist()
                walked[cart] = trials.lengths[trial, place]
        return after, walked
