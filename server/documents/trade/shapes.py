"""An order with all that its papers may say, as plain data. Weights in grams, times in ms."""

import msgspec


class Party(msgspec.Struct, frozen=True):
    """`language`: BCP 47, for the shapes of its characters; empty: as the reader's."""

    name: str
    address: list[str]
    phone: str = ""
    email: str = ""
    tax_id: str = ""
    country: str = ""
    language: str = ""


class Asked(msgspec.Struct, frozen=True):
    """A line as it was ordered, and so much of it as was picked; of that `substituted` pieces are
    of the item `substitute`. `price` per piece in minor units."""

    no: int
    sku: str
    name: str
    qty: int
    price: int
    picked: int = 0
    substitute: str = ""
    substituted: int = 0


class Known(msgspec.Struct, frozen=True):
    """What the item master says. `weight_g` 0: nobody has weighed it."""

    name: str
    weight_g: int = 0
    origin: str = ""
    hs_code: str = ""
    dangerous: bool = False


class Box(msgspec.Struct, frozen=True):
    """A sealed carton: its goods as (SKU, pieces). `pallet`: on which it stands."""

    number: str
    goods: list[tuple[str, int]]
    carton: str = ""
    weight_g: int = 0
    pallet: str = ""


class Walk(msgspec.Struct, frozen=True):
    """A place to pick from. `picked`: so far; `state`: open, done, short."""

    place: str
    sku: str
    name: str
    qty: int
    picked: int
    state: str
    lot: str = ""


class Carriage(msgspec.Struct, frozen=True):
    """Who carries it: a carrier by its waybill, or a run of the own vans."""

    carrier: str = ""
    service: str = ""
    number: str = ""
    vehicle: str = ""
    run: str = ""


class Dossier(msgspec.Struct, frozen=True):
    """`stamp`: hash of what was packed and of who carries it. `timezone`: its days are printed."""

    order: str
    number: str
    ref: str
    state: str
    type: str
    transport: str
    currency: str
    placed_at: int
    due_at: int
    customer: str
    seller: Party
    ship_to: Party
    asked: list[Asked]
    items: dict[str, Known]
    boxes: list[Box] = []
    walks: list[Walk] = []
    carriage: Carriage = Carriage()
    incoterm: str = ""
    declaration: str = ""
    stamp: str = ""
    timezone: str = "UTC"
