"""`dockhand check`: do the books agree, does the evidence hold, is the audit log what was sealed,
do the figures follow from the log?

Reads only; a finding a line, and 1 when there are any.
"""

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.insights.finding import Finding
    from server.store.store import Store

OK, BAD = 0, 1


def add_options(parser: argparse.ArgumentParser) -> None:
    asked = ["books", "evidence", "audit", "measures"]
    parser.add_argument("what", nargs="?", default="books", choices=asked)
    parser.add_argument("--replay", action="store_true", help="also make the books from the log")


def check(store: "Store", what: str, *, replay: bool) -> int:
    """`replay`: of the books, and for a site that is not serving; see `server.store.replay`."""
    if what == "evidence":
        return _evidence(store)
    if what == "audit":
        return _audit(store)
    if what == "measures":
        return _measures(store)
    bad = _books(store)
    return BAD if bad or (replay and _differs_from_its_log(store.url)) else OK


def _books(store: "Store") -> bool:
    from server.insights.integrity import findings

    return _told(findings(store), "the books agree")


def _evidence(store: "Store") -> int:
    """Of every closed stop; corrections are told, too."""
    from server.insights.evidence_books import evidence_findings

    bad, known = evidence_findings(store)
    _list(known)
    return BAD if _told(bad, "the evidence holds") else OK


def _audit(store: "Store") -> int:
    """The first row of each site that is not what was sealed."""
    from server.insights.audit_books import check_audit

    bad, fresh, kept = check_audit(store)
    print(f"{fresh} versions are not sealed yet")
    if not kept:
        print(f"not written down in {store.keys.folder}: is this the folder of the site's keys?")
    return BAD if _told(bad, "the audit log is what was sealed") else OK


def _measures(store: "Store") -> int:
    """Every figure that the log tells otherwise."""
    from server.insights.measures.rebuilding import measure_findings

    return BAD if _told(measure_findings(store.url), "the figures follow from the log") else OK


def _told(found: "list[Finding]", sound: str) -> bool:
    _list(found)
    print(f"{len(found)} findings" if found else sound)
    return bool(found)


def _list(found: "Iterable[Finding]") -> None:
    for f in found:
        expected = f" instead of {f.expected}" if f.expected else ""
        print(f"{f.rule}: {f.what}: {f.found}{expected}")


def _differs_from_its_log(url: str) -> bool:
    """For a site that is not serving: every operation is run again, in a store of its own."""
    from server.store.replay import check_replay

    report = check_replay(url)
    for difference in report.differences:
        print(f"{difference.table}: only in the {difference.side}: {difference.row}")
    print(f"{report.operations} operations run again, {len(report.differences)} differences")
    return bool(report.differences)
