"""What a site says of its vans: the setting `runs`; and of places: the setting `places`."""

import datetime as dt
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct, field

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.kernel.errors import Refusal, code
from server.kernel.zones import check_zone, local_day
from server.pod.distances import Speeds, Spot
from server.pod.keeping import Threshold

BAD_SETTING = code("setting_unreadable")
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time of day, `07:30`, in the site's time zone."""
MIN_MS = 60_000


class Hours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a door is open, each day."""

    opens: Clock = "08:00"
    closes: Clock = "20:00"


class Vehicle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`starts`, `shift_min`: the driver's hours: from the start at the depot to the return."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    weight_g: Annotated[int, Meta(ge=1)] = 800_000
    parcels: Annotated[int, Meta(ge=1)] = 150
    starts: Clock = "08:00"
    shift_min: Annotated[int, Meta(ge=10, le=900)] = 540


class Degrees(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]

    @property
    def spot(self) -> Spot:
        return Spot(round(self.lat * 1e7), round(self.lon * 1e7))


class RunRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`depot`: where vans start and end. `hours`, `customer_hours`: when doors are open, by
    customer where one differs. `stop_s`, `parcel_s`: handing over, and for each parcel more.
    `keep`: the saving that other stops are moved for. `iterations`, `idle`: how long the solver
    looks. `matrix_url`: a server of the site that answers as OSRM does; empty: great circles.
    `near_m`: no fix is better than this, and none that is worse teaches where an address is.
    `pace_min`: so many planned minutes weigh as much as what a run has shown itself. `delay_h`: a
    delay that customer service is told of. `eta_step_min`: an arrival moves by this or stays.
    """

    depot: Degrees | None = None
    timezone: str = "UTC"
    vehicles: tuple[Vehicle, ...] = (Vehicle(name="VAN-1"), Vehicle(name="VAN-2"))
    hours: Hours = Hours()
    customer_hours: dict[str, Hours] = field(default_factory=dict)
    stop_s: Annotated[int, Meta(ge=0, le=7200)] = 300
    parcel_s: Annotated[int, Meta(ge=0, le=600)] = 20
    speeds: Speeds = Speeds()
    keep: Threshold = Threshold()
    iterations: Annotated[int, Meta(ge=1, le=200_000)] = 4_000
    idle: Annotated[int, Meta(ge=1, le=200_000)] = 1_500
    matrix_url: Annotated[str, Meta(pattern=r"^(|https?://[^\s]+)$", max_length=200)] = ""
    near_m: Annotated[int, Meta(ge=1, le=10_000)] = 150
    pace_min: Annotated[int, Meta(ge=1, le=10_000)] = 60
    learned_stops: Annotated[int, Meta(ge=0, le=5_000)] = 200
    delay_h: Annotated[int, Meta(ge=1, le=1_000)] = 24
    eta_step_min: Annotated[int, Meta(ge=1, le=120)] = 3

    def __post_init__(self) -> None:
        check_zone(self.timezone)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def at(self, clock: str, day: dt.date) -> int:
        """The moment (ms) of a time of day on that day of the site."""
        hour, minute = map(int, clock.split(":"))
        local = dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
        return int(local.timestamp() * 1000)

    def day(self, at: int) -> dt.date:
        return local_day(at, self.zone)

    def hours_of(self, customer: str, day: dt.date) -> tuple[int, int]:
        """From when to when (ms) its door is open; over midnight where it closes earlier."""
        hours = self.customer_hours.get(customer, self.hours)
        opens, closes = self.at(hours.opens, day), self.at(hours.closes, day)
        if closes <= opens:
            closes = self.at(hours.closes, day + dt.timedelta(days=1))
        return opens, closes


Places = dict[str, dict[str, tuple[float, float]]]
"""Country -> postcode or city -> degrees north and east of its middle."""

shaped("runs", RunRules)
shaped("places", Places)


def run_rules(conn: Any, site: str) -> RunRules:
    """Refuses `setting_unreadable`: it must be mended before anything is planned by it."""
    rules: RunRules = _read(conn, site, "runs", RunRules)
    return rules


def readable_rules(conn: Any, site: str) -> RunRules:
    """For what happens by itself: a setting that nobody can read counts as none."""
    try:
        return run_rules(conn, site)
    except Refusal:
        return RunRules()


def places(conn: Any, site: str) -> Places:
    found: Places = _read(conn, site, "places", Places)
    return found


def _read(conn: Any, site: str, key: str, kind: Any) -> Any:
    try:
        return msgspec.convert(get_setting(conn, site, key, {}), kind)
    except msgspec.ValidationError as error:
        raise Refusal(BAD_SETTING, field=key, value=str(error)[:200], mend=key) from None
