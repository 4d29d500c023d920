"""Who works at the demo's site. Badges and PINs are made by chance, for this one site."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from server.auth import pins
from server.auth.people import add_person
from server.kernel.values import Role
from server.store.tx import Tx

STAFF = (
    ("Amara Okafor", Role.PICKER, "en"),
    ("林小雨", Role.PICKER, "zh-Hans"),
    ("Jonas Lindqvist", Role.PACKER, "en"),
    ("陳建宏", Role.DRIVER, "zh-Hant"),
    ("Priya Raman", Role.SUPERVISOR, "en"),
    ("Tom Ashdown", Role.SERVICE, "en"),
    ("Ines Carvalho", Role.ADMIN, "en"),
)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class SeededPerson:
    """`pin` is here to be printed once; the database has its hash alone."""

    id: str
    name: str
    role: Role
    lang: str
    badge: str
    pin: str = field(repr=False)


def add_staff(tx: Tx, site: str, people_pins: Callable[[], str]) -> list[SeededPerson]:
    return [_add(tx, site, name, role, lang, people_pins()) for name, role, lang in STAFF]


def _add(tx: Tx, site: str, name: str, role: Role, lang: str, pin: str) -> SeededPerson:
    badge = "B-" + "".join(secrets.choice(_LETTERS) for _ in range(6))
    made = add_person(
        tx, site=site, name=name, badge=badge, role=role, pin_hash=pins.hash_pin(pin), lang=lang
    )
    return SeededPerson(made, name, role, lang, badge, pin)
