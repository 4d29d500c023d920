"""The whole day: a house, its server, pickers and a supervisor on the wire, until nothing is left
to do; and what had happened."""

import asyncio
import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from server.auth.pins import hash_pin
from server.store.store import Store
from tests.day.chief import DayChief
from tests.day.picker import DayPicker
from tests.day.shelves import Shelves
from tests.day.shop import Opening, hire, open_shop, rows_of
from tests.e2e.conftest import PIN, Site
from tests.e2e.proxy import Proxy
from tests.floor_site import Handheld, scalar, table
from tests.serving import Server, cookie_for
from tests.stores import open_store
from tests.sync.engine.twin import Twin

SETTLING_S = 60
DEAD_ZONE = 0.8
"""How often, when it is time for one, somebody walks into it."""
STILL_TO_DO = (
    "SELECT COUNT(*) FROM task WHERE state IN ('open', 'held', 'waiting') AND kind <> 'pack'",
    "SELECT COUNT(*) FROM wave WHERE state = 'planning'",
    "SELECT COUNT(*) FROM orders WHERE state IN ('released', 'picking')",
)


@dataclass(frozen=True)
class Size:
    """`within_s`: the day must be over by then. `hands`: real browsers."""

    day: str
    orders: int
    most_lines: int
    pickers: int
    hands: int
    wave: int
    step_s: float
    away_s: float
    upsets: Counter[str]
    within_s: float


@dataclass
class Day:
    size: Size
    site: Site
    opening: Opening
    shelves: Shelves
    chance: random.Random
    pickers: list[DayPicker] = field(default_factory=list)
    chief: DayChief = field(init=False)
    over: threading.Event = field(default_factory=threading.Event)
    seconds: float = 0.0

    @property
    def store(self) -> Store:
        return self.site.store

    @property
    def twins(self) -> list[Twin]:
        return [device.twin for device in (*self.pickers, self.chief)]

    @property
    def hands(self) -> list[str]:
        return [f"hand{i + 1}" for i in range(self.size.hands)]

    def open(self) -> None:
        names = [f"picker{101 + i}" for i in range(self.size.pickers)]
        hire(self.store, [*names, *self.hands], hash_pin(PIN))
        bins = [r["code"] for r in table(self.store, "SELECT code FROM bin WHERE kind = 'pick'")]
        undone: set[str] = set()
        for name in names:
            twin = Twin(Handheld(self.store, name), undone=undone)
            picker = DayPicker(
                twin,
                cookie_for(self.store, twin.id),
                [self.site.server],
                random.Random(self.chance.random()),
                step_s=self.size.step_s,
                person=name,
                shelves=self.shelves,
                bins=bins,
            )
            self.pickers.append(picker)
        desk = Twin(Handheld(self.store, "supervisor"))
        self.chief = DayChief(
            desk,
            cookie_for(self.store, desk.id),
            [self.site.server],
            random.Random(self.chance.random()),
            step_s=self.size.step_s,
            workers=[*names, *self.hands],
            by_screen=self.hands,
            wave=self.size.wave,
            upsets=Counter(self.size.upsets),
        )

    async def shift(self) -> None:
        """Everybody at work until nothing is left; then all is handed over."""
        began = time.monotonic()
        devices = [*self.pickers, self.chief]
        async with asyncio.TaskGroup() as group:
            for device in devices:
                group.create_task(device.work())
            while time.monotonic() - began < self.size.within_s and self._goes_on():
                await asyncio.sleep(self.chance.uniform(0.5, 1.5) * self.size.away_s)
                if self.chance.random() < DEAD_ZONE:
                    self.chance.choice(self.pickers).away(
                        self.size.away_s * self.chance.uniform(0.5, 2)
                    )
            for device in devices:
                device.over = True
        self.over.set()
        self.seconds = time.monotonic() - began
        async with asyncio.timeout(SETTLING_S), asyncio.TaskGroup() as group:
            for device in devices:
                group.create_task(device.hand_over())

    def _goes_on(self) -> bool:
        unsent = any(device.twin.unsent for device in self.pickers)
        return unsent or self.chief.has_plans or bool(self.left())

    def left(self) -> list[int]:
        counts = [int(scalar(self.store, statement)) for statement in STILL_TO_DO]
        return [n for n in counts if n]

    async def settle(self) -> None:
        """With the server gone, what one handed over may still change what others see."""
        for twin in self.twins:
            while await twin.ask(self.store):
                pass


@contextlib.contextmanager
def day(size: Size, folder: Path, seed: int) -> Iterator[Day]:
    """The house, open, with its server started and nobody at work yet."""
    chance = random.Random(seed)
    rows = rows_of(size.day, size.orders, size.most_lines)
    proxy = Proxy().start()
    with open_store("sqlite", folder) as store:
        opening = open_shop(store, folder, rows, chance)
        shelves = Shelves(store, chance)
        server = Server(store.url, folder, public_port=proxy.port)
        made = Day(size, Site(store, server, proxy), opening, shelves, chance)
        made.open()
        try:
            server.start()
            proxy.server_port = server.port
            yield made
        finally:
            server.stop()
            proxy.stop()
