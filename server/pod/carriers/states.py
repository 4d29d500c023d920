"""Where a consignment is, in one closed set of words for all carriers."""

from typing import Literal, get_args

State = Literal[
    "info_received",
    "picked_up",
    "in_transit",
    "customs",
    "at_centre",
    "out_for_delivery",
    "attempt_failed",
    "delivered",
    "exception",
    "returning",
    "returned",
    "cancelled",
    "unknown",
]
STATES: tuple[State, ...] = get_args(State)

UNDERWAY = frozenset({"picked_up", "in_transit", "customs", "at_centre"})
TOLD = frozenset({"attempt_failed", "exception", "cancelled"})
"""What nobody's books follow from, but somebody has to look at."""

MOVES: dict[str, dict[str, str]] = {
    "packed": {
        **dict.fromkeys(UNDERWAY, "in_transit"),
        "out_for_delivery": "out_for_delivery",
        "attempt_failed": "in_transit",
        "delivered": "closed",
        "returning": "returning",
        "returned": "returned",
    },
    "in_transit": {
        "out_for_delivery": "out_for_delivery",
        "delivered": "closed",
        "returning": "returning",
        "returned": "returned",
    },
    "out_for_delivery": {
        **dict.fromkeys(UNDERWAY, "in_transit"),
        "attempt_failed": "in_transit",
        "delivered": "closed",
        "returning": "returning",
        "returned": "returned",
    },
    "returning": {"returned": "returned"},
}
"""Shipment's state -> what a carrier says -> shipment's next state. All else moves nothing."""

LASTING = frozenset({"delivered", "returned"})
"""True whenever it is heard: a parcel that was handed over is so, however late that is told."""


def follows(shipment: str, said: str, *, is_late: bool) -> str | None:
    """The state that a shipment moves to; None where the event only goes on record.

    `is_late`: something that happened after it is known already.
    """
    if is_late and said not in LASTING:
        return None
    return MOVES.get(shipment, {}).get(said)
