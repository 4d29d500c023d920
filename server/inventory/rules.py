"""What may be booked at a scan: lot, expiry and serial number where the item asks for them.

`pwa/src/scan/booking.ts` is the twin of this module, held to it by `tests/vectors/booking.json`.
"""

from datetime import UTC, datetime
from typing import Literal

import msgspec

DAY_MS = 86_400_000
LotChange = Literal["never", "same_or_later_expiry", "any"]
Verdict = Literal[
    "book",
    "change_lot",
    "lot_missing",
    "expiry_missing",
    "serial_missing",
    "serial_repeated",
    "expired",
    "wrong_lot",
]


def day_of(at: int) -> str:
    """The ISO date (UTC) of a moment in ms."""
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def lot_change(setting: object) -> LotChange:
    """The site's rule as it is set; anything else means never."""
    if setting == "any":
        return "any"
    return "same_or_later_expiry" if setting == "same_or_later_expiry" else "never"


class Asked(msgspec.Struct, frozen=True):
    """What the line asks for, and what its item asks to be scanned."""

    lot: str = ""
    expiry: str = ""
    tracks: tuple[Literal["lot", "expiry", "serial"], ...] = ()
    lot_change: LotChange = "never"


class Scanned(msgspec.Struct, frozen=True):
    """What the label said; `serials`: those booked on the line before this piece."""

    lot: str = ""
    expiry: str = ""
    serial: str = ""
    serials: tuple[str, ...] = ()


def check_booking(asked: Asked, scanned: Scanned, today: str) -> Verdict:
    """`today`: ISO date. Goods are good through the day of their expiry.

    What is known of the lot that was asked for need not be on the label again. Expired comes
    first: it stops, whatever else the label says.
    """
    is_asked_lot = scanned.lot == asked.lot
    expiry = scanned.expiry or (asked.expiry if is_asked_lot else "")
    if expiry and expiry < today:
        return "expired"
    if ("lot" in asked.tracks or asked.lot) and not scanned.lot:
        return "lot_missing"
    if "expiry" in asked.tracks and not expiry:
        return "expiry_missing"
    if asked.lot and scanned.lot and not is_asked_lot:
        verdict: Verdict = "change_lot" if _may_change(asked, expiry) else "wrong_lot"
        if verdict == "wrong_lot":
            return verdict
        return _serial(asked, scanned) or verdict
    return _serial(asked, scanned) or "book"


def _may_change(asked: Asked, expiry: str) -> bool:
    if asked.lot_change == "any":
        return True
    return asked.lot_change == "same_or_later_expiry" and bool(expiry) and expiry >= asked.expiry


def _serial(asked: Asked, scanned: Scanned) -> Verdict | None:
    if "serial" not in asked.tracks:
        return None
    if not scanned.serial:
        return "serial_missing"
    return "serial_repeated" if scanned.serial in scanned.serials else None
