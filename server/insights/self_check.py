"""The site checks its own books now and then, in a process beside the server's: hashing a whole log
takes seconds to minutes. What does not hold comes onto the exceptions desk."""

import asyncio
import contextlib
import logging

from server.exceptions.findings import MOST, FoundUnsound, ReportFindings, unchecked_sites
from server.insights.finding import Finding
from server.insights.integrity import findings_at
from server.kernel.processes import Aside
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx

LOOK_S = 600.0
LONGEST = 200
_log = logging.getLogger(__name__)


def check(url: str) -> list[Finding]:
    """All books of the store at `url`; run in the process beside."""
    return findings_at(url)


def report(tx: Tx, sites: list[str], found: list[Finding]) -> None:
    """To the desk of each site that was due; a finding of a store with several is told to each."""
    told = [_told(each) for each in found[:MOST]]
    op = ReportFindings(count=len(found), findings=told)
    for site in sites:
        submit(tx, site, "self-check", "exceptions.report_findings.v1", op)


def _told(each: Finding) -> FoundUnsound:
    return FoundUnsound(
        rule=each.rule,
        what=_plain(each.what),
        found=_plain(each.found),
        expected=_plain(each.expected),
    )


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:LONGEST]


class SelfCheck:
    """The worker of one node. Two nodes may check at the same time: what is on the desk already is
    not told again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._aside = Aside()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._forever())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._aside.stop()

    async def _forever(self) -> None:
        """Not right at the start: whoever opens the doors needs the machine."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.check_once()
            except Exception:  # noqa: BLE001  whatever it is, it is logged and tried again
                _log.exception("the books could not be checked")

    async def check_once(self) -> int:
        """How many sites were due."""
        now = self._store.clock()
        sites = await self._store.read(lambda conn: unchecked_sites(conn, now))
        if sites:
            found = await self._aside.run(check, self._store.url)
            await self._store.run(lambda tx: report(tx, sites, found))
        return len(sites)
