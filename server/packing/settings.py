"""What a site says of its packing: settings `packing`, `cartons`, `packing_guide` and `gs1`."""

from typing import Any

import msgspec

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.packing.shapes import Cartons, CartonType, Gs1, GuideRules, Packing

shaped("packing", Packing)
shaped("cartons", Cartons)
shaped("packing_guide", GuideRules)
shaped("gs1", Gs1)


def packing(conn: Any, site: str) -> Packing:
    return msgspec.convert(get_setting(conn, site, "packing", {}), Packing)


def carton_types(conn: Any, site: str) -> dict[str, CartonType]:
    found = msgspec.convert(get_setting(conn, site, "cartons", []), list[CartonType])
    return {each.code: each for each in found}


def prefix(conn: Any, site: str) -> str:
    value = get_setting(conn, site, "gs1", None)
    return msgspec.convert(value, Gs1).prefix if value else ""
