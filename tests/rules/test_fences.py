"""How far from the door a proof was given, and what that says."""

from types import SimpleNamespace
from typing import Any

import pytest

from server.pod.distances import Spot
from server.pod.evidence import PositionV1
from server.pod.fences import door_of, fence

DOOR = Spot(52_520_0000 * 10, 13_400_0000 * 10)
METRE_E7 = 89.93
"""Of latitude: 10⁷ degrees over the meridian's metres."""


def at(metres_north: float, acc_m: float = 10) -> PositionV1:
    north = DOOR.lat_e7 + round(metres_north * METRE_E7)
    return PositionV1(lat_e7=north, lon_e7=DOOR.lon_e7, acc_cm=round(acc_m * 100), age_ms=0)


@pytest.mark.parametrize(
    ("metres", "acc_m", "found"),
    [
        (0, 10, "near"),
        (495, 10, "near"),
        (505, 10, "near"),  # within what the device could tell
        (515, 10, "far"),
        (5_000, 10, "far"),
        (5_000, 6_000, "near"),  # a cell of the network, no fix
        (-600, 0, "far"),
    ],
)
def test_the_device_is_believed_within_its_accuracy(
    metres: float, acc_m: float, found: str
) -> None:
    assert fence(at(metres, acc_m), DOOR, 500) == found


def test_nothing_is_said_where_either_is_unknown() -> None:
    assert fence(None, DOOR, 500) == ""
    assert fence(at(0), None, 500) == ""


@pytest.mark.parametrize(
    ("by", "known"),
    [("order", True), ("address", True), ("postcode", False), ("city", False), ("", False)],
)
def test_only_a_door_counts_that_somebody_knew(by: str, known: bool) -> None:
    row: Any = SimpleNamespace(placed_by=by, lat_e7=DOOR.lat_e7, lon_e7=DOOR.lon_e7)
    assert (door_of(row) is not None) is known
    assert door_of(None) is None
