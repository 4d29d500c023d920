"""A driver's signed record of a stop, as the handheld makes it where nothing else is asked for."""

from typing import Any

from server.demo.many.crew import Handheld, Said
from server.pod.evidence import canonical, record_hash
from server.store.site_keys import SiteKey

_NOTHING_ASKED: dict[str, Any] = {
    "parcels": [],
    "signature": None,
    "signed_on": "",
    "link": "",
    "shown": "",
    "photos": [],
    "slip": [],
    "ask": {},
    "relaxed": [],
    "pin": "",
    "pin_tries": 0,
    "inspection": [],
    "stages": [],
    "corrects": None,
    "desk": None,
    "no_position": "",
    "boot": "many",
}


def proof(
    handheld: Handheld, stop: Any, goods: list[Any], outcome: str, receiver: str, at: int
) -> Said:
    """`stop`: id, run, order, policy and place; `goods`: no, SKU and pieces of each line."""
    refused = outcome == "refused"
    record = _NOTHING_ASKED | {
        "v": 2,
        "device": handheld.id,
        "seq": handheld.seq + 1,
        "prev": handheld.prev,
        "person": handheld.id,
        "run": stop.run,
        "stop": stop.id,
        "order": stop.order_id,
        "outcome": outcome,
        "reason": "damaged" if refused else "",
        "receiver": receiver,
        "lines": [_line(g, refused) for g in goods],
        "policy": stop.policy,
        "position": _position(handheld.seq),
        "at": at,
        "mono_ms": handheld.seq * 1000,
        "server_seen": at,
    }
    handheld.seq, handheld.prev = handheld.seq + 1, record_hash(record)
    signature = SiteKey("", handheld.key).sign(canonical(record))
    said = {"record": record, "hash": handheld.prev, "signature": signature, "shown": ""}
    return "pod.deliver.v2", said


def _line(goods: Any, refused: bool) -> dict[str, Any]:
    said = {"no": goods.no, "sku": goods.sku, "qty": goods.picked, "photos": []}
    if refused:
        return said | {"delivered": 0, "outcome": "refused", "reason": "damaged"}
    return said | {"delivered": goods.picked, "outcome": "full", "reason": ""}


def _position(seq: int) -> dict[str, Any]:
    """Somewhere in the town."""
    lat, lon = 537_900_000 + seq * 7_919 % 400_000, -15_500_000 + seq * 104_729 % 400_000
    return {"lat_e7": lat, "lon_e7": lon, "acc_cm": 900, "age_ms": 400, "source": "device"}
