"""Column maps: what the columns of a file mean, and which rules its channel follows. TOML files."""

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

BUILT_IN = Path(__file__).parent / "maps"
Kind = Literal["items", "stock", "orders"]
Column = Annotated[str, Meta(min_length=1, max_length=200)]

FIELDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "items": (
        frozenset({"sku", "name"}),
        frozenset({"price", "cost", "code", "weight_g", "weight_class"})
        | {"tracks_lot", "tracks_expiry", "tracks_serial", "temperature", "dangerous"}
        | {"length_mm", "width_mm", "height_mm", "upright", "liquid", "apart"},
    ),
    "stock": (frozenset({"sku", "bin", "qty"}), frozenset({"lot", "expiry"})),
    "orders": (
        frozenset({"ref", "sku", "qty", "placed_at"}),
        frozenset(
            {"name", "price", "customer", "customer_name", "country", "street", "city"}
            | {"postcode", "province", "phone", "email", "ship_to_name"}
            | {"lat", "lon", "deliver_from", "deliver_to"}
        ),
    ),
    "derived": (frozenset({"ref", "sku", "qty"}), frozenset({"name", "price"})),
}
"""Per kind: the fields a map must place in columns, and those it may."""


class NotGoods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lines that are charges or notes: left out, whatever else is wrong with them."""

    skus: frozenset[str] = frozenset()
    pattern: str = ""

    def matches(self, sku: str) -> bool:
        named = sku.upper() in {s.upper() for s in self.skus}
        return named or bool(self.pattern and re.fullmatch(self.pattern, sku, re.IGNORECASE))


class ColumnMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`columns`: our field -> the file's column. `strip_suffix`: field -> text to cut off its end.

    `derive_from_orders` (items, stock): the file holds order lines, from which one item a SKU, or
    stock enough for all of them, is derived. `cancellation_prefix`: what a ref begins with whose
    lines take goods back. `on_bad_line`: what a bad line does to the order around it.
    """

    kind: Kind
    title: str = ""
    encoding: Literal["utf-8", "utf-8-sig", "latin-1", "cp1252", "gb18030", "big5", "shift_jis"] = (
        "utf-8-sig"
    )
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    columns: dict[str, Column]
    strip_suffix: dict[str, str] = {}
    derive_from_orders: bool = False
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "EUR"
    channel: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "EC"
    timezone: str = "UTC"
    date_format: str = "%Y-%m-%d %H:%M:%S"
    customer_name: str = "{customer}"
    cancellation_prefix: str = ""
    on_bad_line: Literal["reject_order", "drop_line"] = "reject_order"
    not_goods: NotGoods = NotGoods()

    @property
    def shape(self) -> str:
        return "derived" if self.derive_from_orders else self.kind

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def minor_digits(self) -> int:
        """Decimals of the currency's smallest unit (ISO 4217)."""
        return {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3}.get(self.currency, 2)


class MapProblem(Exception):
    """The map cannot be used; the text says what to mend."""


def load(name: str, kind: Kind) -> ColumnMap:
    """A built-in map by its name (`uci-orders`) or a TOML file by its path."""
    path = BUILT_IN / f"{name}.toml" if re.fullmatch(r"[a-z0-9-]+", name) else Path(name)
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=ColumnMap)
    except OSError:
        names = ", ".join(sorted(p.stem for p in BUILT_IN.glob("*.toml")))
        raise MapProblem(f"no map {name!r}; name a TOML file or one of: {names}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MapProblem(f"map {path.name}: {error}") from None
    _check(found, path.name, kind)
    return found


def _check(found: ColumnMap, name: str, kind: Kind) -> None:
    if found.kind != kind:
        raise MapProblem(f"map {name} is for {found.kind}; use one for {kind}")
    needed, allowed = FIELDS[found.shape]
    if missing := sorted(needed - found.columns.keys()):
        raise MapProblem(f"map {name}: say in [columns] which column holds {', '.join(missing)}")
    if unknown := sorted(found.columns.keys() - needed - allowed):
        known = ", ".join(sorted(needed | allowed))
        raise MapProblem(f"map {name}: [columns] knows no {', '.join(unknown)}; it knows {known}")
    _check_values(found, name)


def _check_values(found: ColumnMap, name: str) -> None:
    try:
        found.zone  # noqa: B018
    except (ZoneInfoNotFoundError, ValueError):
        raise MapProblem(f"map {name}: no time zone {found.timezone!r} on this system") from None
    try:
        re.compile(found.not_goods.pattern)
    except re.error as error:
        raise MapProblem(f"map {name}: not_goods.pattern: {error}") from None
    try:
        found.customer_name.format(customer="")
    except (KeyError, IndexError, ValueError):
        raise MapProblem(f"map {name}: customer_name may use {{customer}} only") from None
