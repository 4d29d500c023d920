"""What the audit screen is told. Times in ms."""

import msgspec

from server.insights.trail.rules import Fact


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One operation. `at`: when it happened, as the server reckons; `recv_at`: when it was written
    down, in version `ver` of the site. `why`: the reason or note that was given."""

    device: str
    device_name: str | None
    n: int
    person: str | None
    person_name: str | None
    kind: str
    outcome: str
    code: str | None
    at: int
    recv_at: int
    ver: int
    order: str | None
    order_number: str | None
    why: str


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """`sealed`: the last version in the chain. `signed`, `signed_at`: the last head that was signed
    outside the database, 0: none yet. `checked_at`: when `dockhand check audit` last walked along
    it, to the version `checked`; `findings`: of all sites, the first in words in `first`."""

    sealed: int
    signed: int = 0
    signed_at: int = 0
    checked: int = 0
    checked_at: int = 0
    findings: int = 0
    first: str = ""


class Trail(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first. `more`: what to send as `after` for older ones; empty: there are none."""

    entries: list[Entry]
    chain: Chain
    more: str = ""


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """An event that followed from the operation."""

    kind: str
    facts: list[Fact]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with its contents. `answer`: what a refusal said besides its code. `seal`: `whole`,
    `waiting` (too new to be sealed), or `broken`: its version is not what was sealed."""

    entry: Entry
    said: list[Fact]
    answer: list[Fact]
    followed: list[Followed]
    seal: str
    chain: Chain
