"""Asks carriers where their parcels are, beside the store: a carrier that hangs holds up neither
the writer nor the other carriers, and has one thread at most, however often its turn comes.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial

from server.kernel.aside import aside
from server.pod.carriers.asking import hand_in
from server.pod.carriers.polls import Askable, Round, askable, claim, due, finish, sites
from server.pod.carriers.shapes import Reported
from server.pod.carriers.silence import watch
from server.pod.carriers.tariffs import Carriers
from server.store.store import Store
from server.store.tx import Tx
from server.store.worker import Worker

LOOK_S = 15.0
_log = logging.getLogger(__name__)
Answers = dict[str, list[Reported]]


class Poller(Worker):
    """The worker of one node. `node`: its name among those that share the store; `asked`: whom to
    ask, by a site's setting."""

    def __init__(
        self, store: Store, node: str, asked: Callable[[Carriers], Sequence[Askable]] = askable
    ) -> None:
        super().__init__("carriers' poller", self.poll_once, LOOK_S)
        self._store, self._node, self._asked = store, node, asked
        self._at_it: dict[tuple[str, str], Future[list[Reported]]] = {}

    async def poll_once(self) -> int:
        """Every carrier whose turn it is, all at the same time; how many."""
        now = self._store.clock()
        known = await self._store.read(sites)
        rounds: list[Round] = []
        for site, setting in known.items():
            rounds += await self._claimed(site, list(self._asked(setting)), now)
        await asyncio.gather(*(self._ask(each) for each in rounds))
        return len(rounds)

    async def _claimed(self, site: str, asked: list[Askable], now: int) -> list[Round]:
        """Looks before it writes."""
        mine = []
        waiting = await self._store.read(lambda conn: due(conn, site, asked, now)) if asked else []
        for one in waiting:
            claimed = await self._store.run(partial(claim, site=site, asked=one, node=self._node))
            mine += [claimed] if claimed else []
        return mine

    async def _ask(self, mine: Round) -> None:
        """One number after the other, until all are answered for or one is not."""
        answers: Answers = {}
        failed, key = False, ""
        for key, number in mine.numbers.items():
            try:
                answers[key] = await self._answer(mine, number)
            except Exception as error:  # noqa: BLE001  an adapter may raise whatever it likes
                _log.warning("carrier %s did not answer: %s", mine.carrier.id, repr(error)[:200])
                failed = True
                break
        node = self._node
        await self._store.run(lambda tx: _take(tx, mine, node, answers, key, failed=failed))

    async def _answer(self, mine: Round, number: str) -> list[Reported]:
        """Raises TimeoutError, also while an earlier question still hangs, or what it raised."""
        name = (mine.site, mine.carrier.id)
        before = self._at_it.get(name)
        if before is not None and not before.done():
            raise TimeoutError("still at an earlier question")
        asked = aside(lambda: mine.carrier.track(number), "carrier")
        self._at_it[name] = asked
        return await asyncio.wait_for(asyncio.wrap_future(asked), mine.rules.timeout_s)


def _take(tx: Tx, mine: Round, node: str, answers: Answers, last: str, *, failed: bool) -> None:
    for key, told in answers.items():
        hand_in(tx, mine.site, mine.carrier.id, mine.numbers[key], told)
    finish(tx, mine, node, last, failed=failed)
    watch(tx, mine, failed=failed)
