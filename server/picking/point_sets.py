"""Sets of points, numbered: what many carts have to touch, as arrays of numbers.

A lane is a part of the floor; a set lies in one lane, and is numbered when it is first met. What
a set becomes with one order's points is worked out once and looked up from then on.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Needs = NDArray[np.int32]
"""[cart, lane]: for each lane the number of the set that the cart has to touch there."""
Orders = NDArray[np.intp]
Points = tuple[int, ...]

_ROOM = 1024


class PointSets:
    """``orders``: by lane the points that an order has there."""

    def __init__(self, lanes: int, orders: Sequence[Mapping[int, Points]]) -> None:
        self.known: list[tuple[int, Points]] = []
        """By number its lane and its points, in order."""
        self._numbers: dict[tuple[int, Points], int] = {}
        shares: list[dict[Points, int]] = [{(): 0} for _ in range(lanes)]
        parts = [
            [
                shares[lane].setdefault(order.get(lane, ()), len(shares[lane]))
                for lane in range(lanes)
            ]
            for order in [*orders, {}]
        ]
        self._shares = [list(found) for found in shares]
        """By lane the points that one order or another has there, none first."""
        self._parts = np.array(parts, np.int32)
        """[order, lane]: which of the lane's shares; the last order asks for nothing."""
        self._width = max(map(len, shares))
        self._after = np.full(_ROOM * self._width, -1, np.int32)
        """[set, share]: the set of both, -1 until somebody asks."""
        self.nothing = np.array([self._number(lane, ()) for lane in range(lanes)], np.int32)

    @property
    def nobody(self) -> int:
        """The order that asks for nothing."""
        return len(self._parts) - 1

    def with_orders(self, needs: Needs, orders: Orders) -> Needs:
        """What each cart has to touch with one more order."""
        at = needs.astype(np.intp) * self._width + self._parts[orders]
        found: Needs = self._after.take(at)
        new = found < 0
        if new.any():
            for pair in np.unique(at[new]).tolist():
                self._join(pair)
            found = self._after.take(at)
        return found

    def _join(self, pair: int) -> None:
        one, share = divmod(pair, self._width)
        lane, points = self.known[one]
        both = tuple(sorted({*points, *self._shares[lane][share]}))
        number = self._number(lane, both)
        self._after[pair] = number

    def _number(self, lane: int, points: Points) -> int:
        number = self._numbers.setdefault((lane, points), len(self.known))
        if number == len(self.known):
            self.known.append((lane, points))
            if len(self._after) <= number * self._width:
                self._after = np.concatenate([self._after, np.full_like(self._after, -1)])
        return number
