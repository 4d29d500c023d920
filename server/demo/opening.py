"""Opening the demo's site: seeded the first time, and with new PINs every time."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from server.auth import pins
from server.auth.people import By, set_pin
from server.auth.tables import person
from server.demo.people import SeededPerson
from server.demo.seed import SITE, Seeded, new_code, seed
from server.kernel.values import Role
from server.store.store import Store
from server.store.tx import Tx

CODES = 4
_BY = By("demo", Role.ADMIN)


class NotADemo(Exception):
    """The folder holds something else; a demo must not touch it."""


def open_store(folder: Path, *, fresh: bool) -> Store:
    """`folder` keeps the demo from one start to the next. `fresh` begins it anew; then nothing but
    a demo's own folder is removed."""
    database = folder / "demo.db"
    if folder.exists() and any(folder.iterdir()) and not database.exists():
        raise NotADemo(f"{folder} holds other files; name an empty folder with --data")
    if fresh and database.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return Store(f"sqlite:///{database}", folder / "blobs")


def open_site(store: Store, *, people_pins: Callable[[], str] = pins.new_pin) -> Seeded:
    """PINs are kept nowhere in plain, so that a site that is there gets new ones to print."""
    there = store.run_sync(_people)
    if not there:
        return seed(store, people_pins=people_pins, codes=CODES)
    renewed = [(who, people_pins()) for who in there]
    hashes = {who.id: pins.hash_pin(pin) for who, pin in renewed}
    store.run_sync(partial(_renew, hashes=hashes))
    codes = store.run_sync(lambda tx: [new_code(tx, SITE) for _ in range(CODES)])
    people = [SeededPerson(w.id, w.name, Role(w.role), w.lang, w.badge, pin) for w, pin in renewed]
    return Seeded(SITE, people, codes, 0)


def _renew(tx: Tx, hashes: dict[str, str]) -> None:
    for person_id, pin_hash in hashes.items():
        set_pin(tx, SITE, person_id, pin_hash, _BY)


def _people(tx: Tx) -> list[sa.Row[tuple[object, ...]]]:
    found = sa.select(person).where(person.c.site == SITE, person.c.active)
    return list(tx.conn.execute(found.order_by(person.c.role, person.c.name)))
