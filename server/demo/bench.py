"""What the demo's packing bench has: cartons, a packing guide, and numbers for labels."""

from collections.abc import Iterator
from typing import Any

from server.catalog.ops import PutSetting
from server.kernel.ops import Op

# Code, name, inner length, width and height in mm, most grams of goods, grams of its own.
_CARTONS = (
    ("XS", "Small parcel", 230, 160, 120, 3_000, 90),
    ("S", "Shoe box", 330, 230, 150, 6_000, 170),
    ("M", "Medium box", 430, 310, 250, 12_000, 330),
    ("L", "Large box", 600, 400, 400, 25_000, 700),
    ("FLAT", "Flat box", 480, 360, 80, 6_000, 240),
    ("LONG", "Long box", 750, 160, 160, 8_000, 380),
)
_FILL = 85
_GUIDE: tuple[dict[str, Any], ...] = (
    {"when": {"abroad": True}, "material": "double_wall", "advice": ["strap", "export_marks"]},
    {"when": {"transport": "sea"}, "advice": ["moisture_bag"]},
    {"when": {"transport": "air", "liquid": True}, "advice": ["bag_liquids", "absorbent"]},
    {"when": {"dangerous": True}, "material": "double_wall", "advice": ["hazard_label"]},
    {"when": {"temperature": "chilled"}, "material": "cool_box", "advice": ["cool_packs"]},
    {"when": {"heavy": True}, "material": "double_wall", "advice": ["heavy_bottom"]},
    {
        "when": {"fragile": True},
        "filler": "air_cushions",
        "advice": ["wrap_each", "dividers", "fragile_label"],
    },
    {"when": {"liquid": True}, "advice": ["bag_liquids", "upright_arrows"]},
    {"when": {"upright": True}, "advice": ["upright_arrows"]},
    {"material": "single_wall", "filler": "paper"},
)
_PRINTING = {"stations": [{"id": "bench-1", "name": "Bench 1", "kind": "null"}]}
"""Prints nothing and keeps it: nobody who tries the demo has a label printer."""
PREFIX = "9521234"
"""GS1 keeps prefixes that begin with 952 for examples: no such number belongs to anybody."""


def bench_settings() -> Iterator[tuple[str, Op]]:
    cartons = [
        {
            "code": code,
            "name": name,
            "max_g": max_g,
            "tare_g": tare_g,
            "fill": _FILL,
            "length_mm": length,
            "width_mm": width,
            "height_mm": height,
        }
        for code, name, length, width, height, max_g, tare_g in _CARTONS
    ]
    for key, value in (
        ("cartons", cartons),
        ("packing_guide", list(_GUIDE)),
        ("packing", {}),
        ("printing", _PRINTING),
        ("gs1", {"prefix": PREFIX}),
    ):
        yield "catalog.put_setting.v1", PutSetting(key=key, value=value)
