"""How the demo's goods leave the house: depot and vans, carriers, loading, proof at the door."""

from collections.abc import Iterator
from typing import Any

import msgspec

from server.catalog.ops import PutSetting
from server.kernel.ops import Op
from server.pod.rules import PodSettings, PolicyRule, Question

DEPOT = {"lat": 51.4478, "lon": -2.5756}
PLATES = ("WX21 KRT", "WX22 LMB")
_RUNS: dict[str, Any] = {
    "depot": DEPOT,
    "timezone": "Europe/London",
    # Doors that never close: a demo is opened at any hour.
    "hours": {"opens": "00:00", "closes": "00:00"},
    "vehicles": [
        {"name": "VAN-1", "starts": "06:00", "shift_min": 900, "parcels": 60},
        {"name": "VAN-2", "starts": "09:00", "shift_min": 900, "parcels": 60},
    ],
    "iterations": 2_000,
    "idle": 500,
}
_PLACES = {"GB": {"Bristol": [51.4545, -2.5879], "Bath": [51.3811, -2.3590]}}
_CARRIERS: dict[str, Any] = {
    "currency": "GBP",
    # Otherwise a van would be planned to take to Tokyo what nobody has given to a carrier.
    "by_itself": True,
    "timezone": "Europe/London",
    "own": {
        "name": "Lantern & Oak vans",
        "areas": [
            {"country": "GB", "prefix": "BS", "km": 8},
            {"country": "GB", "prefix": "BA", "km": 22},
        ],
        "stop": 250,
        "km": 15,
        "cutoff": "23:59",
    },
    "rate_tables": [
        {
            "id": "heron",
            "name": "Heron Parcels",
            "fuel_bp": 900,
            "zones": [
                {
                    "id": "home",
                    "places": [{"country": "GB"}],
                    "breaks": [{"to_g": 2_000, "price": 420}, {"to_g": 10_000, "price": 690}],
                    "per_kg": 55,
                    "days": {"economy": 3, "express": 1},
                },
                {
                    "id": "europe",
                    "places": [{"country": c} for c in ("IE", "DE", "FR", "NL", "ES", "IT", "NO")],
                    "breaks": [{"to_g": 2_000, "price": 980}, {"to_g": 10_000, "price": 1_750}],
                    "per_kg": 140,
                    "days": {"economy": 6, "express": 2},
                },
                {
                    "id": "world",
                    "places": [{"country": "*"}],
                    "breaks": [{"to_g": 2_000, "price": 2_400}, {"to_g": 10_000, "price": 5_900}],
                    "per_kg": 520,
                    "days": {"economy": 12, "express": 4},
                },
            ],
            "services": [
                {"id": "economy", "name": "Economy"},
                {"id": "express", "name": "Express", "factor_bp": 18_000, "cutoff": "17:00"},
            ],
            "numbers": {"prefix": "HP", "first": 40_000_000, "last": 49_999_999},
        }
    ],
}
_LOADING = {"signature": "must", "photo": "may", "plates": list(PLATES)}
_UNPACKED = [
    Question(code="cartons", text="All cartons dry and closed"),
    Question(code="glass", text="Glass looked at with the receiver"),
]
_FRAGILE = PolicyRule(classes=["fragile"], ask={"inspection": "optional"}, checklist="fragile")


def road_settings() -> Iterator[tuple[str, Op]]:
    proof = PodSettings()
    proof = msgspec.structs.replace(
        proof, rules=[*proof.rules, _FRAGILE], checklists={"fragile": _UNPACKED}
    )
    for key, value in (
        ("runs", _RUNS),
        ("places", _PLACES),
        ("carriers", _CARRIERS),
        ("loading", _LOADING),
        ("pod", msgspec.to_builtins(proof)),
    ):
        yield "catalog.put_setting.v1", PutSetting(key=key, value=value)
