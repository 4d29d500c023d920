"""A site's floor from its layout file: the bins one by one, the rest as the setting `layout`."""

import msgspec
import sqlalchemy as sa

from server.catalog.ops import PutSetting
from server.catalog.queries import get_setting
from server.imports.groups import groups
from server.imports.reading import Row
from server.imports.report import Desk
from server.imports.submitting import Wanted, problem_of, submit_all
from server.inventory.ops import PutBin
from server.inventory.tables import bin_
from server.orders.validation import Problem
from server.picking.geometry import Bin, Layout
from server.store.store import Store

PER_COMMIT = 50


def import_layout(found: Layout, store: Store, site: str, desk: Desk) -> None:
    there = _there(store, site)
    for some in groups(enumerate(found.bins, 1), PER_COMMIT):
        new = [(no, op) for no, b in some if there.get(b.code) != (op := put_bin(b))]
        desk.report.rows += len(some)
        desk.report.rows_taken += len(some) - len(new)
        desk.report.already["bins"] += len(some) - len(new)
        wanted = [Wanted("inventory.put_bin.v1", op) for _, op in new]
        for (no, op), verdict in zip(new, submit_all(store, site, wanted), strict=True):
            if problem := problem_of(verdict):
                desk.reject(Row(no, {"code": op.code}), problem)
            else:
                desk.report.made["bins"] += 1
                desk.report.rows_taken += 1
    _put_rest(found, store, site, desk)


def put_bin(b: Bin, zone: str = "") -> PutBin:
    return PutBin(
        code=b.code,
        kind=b.kind,
        zone=zone or b.zone,
        aisle=b.aisle,
        block=b.block,
        offset_dm=b.offset,
        side=b.side,
        level=b.level,
        capacity=b.capacity,
    )


def layout_setting(found: Layout) -> PutSetting:
    """Without the bins, which are rows of their own: the setting goes to every handheld."""
    rest = msgspec.structs.replace(found, bins=())
    return PutSetting(key="layout", value=msgspec.to_builtins(rest))


def _there(store: Store, site: str) -> dict[str, PutBin]:
    columns = [bin_.c[f] for f in PutBin.__struct_fields__]
    found = sa.select(*columns).where(bin_.c.site == site)
    rows = store.run_sync(lambda tx: list(tx.conn.execute(found).mappings()))
    return {r["code"]: PutBin(**r) for r in rows}


def _put_rest(found: Layout, store: Store, site: str, desk: Desk) -> None:
    setting = layout_setting(found)
    before = store.run_sync(lambda tx: get_setting(tx.conn, site, "layout", None))
    if msgspec.to_builtins(before) == msgspec.json.decode(msgspec.json.encode(setting.value)):
        desk.report.already["layouts"] += 1
        return
    verdict = submit_all(store, site, [Wanted("catalog.put_setting.v1", setting)])[0]
    if problem := problem_of(verdict):
        desk.reject(Row(0, {}), Problem("layout", "", problem.rule, problem.mend))
    else:
        desk.report.made["layouts"] += 1
