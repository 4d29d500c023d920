"""The site checks its own books now and then, in a process beside the server's: hashing a whole log
takes seconds to minutes. What does not hold comes onto the exceptions desk."""

from server.exceptions.findings import MOST, FoundUnsound, ReportFindings, unchecked_sites
from server.insights.finding import Finding
from server.insights.integrity import findings_at
from server.kernel.processes import Aside
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx
from server.store.worker import Worker

LOOK_S = 600.0
LONGEST = 200


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


class SelfCheck(Worker):
    """The worker of one node, not right at the start: whoever opens the doors needs the machine.
    Two nodes may check at the same time: what is on the desk already is not told again."""

    def __init__(self, store: Store) -> None:
        super().__init__("self-check", self.check_once, LOOK_S, first_s=LOOK_S)
        self._store = store
        self._aside = Aside()

    async def stop(self) -> None:
        await super().stop()
        self._aside.stop()

    async def check_once(self) -> int:
        """How many sites were due."""
        now = self._store.clock()
        sites = await self._store.read(lambda conn: unchecked_sites(conn, now))
        if sites:
            found = await self._aside.run(check, self._store.url)
            await self._store.run(lambda tx: report(tx, sites, found))
        return len(sites)
