"""A carrier by its printed rates: zone, weight, fuel, insurance, extras. No outside service.

base       the zone's price for the chargeable weight, times the service's factor
fuel       `fuel_bp` of the base
insurance  `insurance_bp` of the goods' value, `insurance_least` at the least
extras     remote place, dangerous goods, cold chain, cash on delivery
"""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from server.kernel.errors import Refusal
from server.pod.carriers import web
from server.pod.carriers.money import share
from server.pod.carriers.promise import arrives_by
from server.pod.carriers.refusals import (
    NOT_SERVED,
    NUMBERS_USED_UP,
    OTHER_CURRENCY,
    TOO_HEAVY,
    TOO_LONG,
    no_fit,
)
from server.pod.carriers.shapes import (
    Booking,
    Consignment,
    NoFit,
    Part,
    Quote,
    Rates,
    Reported,
    Waybill,
    Window,
)
from server.pod.carriers.tariffs import Carriers, RateTable, Service, Zone
from server.pod.carriers.waybills import is_waybill, waybill_number
from server.pod.carriers.zones import best_place, chargeable_g, price_in, zone_of


@dataclass(frozen=True, slots=True)
class ByRateTable:
    """`next_number`: counts on from 1, by name."""

    table: RateTable
    site: Carriers
    next_number: Callable[[str], int]

    @property
    def id(self) -> str:
        return self.table.id

    @property
    def name(self) -> str:
        return self.table.name

    def rates(self, goods: Consignment) -> Rates:
        zone = zone_of(self.table.zones, goods.country, goods.postcode)
        if zone is None:
            where = f"{goods.country} {goods.postcode}".strip()
            mend = f"add a zone to the rate table of {self.name}, or mend the address"
            return Rates(refused=(no_fit(self, "", NOT_SERVED, "ship_to", where, mend),))
        if wrong := self._refused(goods):
            return Rates(refused=(wrong,))
        base = price_in(zone, chargeable_g(goods.boxes, self.table.divisor))
        if base is None:
            mend = f"at most {zone.breaks[-1].to_g} g to zone {zone.id}; send it in two shipments"
            heavy = no_fit(self, "", TOO_HEAVY, "weight_g", str(goods.weight_g), mend)
            return Rates(refused=(heavy,))
        going = [s for s in self.table.services if s.id in zone.days]
        return Rates(tuple(self._quote(goods, zone, s, base) for s in going))

    def _refused(self, goods: Consignment) -> NoFit | None:
        most_g, most_mm = self.table.most_g, self.table.most_mm
        for box in goods.boxes:
            longest = max(box.length_mm, box.width_mm, box.height_mm)
            if box.weight_g > most_g:
                mend = f"at most {most_g} g a parcel; pack {box.number} into two"
                return no_fit(self, "", TOO_HEAVY, "weight_g", str(box.weight_g), mend)
            if most_mm and longest > most_mm:
                mend = f"at most {most_mm} mm long"
                return no_fit(self, "", TOO_LONG, "length_mm", str(longest), mend)
        if self._insures and goods.currency != self.site.currency:
            mend = f"a rate table in {goods.currency}, or one without insurance"
            return no_fit(self, "", OTHER_CURRENCY, "currency", goods.currency, mend)
        return None

    @property
    def _insures(self) -> bool:
        return bool(self.table.insurance_bp or self.table.insurance_least)

    def _quote(self, goods: Consignment, zone: Zone, service: Service, price: int) -> Quote:
        base = share(price, service.factor_bp)
        parts = [
            Part("base", base),
            Part("fuel", share(base, self.table.fuel_bp)),
            Part("insurance", self._insurance(goods)),
            *self._extras(goods),
        ]
        days = zone.days[service.id]
        clock, works = ZoneInfo(self.site.timezone), self.site.working_days
        return Quote(
            carrier=self.id,
            carrier_name=self.name,
            service=service.id,
            service_name=service.name,
            parts=tuple(part for part in parts if part.amount or part.what == "base"),
            currency=self.site.currency,
            days=days,
            arrives_by=arrives_by(goods.ready_at, days, service.cutoff, clock, works),
            abilities=service.abilities,
        )

    def _insurance(self, goods: Consignment) -> int:
        if not self._insures:
            return 0
        return max(self.table.insurance_least, share(goods.value, self.table.insurance_bp))

    def _extras(self, goods: Consignment) -> list[Part]:
        extras = self.table.extras
        asked = {"dangerous": extras.dangerous, "cold": extras.cold}
        asked["cod"] = extras.cod + share(goods.cod, extras.cod_bp)
        parts = [Part(what, amount) for what, amount in asked.items() if what in goods.needs]
        if best_place(extras.remote_places, goods.country, goods.postcode):
            parts.insert(0, Part("remote", extras.remote))
        return parts

    def ship(self, goods: Consignment, service: str) -> Waybill:
        """Refuses `waybills_used_up`."""
        number = waybill_number(self.table.numbers, self.next_number(f"waybill.{self.id}"))
        if number is None:
            mend = f"ask {self.name} for more numbers and write them into `numbers`"
            raise Refusal(NUMBERS_USED_UP, field="carrier", value=self.id, mend=mend)
        named = next((s.name for s in self.table.services if s.id == service), service)
        label = (f"{self.name} {named}", number, f"{goods.country} {goods.postcode}".strip())
        return Waybill(
            carrier=self.id,
            service=service,
            number=number,
            label=label,
            barcode=self.table.barcode,
        )

    def pickup(self, window: Window) -> Booking:
        nth = self.next_number(f"pickup.{self.id}")
        return Booking(f"{self.id.upper()}-{nth:06d}", window)

    def track(self, number: str) -> list[Reported]:
        """What its server says; nothing where it tells by itself, as `pod.carrier_event`. Raises
        `Silent`."""
        asked = self.table.tracking
        return web.told(asked.url, number, asked.timeout_s) if asked else []

    def valid_number(self, number: str) -> bool:
        return is_waybill(self.table.numbers, number)
