"""What the supervisor's board shows of a wave: its numbers, and what each mode would cost."""

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from server.kernel.feeds import Row, RowSink, board_scope, projects, row
from server.picking.modes import WavePlan
from server.picking.tables import wave


class ModeOption(msgspec.Struct, frozen=True, kw_only=True):
    """`handling_s`: what scans of totes and sorting cost beside the walk."""

    mode: str
    tasks: int
    metres: float
    s_shape_metres: float
    handling_s: int


@row("wave")
class WaveRow(Row):
    """`state`: planning, proposed, released. `arrival_metres`: carts filled as orders came, walked
    by S-shape. `mode`: the proposed one, then the one released. `options` only while proposed."""

    id: str
    number: int
    state: str
    mode: str
    policy: str
    orders: int
    lines: int
    metres: float
    s_shape_metres: float
    arrival_metres: float
    options: tuple[ModeOption, ...]
    at: int


@projects("wave")
def show_waves(sink: RowSink, ids: Iterable[str]) -> None:
    found = sa.select(wave).where(wave.c.id.in_(list(ids)))
    for r in sink.conn.execute(found).mappings():
        if r["state"] == "dropped":
            sink.drop(board_scope(sink.site), "wave", r["id"])
            continue
        same = {f: r[f] for f in WaveRow.__struct_fields__ if f in r}
        shown = WaveRow(**same, options=_options(r["body"]))
        sink.put(board_scope(sink.site), "wave", shown.id, shown)


def _options(body: str) -> tuple[ModeOption, ...]:
    raw = msgspec.json.decode(body).get("plan")
    if raw is None:
        return ()
    return tuple(
        ModeOption(
            mode=o.mode,
            tasks=len(o.tasks),
            metres=o.dm / 10,
            s_shape_metres=o.s_shape_dm / 10,
            handling_s=o.handling_dm // 10,
        )
        for o in msgspec.convert(raw, WavePlan).options
    )
