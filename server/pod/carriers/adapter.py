"""The one interface to carriers, and its twin that answers without any."""

from typing import Protocol

from server.pod.carriers.shapes import (
    Booking,
    Consignment,
    Part,
    Quote,
    Rates,
    Reported,
    Waybill,
    Window,
)


class Carrier(Protocol):
    """What every carrier can be asked. `ship` and `pickup` are asked once for each that is made:
    they use up a number."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    def rates(self, goods: Consignment) -> Rates: ...
    def ship(self, goods: Consignment, service: str) -> Waybill: ...
    def pickup(self, window: Window) -> Booking: ...
    def track(self, number: str) -> list[Reported]:
        """May take its time, and may raise whatever it likes; asked beside the store only."""
        ...

    def valid_number(self, number: str) -> bool: ...


class NullCarrier:
    """A carrier for tests: one service at one price, numbers counted up, and it keeps what it was
    asked for."""

    def __init__(self, carrier: str = "null", price: int = 1_000, currency: str = "EUR") -> None:
        self.id = self.name = carrier
        self.price, self.currency = price, currency
        self.shipped: list[Consignment] = []
        self.windows: list[Window] = []
        self.told: list[Reported] = []

    def rates(self, goods: Consignment) -> Rates:
        quote = Quote(
            carrier=self.id,
            carrier_name=self.name,
            service="only",
            service_name="only",
            parts=(Part("base", self.price),),
            currency=self.currency,
            days=1,
            arrives_by=goods.ready_at + 86_400_000,
            abilities=goods.needs,
        )
        return Rates((quote,))

    def ship(self, goods: Consignment, service: str) -> Waybill:
        self.shipped.append(goods)
        number = f"NULL{len(self.shipped):06d}"
        return Waybill(carrier=self.id, service=service, number=number, label=(number,))

    def pickup(self, window: Window) -> Booking:
        self.windows.append(window)
        return Booking(f"PICKUP{len(self.windows)}", window)

    def track(self, number: str) -> list[Reported]:
        return [event for event in self.told if event.number == number]

    def valid_number(self, number: str) -> bool:
        return number.startswith("NULL") and number[4:].isdigit()
