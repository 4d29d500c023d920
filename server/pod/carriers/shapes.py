"""What goes to and fro between the house and a carrier. Money in minor units, weights in grams,
sizes in millimetres, moments in ms."""

import msgspec


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel; sizes of 0 are not known and weigh nothing by volume."""

    number: str
    weight_g: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0


class Consignment(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be carried to one door. `needs`: abilities without which nobody may take it.
    `value`, `cod`: what the goods are worth, and what is to be cashed at the door."""

    country: str
    postcode: str
    boxes: tuple[Box, ...]
    ready_at: int
    due_at: int = 0
    value: int = 0
    currency: str = ""
    needs: tuple[str, ...] = ()
    cod: int = 0
    urgent: bool = False

    @property
    def weight_g(self) -> int:
        return sum(box.weight_g for box in self.boxes)


class Part(msgspec.Struct, frozen=True):
    """A piece of a price. `what`: base, fuel, insurance, stop, km, kg, or an extra's name."""

    what: str
    amount: int


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """`days`: working days on the way. `arrives_by`: the end of the last of them."""

    carrier: str
    carrier_name: str
    service: str
    service_name: str
    parts: tuple[Part, ...]
    currency: str
    days: int
    arrives_by: int
    abilities: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(part.amount for part in self.parts)


class NoFit(msgspec.Struct, frozen=True, kw_only=True):
    """Why a service cannot take it: a code, the field and value that it falls over, the mend."""

    carrier: str
    carrier_name: str
    service: str
    why: str
    field: str
    value: str
    mend: str


class Rates(msgspec.Struct, frozen=True):
    quotes: tuple[Quote, ...] = ()
    refused: tuple[NoFit, ...] = ()


class Waybill(msgspec.Struct, frozen=True, kw_only=True):
    """`label`: what the carrier wants on each parcel, line by line. `barcode`: how its scanners
    read the number there: code128, itf, none."""

    carrier: str
    service: str
    number: str
    label: tuple[str, ...]
    barcode: str = "code128"


class Window(msgspec.Struct, frozen=True):
    opens_at: int
    closes_at: int


class Booking(msgspec.Struct, frozen=True):
    reference: str
    window: Window


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """One event as a carrier tells it: its own code and words, at its own time. `ref` is unique
    within the carrier; `seq` orders what has the same time."""

    number: str
    ref: str
    code: str = ""
    text: str = ""
    at: int = 0
    seq: int = 0
    place: str = ""
