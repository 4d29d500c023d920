"""One order as customer service sees it. Times in ms, money in the smallest unit, weights in g."""

from typing import Any

import msgspec

from server.pod.expected import Expected
from server.returns.offering import Offered


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A photo or a signature. `state`: missing, partial, complete, refused."""

    ref: str
    sha256: str
    state: str
    mime: str


class Countersigned(msgspec.Struct, frozen=True, kw_only=True):
    """The server's receipt: its number at the site, when (ms), and its key's fingerprint."""

    n: int
    at: int
    key: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """`checks`: the eight answers of `server.pod.checks`, by name; `seq`: the record's number on
    its device; `position`: as the record has it, or None with the reason in `no_position`.
    `counts`: it is the newest of its stop; `superseded`: hash of the record that replaced it."""

    id: str
    hash: str
    seq: int
    verdicts: dict[str, str]
    checks: dict[str, str]
    countersigned: Countersigned | None
    position: dict[str, int] | None
    no_position: str
    evidence_complete: bool
    counts: bool
    superseded: str | None
    corrects: str | None


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """`at`: the server's estimate of when it happened (ms); `kind`: an event's, or `set_aside`,
    whose `data` has the operation, its outcome and the code that says why."""

    at: int
    kind: str
    person: str | None
    person_name: str | None
    device: str
    device_name: str | None
    data: dict[str, Any]
    photos: list[Evidence] = []
    signature: Evidence | None = None
    proof: Proof | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """`substituted` of the pieces picked are of the item `substitute`."""

    no: int
    sku: str
    name: str
    qty: int
    picked: int
    shipped: int
    delivered: int
    substitute: str | None
    substituted: int


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    state: str
    weight_g: int
    packed_at: int | None


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """`eta`: when it is expected (ms), None where nobody planned it; `delayed`: far too late."""

    id: str
    run: str
    run_number: int
    vehicle: str
    seq: int
    state: str
    outcome: str | None
    reason: str | None
    arrived_at: int | None
    closed_at: int | None
    eta: int | None
    delayed: bool
    policy: str
    proof: str | None


class ReturnedLine(msgspec.Struct, frozen=True, kw_only=True):
    """`back` of `qty` pieces are expected here; `follow`: return or reship."""

    no: int
    sku: str
    qty: int
    back: int
    received: int
    reason: str
    party: str
    follow: str


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: opened, received, withdrawn. `reship`: the order that makes it good."""

    id: str
    number: str
    state: str
    party: str
    reason: str
    origin: str
    reship: str | None
    reship_number: str | None
    opened_at: int
    lines: list[ReturnedLine]


class OpenDiscrepancy(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: str
    outcome: str
    task: str | None
    at: int
    details: dict[str, Any]


class OrderStory(msgspec.Struct, frozen=True, kw_only=True):
    """Money in the currency's smallest unit, times in ms. `ver`: the site's version seen;
    `track`: path of the customer's page; `unproven`: stops that are closed without a record;
    `expected`: when it will be there, None where nobody can tell; `returnable`: what the customer
    may send back now, and why; `cancels_often`: orders that they cancelled lately, 0 where that is
    not often."""

    ver: int
    id: str
    track: str = ""
    number: str
    channel: str
    ref: str
    type: str
    state: str
    customer: str
    customer_name: str
    ship_to: dict[str, str]
    currency: str
    total: int
    placed_at: int
    due_at: int
    expected: Expected | None
    changed_at: int
    lines: list[Line]
    parcels: list[Parcel]
    stops: list[Stop]
    returns: list[Return]
    returnable: Offered
    replaces: str | None
    replaces_number: str | None
    discrepancies: list[OpenDiscrepancy]
    unproven: list[str]
    cancels_often: int
    story: list[Moment]
