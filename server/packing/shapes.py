"""Shapes of the settings `packing`, `cartons`, `packing_guide` and `gs1`, with their defaults."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Millimetres = Annotated[int, Meta(ge=1, le=20_000)]
Grams = Annotated[int, Meta(ge=0, le=2_000_000)]
CartonCode = Annotated[str, Meta(min_length=1, max_length=16, pattern=r"^[A-Za-z0-9-]+$")]
Word = Annotated[str, Meta(max_length=32, pattern=r"^[a-z0-9_]*$")]


class Packing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`packing`. A carton may be off its expected weight by `tolerance_percent` of it or by
    `tolerance_g`, whichever is more.

    `blind`: the packer counts without knowing how many there should be. `quality`: each line is
    looked at before its carton is sealed. `weigh`: a weight is asked for (going on without one
    stays possible). `numbers`: carton numbers given with the task, so that none needs a network;
    `pallet_numbers`: those a packer has ready. `print`: a label goes to the bench's
    printer, or the device's own, at once.
    """

    blind: bool = False
    quality: bool = True
    weigh: bool = True
    tolerance_percent: Annotated[float, Meta(ge=0, le=100)] = 3
    tolerance_g: Annotated[int, Meta(ge=0, le=100_000)] = 50
    numbers: Annotated[int, Meta(ge=1, le=50)] = 12
    pallet_numbers: Annotated[int, Meta(ge=1, le=20)] = 2
    print: bool = False


class CartonType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of `cartons`. Inner sizes in mm; `max_g`: of the goods; `tare_g`: with filler and tape;
    `fill`: percent of the room that goods may take."""

    code: CartonCode
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres
    max_g: Annotated[int, Meta(ge=1, le=2_000_000)]
    tare_g: Grams = 0
    fill: Annotated[int, Meta(ge=10, le=100)] = 85


Material = Literal["", "single_wall", "double_wall", "padded_bag", "wooden_crate", "cool_box"]
Filler = Literal["", "none", "paper", "air_cushions", "foam", "chips"]
Advice = Literal[
    "wrap_each",
    "dividers",
    "upright_arrows",
    "bag_liquids",
    "absorbent",
    "heavy_bottom",
    "corner_guards",
    "moisture_bag",
    "strap",
    "fragile_label",
    "hazard_label",
    "cool_packs",
    "export_marks",
]


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is named must hold; of the goods it is enough that one piece has it."""

    fragile: bool | None = None
    heavy: bool | None = None
    liquid: bool | None = None
    upright: bool | None = None
    dangerous: bool | None = None
    temperature: Word | None = None
    apart: Annotated[str, Meta(max_length=32)] | None = None
    transport: Annotated[str, Meta(max_length=16)] | None = None
    abroad: bool | None = None


class GuideRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of `packing_guide`. The first rule that holds and names a material decides it, likewise
    the filler; advice is gathered from all that hold. `note`: the house's own words."""

    when: When = When()
    material: Material = ""
    filler: Filler = ""
    advice: Annotated[list[Advice], Meta(max_length=13)] = []
    note: Annotated[str, Meta(max_length=200)] = ""


class Gs1(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`gs1`: the company prefix from which SSCCs are made; without one, cartons have house
    numbers."""

    prefix: Annotated[str, Meta(pattern=r"^[0-9]{4,12}$")]


Cartons = Annotated[list[CartonType], Meta(max_length=60)]
GuideRules = Annotated[list[GuideRule], Meta(max_length=100)]
