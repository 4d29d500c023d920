"""A warehouse that has just been opened: people, and nothing else yet. What its desks show before
the first order is what every screen shows where there is nothing."""

from server.auth.people import add_person
from server.auth.pins import hash_pin
from server.demo.people import SeededPerson
from server.kernel.values import Role
from server.store.store import Store
from server.store.tx import Tx

ANNEX = "annex"
STAFF = (("Maren Voss", Role.SUPERVISOR), ("Idris Bell", Role.ADMIN))


def staff_of_the_annex(store: Store, pin: str) -> list[SeededPerson]:
    return store.run_sync(lambda tx: [_add(tx, *each, pin) for each in STAFF])


def _add(tx: Tx, name: str, role: Role, pin: str) -> SeededPerson:
    badge = f"B-{ANNEX}-{role}"
    made = add_person(
        tx, site=ANNEX, name=name, badge=badge, role=role, pin_hash=hash_pin(pin), lang="en"
    )
    return SeededPerson(made, name, role, "en", badge, pin)
