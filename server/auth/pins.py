"""PINs at rest: Argon2id with OWASP's minimum (19 MiB, two passes, one lane), off the event loop.

Two threads: a rush of sign-ins at the start of a shift may take its time; the scans may not.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.auth import rules
from server.kernel.errors import Refusal, code

WEAK_PIN = code("weak_pin")

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_POOL = ThreadPoolExecutor(2, thread_name_prefix="pin")
_NOBODYS = _HASHER.hash(secrets.token_hex(16))
"""What an unknown badge is checked against, so that its answer takes as long as a known one's."""


def check_pin(pin: str) -> None:
    """Refuse `weak_pin`: fewer than six digits, more than twelve, or what everybody tries first."""
    if not rules.is_pin(pin) or rules.is_weak(pin):
        raise Refusal(WEAK_PIN, field="pin", mend="6 to 12 digits, neither 111111 nor 123456")


def new_pin(digits: int = 6) -> str:
    """A random PIN for seeds and for a person who forgot theirs."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(digits))
        if not rules.is_weak(pin):
            return pin


def hash_pin(pin: str) -> str:
    """Takes tens of milliseconds: commands and seeds only; a handler awaits `hash_later`."""
    check_pin(pin)
    return _HASHER.hash(pin)


async def hash_later(pin: str) -> str:
    check_pin(pin)
    return await asyncio.get_running_loop().run_in_executor(_POOL, _HASHER.hash, pin)


async def matches(stored: str | None, pin: str) -> bool:
    """Is it this PIN? `stored` None (nobody has that badge) takes the same time and is never."""
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(_POOL, _verify, stored or _NOBODYS, pin)
    return right and stored is not None


def _verify(stored: str, pin: str) -> bool:
    try:
        return _HASHER.verify(stored, pin)
    except (VerificationError, InvalidHashError):
        return False
