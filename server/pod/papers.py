"""Which papers an order still lacks before its parcels may be loaded."""

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.pod.load_rules import LoadRules, papers_missing
from server.pod.tables import shipment_paper

shaped("loading", LoadRules)


def rules_of(conn: Any, site: str) -> LoadRules:
    """A setting that cannot be read asks for nothing: nobody stands still at the dock for it."""
    try:
        return msgspec.convert(get_setting(conn, site, "loading", {}), LoadRules)
    except msgspec.ValidationError:
        return LoadRules()


def papers_lacking(conn: Any, site: str, order_ids: Iterable[str]) -> dict[str, list[str]]:
    """Order -> papers, of those that lack any."""
    rules, wanted = rules_of(conn, site), sorted(set(order_ids))
    if not rules.papers:
        return {}
    ready: dict[str, list[str]] = {order: [] for order in wanted}
    found = sa.select(shipment_paper).where(shipment_paper.c.order_id.in_(wanted))
    for r in conn.execute(found):
        ready[r.order_id].append(r.paper)
    lack = {order: papers_missing(rules, papers) for order, papers in ready.items()}
    return {order: papers for order, papers in lack.items() if papers}
