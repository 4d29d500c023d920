"""The house's own vans as a carrier: so much a stop, a kilometre and a kilogram."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from server.pod.carriers.money import each_begun
from server.pod.carriers.promise import arrives_by
from server.pod.carriers.refusals import NOT_SERVED, TOO_HEAVY, no_fit
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
from server.pod.carriers.tariffs import OWN, Carriers, OwnFleet
from server.pod.carriers.zones import best_place

VAN = "van"
"""Its only service."""


@dataclass(frozen=True, slots=True)
class OwnVans:
    """A parcel's own number is its tracking number: nobody else has to know another."""

    tariff: OwnFleet
    site: Carriers

    @property
    def id(self) -> str:
        return OWN

    @property
    def name(self) -> str:
        return self.tariff.name

    def rates(self, goods: Consignment) -> Rates:
        area = best_place(self.tariff.areas, goods.country, goods.postcode)
        if area is None:
            mend = "name its postcode in `carriers.own.areas`, or send it with a carrier"
            where = f"{goods.country} {goods.postcode}".strip()
            return Rates(refused=(self._no(NOT_SERVED, "ship_to", where, mend),))
        if goods.weight_g > self.tariff.most_g:
            mend = f"at most {self.tariff.most_g} g to one door"
            return Rates(refused=(self._no(TOO_HEAVY, "weight_g", str(goods.weight_g), mend),))
        return Rates((self._quote(goods, area.km),))

    def _quote(self, goods: Consignment, km: int) -> Quote:
        parts = (
            Part("stop", self.tariff.stop),
            Part("km", self.tariff.km * km),
            Part("kg", each_begun(self.tariff.kg, goods.weight_g, 1_000)),
        )
        days, cutoff = self.tariff.days, self.tariff.cutoff
        zone = ZoneInfo(self.site.timezone)
        return Quote(
            carrier=OWN,
            carrier_name=self.name,
            service=VAN,
            service_name=self.name,
            parts=tuple(part for part in parts if part.amount or part.what == "stop"),
            currency=self.site.currency,
            days=days,
            arrives_by=arrives_by(goods.ready_at, days, cutoff, zone, self.site.working_days),
            abilities=self.tariff.abilities,
        )

    def _no(self, why: str, field: str, value: str, mend: str) -> NoFit:
        return no_fit(self, VAN, why, field, value, mend)

    def ship(self, goods: Consignment, service: str) -> Waybill:
        number = goods.boxes[0].number
        label = (self.name,)
        return Waybill(carrier=OWN, service=service, number=number, label=label, barcode="none")

    def pickup(self, window: Window) -> Booking:
        return Booking("", window)

    def track(self, number: str) -> list[Reported]:
        """Nothing: what its vans do is on record already."""
        del number
        return []

    def valid_number(self, number: str) -> bool:
        return number.startswith("P-") or (number.isdigit() and len(number) == 18)
