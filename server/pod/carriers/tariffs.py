"""The setting `carriers`: what a site's own vans cost, and the rate tables of those it buys from.

Amounts are minor units of `currency`; percentages are basis points (1 % is 100).
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.kernel.zones import check_zone
from server.pod.carriers.states import State

Amount = Annotated[int, Meta(ge=0, le=10**9)]
Points = Annotated[int, Meta(ge=0, le=100_000)]
Grams = Annotated[int, Meta(ge=1, le=10**8)]
Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
Prefix = Annotated[str, Meta(max_length=12)]
Key = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9._-]+$")]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Ability = Literal["cold", "dangerous", "cod"]
OWN = "own"
"""The id of the house's own vans."""


class Area(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the vans go, and how far it is from the dock and back, shared out as the site sees fit.
    `prefix`: of the postcode; the longest that fits counts. `country` `*`: any."""

    country: Word
    prefix: Prefix = ""
    km: Annotated[int, Meta(ge=0, le=5_000)] = 0


class OwnFleet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Word
    areas: Annotated[tuple[Area, ...], Meta(min_length=1)]
    stop: Amount = 0
    km: Amount = 0
    kg: Amount = 0
    days: Annotated[int, Meta(ge=0, le=60)] = 1
    cutoff: Clock = "15:00"
    most_g: Grams = 1_000_000
    abilities: tuple[Ability, ...] = ()


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    country: Word
    prefix: Prefix = ""


class Break(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to and with `to_g`: `price`."""

    to_g: Grams
    price: Amount


class Zone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`breaks` from light to heavy; above the last, `per_kg` for each kilogram begun. Without
    `per_kg` the last break is the most that goes there. `days`: by service."""

    id: Key
    places: Annotated[tuple[Place, ...], Meta(min_length=1)]
    breaks: Annotated[tuple[Break, ...], Meta(min_length=1)]
    days: dict[str, Annotated[int, Meta(ge=0, le=120)]]
    per_kg: Amount | None = None


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`factor_bp`: of the zone's price; 10000 is the price as it stands."""

    id: Key
    name: Word
    factor_bp: Annotated[int, Meta(ge=1, le=1_000_000)] = 10_000
    cutoff: Clock = "16:00"
    abilities: tuple[Ability, ...] = ()


class Extras(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`remote`: for each of `remote_places`. `cod_bp` of the sum that is cashed, besides `cod`."""

    remote: Amount = 0
    remote_places: tuple[Place, ...] = ()
    dangerous: Amount = 0
    cold: Amount = 0
    cod: Amount = 0
    cod_bp: Points = 0


class Numbers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Waybill numbers `first` to `last` between `prefix` and `suffix`, the check digit behind the
    number. `check`: `gs1` (modulo 10, weights 3 and 1), `s10` (UPU S10, modulo 11), `mod7`."""

    first: Annotated[int, Meta(ge=0, le=10**15)]
    last: Annotated[int, Meta(ge=0, le=10**15)]
    prefix: Annotated[str, Meta(max_length=8, pattern=r"^[A-Z0-9]*$")] = ""
    suffix: Annotated[str, Meta(max_length=8, pattern=r"^[A-Z0-9]*$")] = ""
    check: Literal["gs1", "s10", "mod7", "none"] = "gs1"

    @property
    def length(self) -> int:
        """Signs of a whole number."""
        digits = len(str(self.last)) + (self.check != "none")
        return len(self.prefix) + digits + len(self.suffix)


Barcode = Literal["code128", "itf", "none"]
"""How the waybill number stands on the parcel for the carrier's scanners; `none`: as text only."""


class Tracking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server that answers for the carrier where a parcel is, `{number}` being the waybill's (see
    `docs/guide/carriers.md`). Asked every `every_min` minutes, for at most `at_once` waybills in a
    row (for the next a minute later), each at most `timeout_s` long; twice as seldom after each
    failure, down to once in `seldom_min`. Nobody asks for a waybill older than `days`. After
    `silent_after` failures in a row the exceptions desk is told."""

    url: Annotated[str, Meta(pattern=r"^https?://[^\s]*\{number\}[^\s]*$", max_length=300)]
    every_min: Annotated[int, Meta(ge=1, le=1_440)] = 60
    at_once: Annotated[int, Meta(ge=1, le=200)] = 20
    timeout_s: Annotated[int, Meta(ge=1, le=60)] = 10
    seldom_min: Annotated[int, Meta(ge=1, le=10_080)] = 1_440
    days: Annotated[int, Meta(ge=1, le=365)] = 60
    silent_after: Annotated[int, Meta(ge=1, le=100)] = 3


class RateTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`divisor`: cm³ to a kilogram by volume. `insurance_bp` of the value, `insurance_least` at
    the least; both 0: not insured. `most_g`, `most_mm`: of one parcel; 0: no limit of length.
    `barcode`: of the waybill number; `itf` needs an even number of digits and no letters.
    `tracking`: None where it tells by itself."""

    id: Key
    name: Word
    zones: Annotated[tuple[Zone, ...], Meta(min_length=1)]
    services: Annotated[tuple[Service, ...], Meta(min_length=1)]
    numbers: Numbers
    tracking: Tracking | None = None
    divisor: Annotated[int, Meta(ge=1, le=100_000)] = 5_000
    fuel_bp: Points = 0
    insurance_bp: Points = 0
    insurance_least: Amount = 0
    extras: Extras = Extras()
    most_g: Grams = 31_500
    most_mm: Annotated[int, Meta(ge=0, le=100_000)] = 0
    barcode: Barcode = "code128"

    def __post_init__(self) -> None:
        numbers = self.numbers
        letters = (numbers.prefix + numbers.suffix).strip("0123456789")
        if self.barcode == "itf" and (letters or numbers.length % 2):
            raise ValueError("barcode itf: the numbers must be of an even number of digits only")


class Standing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a carrier's record of the last `days` weighs in a choice: each per cent of its
    parcels that came late, came to harm, or came back makes its offers dearer by so many basis
    points of the price, `most_bp` in all. With fewer than `least` ended waybills nothing counts."""

    days: Annotated[int, Meta(ge=1, le=3_650)] = 90
    least: Annotated[int, Meta(ge=1, le=100_000)] = 30
    late_bp: Points = 20
    harm_bp: Points = 300
    back_bp: Points = 50
    most_bp: Points = 5_000


class Carriers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`by_itself`: a packed shipment gets its carrier at once. `urgent`: types of orders that go
    with the fastest. `codes`: by carrier, its own code -> our state, or several where the code
    alone does not tell."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "EUR"
    timezone: Annotated[str, Meta(max_length=64)] = "UTC"
    working_days: Annotated[tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(min_length=1)] = (
        *(1, 2, 3, 4, 5),
    )
    by_itself: bool = False
    urgent: tuple[Word, ...] = ("urgent",)
    own: OwnFleet | None = None
    rate_tables: tuple[RateTable, ...] = ()
    codes: dict[str, dict[str, State | list[State]]] = {}

    def __post_init__(self) -> None:
        check_zone(self.timezone)

    standing: Standing = Standing()
