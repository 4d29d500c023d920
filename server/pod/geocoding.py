"""Where an address is: said by the order, learned from deliveries, or told by the site's settings.

`Geocoder` is a port; none of the built-in ones asks anybody outside. They are tried in order, the
surest first, and the Null twin knows nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import sqlalchemy as sa

from server.pod.distances import Spot
from server.pod.run_rules import Places
from server.pod.tables import known_place

By = Literal["order", "address", "postcode", "city", ""]
"""The order itself, a delivery to the same address, the middle of its postcode or of its city."""


@dataclass(frozen=True, slots=True)
class Found:
    spot: Spot
    by: By


class Geocoder(Protocol):
    def find(self, address: Mapping[str, str]) -> Found | None: ...


class NoGeocoder:
    def find(self, address: Mapping[str, str]) -> None:  # noqa: ARG002
        return None


class AsOrdered:
    """The order brought its position: `lat`, `lon` in degrees."""

    def find(self, address: Mapping[str, str]) -> Found | None:
        lat, lon = address.get("lat", ""), address.get("lon", "")
        if not lat or not lon:
            return None
        return Found(Spot(round(float(lat) * 1e7), round(float(lon) * 1e7)), "order")


class Delivered:
    """Where vans stood before: at this address, else in the middle of all of its postcode."""

    def __init__(self, known: Sequence[Any]) -> None:
        self._at: dict[tuple[str, str, str], Spot] = {}
        self._in: dict[tuple[str, str], list[Spot]] = {}
        for r in known:
            spot = Spot(r.lat_e7, r.lon_e7)
            self._at[r.country, r.postcode, r.street] = spot
            self._in.setdefault((r.country, r.postcode), []).append(spot)

    def find(self, address: Mapping[str, str]) -> Found | None:
        country, postcode, street = key_of(address)
        if street and (spot := self._at.get((country, postcode, street))):
            return Found(spot, "address")
        around = self._in.get((country, postcode)) if postcode else None
        return Found(_middle(around), "postcode") if around else None


class Centres:
    """The site's own table of postcodes and cities."""

    def __init__(self, places: Places) -> None:
        self._places = {
            plain(country): {plain(name): degrees for name, degrees in names.items()}
            for country, names in places.items()
        }

    def find(self, address: Mapping[str, str]) -> Found | None:
        names = self._places.get(plain(address.get("country", "")), {})
        asked: tuple[tuple[By, str], ...] = (
            ("postcode", address.get("postcode", "")),
            ("city", address.get("city", "")),
        )
        for by, name in asked:
            if name and (degrees := names.get(plain(name))):
                return Found(Spot(round(degrees[0] * 1e7), round(degrees[1] * 1e7)), by)
        return None


class Chain:
    def __init__(self, *asked: Geocoder) -> None:
        self._asked = asked

    def find(self, address: Mapping[str, str]) -> Found | None:
        for geocoder in self._asked:
            if found := geocoder.find(address):
                return found
        return None


def plain(text: str) -> str:
    """As one writes it or another: blanks and case aside."""
    return "".join(text.split()).casefold()


def key_of(address: Mapping[str, str]) -> tuple[str, str, str]:
    country, postcode, street = (
        plain(address.get(name, "")) for name in ("country", "postcode", "street")
    )
    return country[:64], postcode[:20], street[:500]


def _middle(spots: Sequence[Spot]) -> Spot:
    return Spot(
        sum(s.lat_e7 for s in spots) // len(spots), sum(s.lon_e7 for s in spots) // len(spots)
    )


def geocoder(
    conn: sa.Connection, site: str, places: Places, addresses: Sequence[Mapping[str, str]]
) -> Geocoder:
    """The built-in ones, for these addresses."""
    codes = sorted({key_of(address)[1] for address in addresses})
    k = known_place.c
    found = sa.select(known_place).where(k.site == site, k.postcode.in_(codes))
    known = conn.execute(found.order_by(k.country, k.postcode, k.street)).all()
    return Chain(AsOrdered(), Delivered(known), Centres(places))
