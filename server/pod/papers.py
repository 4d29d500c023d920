"""Which papers an order still lacks before its parcels may be loaded."""

from collections.abc import Iterable
from typing import Any

import msgspec

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.pod.load_rules import LoadRules
from server.pod.paperwork.state import READY, standings

shaped("loading", LoadRules)


def rules_of(conn: Any, site: str) -> LoadRules:
    """A setting that cannot be read asks for nothing: nobody stands still at the dock for it."""
    try:
        return msgspec.convert(get_setting(conn, site, "loading", {}), LoadRules)
    except msgspec.ValidationError:
        return LoadRules()


def papers_lacking(conn: Any, site: str, order_ids: Iterable[str]) -> dict[str, list[str]]:
    """Order -> papers, of those that lack any."""
    known = standings(conn, site, rules_of(conn, site), order_ids)
    lack = {o: [s.paper for s in papers if s.state != READY] for o, papers in known.items()}
    return {order: papers for order, papers in lack.items() if papers}
