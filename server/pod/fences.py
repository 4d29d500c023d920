"""How far from the customer's door a proof was given. Pure.

A device says where it was; where the door is, the server knows better. Only a door counts that the
order brought or where vans stood before: the middle of a town says nothing about a street.
"""

from typing import Any, Literal

from server.pod.distances import Spot, great_circle_m
from server.pod.evidence import PositionV1

DOORS = ("order", "address")
"""Who may have known where a stop is for it to count as its door."""


def door_of(stop: Any) -> Spot | None:
    """`stop`: its row. None while nobody knows its door."""
    if stop is None or stop.placed_by not in DOORS or stop.lat_e7 is None:
        return None
    return Spot(stop.lat_e7, stop.lon_e7)


def fence(
    position: PositionV1 | None, door: Spot | None, within_m: int
) -> Literal["", "near", "far"]:
    """Empty where either is unknown. What the device could not tell apart counts as near."""
    if position is None or door is None:
        return ""
    off = great_circle_m(Spot(position.lat_e7, position.lon_e7), door)
    return "far" if off > within_m + position.acc_cm / 100 else "near"
