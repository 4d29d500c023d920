"""Packed shipments, and carriers that a site could have."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.ops import PutSetting
from server.pod.carriers.reports import CarrierEvent
from server.store.dispatch import Verdict
from server.store.store import Store
from tests.floor_site import Handheld, good, release_wave, scalar, system, table
from tests.floor_work import pack_all, pick_all, take

CARRIERS: dict[str, Any] = {
    "currency": "GBP",
    "own": {
        "name": "Our vans",
        "areas": [{"country": "GB", "prefix": "LS", "km": 10}],
        "stop": 300,
        "km": 20,
    },
    "rate_tables": [
        {
            "id": "swift",
            "name": "Swift Parcels",
            "fuel_bp": 1000,
            "zones": [
                {
                    "id": "home",
                    "places": [{"country": "GB"}],
                    "breaks": [{"to_g": 5000, "price": 400}],
                    "days": {"eco": 3, "fast": 0},
                }
            ],
            "services": [
                {"id": "eco", "name": "Economy"},
                {"id": "fast", "name": "Same day", "factor_bp": 20000, "cutoff": "23:59"},
            ],
            "numbers": {"prefix": "SW", "first": 10000000, "last": 10000005},
        }
    ],
}


def set_carriers(store: Store, **more: Any) -> None:
    setting = PutSetting(key="carriers", value=CARRIERS | more)
    good(system(store, "catalog.put_setting.v1", setting))


def packed(store: Store, mark: str = "") -> list[str]:
    """Everything that was ordered, picked and packed; the shipments by their orders' references."""
    good(release_wave(store))
    picker, packer = (Handheld(store, who, f"dev-{who}{mark}") for who in ("picker", "packer"))
    for handheld, kind, work in ((picker, "pick", pick_all), (packer, "pack", pack_all)):
        while scalar(store, f"SELECT COUNT(*) FROM task WHERE kind = '{kind}' AND state = 'open'"):  # noqa: S608
            work(handheld, take(handheld, kind))
    by_ref = "SELECT s.id FROM shipment s JOIN orders o ON o.id = s.order_id ORDER BY o.ref"
    return [r["id"] for r in table(store, by_ref)]


def bill(store: Store, shipment: str) -> dict[str, Any]:
    wanted = "SELECT w.* FROM waybill w JOIN waybill_of o ON o.waybill = w.id WHERE o.shipment = :s"
    found = table(store, wanted, s=shipment)
    return found[0] if found else {}


def told(store: Store, number: str, text: str, **said: Any) -> Verdict:
    event = msgspec.convert(
        {"number": number, "source": "swift", "text": text} | said, CarrierEvent
    )
    return system(store, "pod.carrier_event.v1", event)


def spoil(store: Store, key: str, value: str) -> None:
    """As an older release, or a hand in the database, might have left a setting."""
    written = sa.text("UPDATE setting SET value = :v WHERE key = :k")
    store.run_sync(lambda tx: tx.conn.execute(written, {"k": key, "v": value}))
