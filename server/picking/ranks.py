"""What must be picked before what: heavy goods under light ones, a hand-over after its goods."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import msgspec

from server.picking.geometry import Spot

PICK_UP, HEAVY, LIGHT, DROP_OFF = -1, 0, 1, 9
"""Ranks: an empty tote or a hand-over to fetch first, goods, where the tote is to be left."""

Order = Sequence[int]
Rule = Callable[[Order], bool]
"""May stops be met in this order?"""


class Stop(msgspec.Struct, frozen=True):
    """Where to pick, and into what.

    Within one ``tote`` the stops of a lower ``rank`` come first; totes do not wait for each
    other. Give all stops one tote for the strict rule over the whole cart. A tote's drop-off is
    a stop of the rank ``DROP_OFF``, so every tote may have its own.
    """

    spot: Spot
    rank: int = HEAVY
    tote: str = ""


def is_ranked(stops: Sequence[Stop]) -> bool:
    """Does any stop have to wait for another?"""
    ranks: dict[str, set[int]] = defaultdict(set)
    for stop in stops:
        ranks[stop.tote].add(stop.rank)
    return any(len(found) > 1 for found in ranks.values())


def in_rank(order: Order, stops: Sequence[Stop]) -> list[int]:
    """The same stops in as few repetitions of ``order`` as the ranks allow."""
    left, done = list(order), []
    while left:
        waiting: list[int] = []
        ranks: dict[str, list[int]] = defaultdict(list)
        for at in left:
            ranks[stops[at].tote].append(stops[at].rank)
        for at in left:
            stop = stops[at]
            if stop.rank == min(ranks[stop.tote]):
                ranks[stop.tote].remove(stop.rank)
                done.append(at)
            else:
                waiting.append(at)
        left = waiting
    return done


def rank_rule(stops: Sequence[Stop]) -> Rule:
    def keeps(order: Order) -> bool:
        reached: dict[str, int] = {}
        for at in order:
            stop = stops[at]
            if stop.rank < reached.get(stop.tote, stop.rank):
                return False
            reached[stop.tote] = stop.rank
        return True

    return keeps


def two_halves(stops: Sequence[Stop]) -> tuple[list[int], list[int]] | None:
    """The stops of either rank, if there are just two and all stops share a tote."""
    ranks = sorted({stop.rank for stop in stops})
    if len(ranks) != 2 or len({stop.tote for stop in stops}) > 1:
        return None
    first, second = ([at for at, s in enumerate(stops) if s.rank == rank] for rank in ranks)
    return first, second
