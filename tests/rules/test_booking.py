"""Lot, expiry and serial number at the scan: the same vectors hold for the handheld's twin."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.inventory.rules import Asked, Scanned, check_booking

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "booking.json").read_text()
)


@pytest.mark.parametrize("case", VECTORS, ids=lambda c: c["name"])
def test_booking(case: dict[str, Any]) -> None:
    asked = msgspec.convert(case["asked"], Asked)
    scanned = msgspec.convert(case["scanned"], Scanned)
    assert check_booking(asked, scanned, case["today"]) == case["verdict"]
