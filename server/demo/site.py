"""The demo's floor: 8 aisles of 2 blocks, 3 levels, 384 bins named like `A03-12-2`."""

from server.picking.geometry import Bin, Crossing, Layout

AISLES = 8
BLOCKS = 2
BAYS = 4
"""On each side of a block; odd positions are on the left, as in a street."""
LEVELS = 3
BAY_DM = 30
_ZONES = {"heavy": range(2), "light": range(2, 6), "fragile": range(6, 8)}


def layout() -> Layout:
    """Goods are picked from the front left corner and handed over at the benches in the middle."""
    return Layout(
        aisles=AISLES,
        gap=40,
        block_lengths=(BAYS * BAY_DM,) * BLOCKS,
        depot=Crossing(0, 0),
        dropoff=Crossing(AISLES // 2, 0),
        bins=tuple(
            Bin(
                f"A{aisle + 1:02d}-{_position(block, bay, side):02d}-{level}",
                aisle,
                block,
                bay * BAY_DM + BAY_DM // 2,
                "R" if side else "L",
                level,
            )
            for aisle in range(AISLES)
            for block in range(BLOCKS)
            for bay in range(BAYS)
            for side in range(2)
            for level in range(1, LEVELS + 1)
        ),
    )


def _position(block: int, bay: int, side: int) -> int:
    return (block * BAYS + bay) * 2 + side + 1


def zone(aisle: int) -> str:
    """What an aisle (from 0) is for; the names are the item master's weight classes."""
    return next(name for name, aisles in _ZONES.items() if aisle in aisles)
