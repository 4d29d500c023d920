"""`dockhand layout check`: what a layout file says, or everything that is wrong in it.

0: the file may be imported. 2: it may not; every mistake has its line, field, value and mend.
"""

from pathlib import Path
from typing import TextIO

from server.imports.layout_file import BadLayout, read_layout
from server.picking.geometry import Layout

SOUND, UNUSABLE = 0, 2


def check(path: Path, out: TextIO, problems: TextIO) -> int:
    """Tell; nothing is written anywhere else."""
    try:
        layout = read_layout(path)
    except BadLayout as bad:
        problems.write(f"{path.name}: {bad}\n")
        return UNUSABLE
    out.write("\n".join([f"{path.name} is sound", *summary(layout)]) + "\n")
    return SOUND


def summary(layout: Layout) -> list[str]:
    """The floor in a few lines, lengths in metres, for whoever drew it to compare."""
    depth = sum(layout.block_lengths) / 10
    lengths = ", ".join(f"{length / 10:g} m" for length in layout.block_lengths)
    crosses = len(layout.crosses)
    one_way = [at for at, direction in enumerate(layout.aisle_direction) if direction]
    zones = sorted({b.zone for b in layout.bins} - {""})
    lines = [
        f"aisles        {layout.aisles}, {layout.gap / 10:g} m apart, {depth:g} m deep",
        f"blocks        {len(layout.block_lengths)} ({lengths}), {crosses} cross aisles",
        f"bins          {len(layout.bins)}, levels up to {max(_levels(layout), default=0)}",
        f"zones         {', '.join(zones) or 'none'}",
        f"walks start   at {len(layout.starts)} place(s), end at {len(layout.ends)}",
    ]
    if one_way:
        lines.append(f"one-way       aisles {', '.join(map(str, one_way))}")
    if layout.no_turn:
        lines.append(f"no turning    aisles {', '.join(map(str, sorted(layout.no_turn)))}")
    return lines


def _levels(layout: Layout) -> set[int]:
    return {b.level for b in layout.bins}
