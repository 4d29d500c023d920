"""A packer at the bench with cartons and weights: what packing tests do again and again."""

from typing import Any

from server.catalog.ops import PutItem, PutSetting
from server.packing.ops import CheckItem, ClosePack, OpenCarton, ReportFlaw, SealCarton
from server.store.store import Store
from tests.floor_site import ITEMS, Handheld, build, good, scalar, system, table
from tests.floor_work import pick_all, take
from tests.picking_work import in_hand, row_of

PREFIX = "9521234"
CARTONS = [
    {"code": code, "name": code, "length_mm": mm, "width_mm": mm, "height_mm": mm}
    | {"max_g": 10_000, "tare_g": tare}
    for code, mm, tare in (("S", 200, 100), ("M", 400, 300))
]
PHOTO = "sha256:" + "a" * 64


def furnish(store: Store) -> None:
    """The small warehouse with a prefix, two kinds of carton, and what its items weigh."""
    build(store)
    put(store, "gs1", {"prefix": PREFIX})
    put(store, "cartons", CARTONS)
    for sku, gtin in ITEMS.items():
        item = PutItem(sku=sku, name=sku, codes=[gtin], weight_g=500, length_mm=90)
        good(system(store, "catalog.put_item.v1", item))


def put(store: Store, key: str, value: Any) -> Any:
    return system(store, "catalog.put_setting.v1", PutSetting(key=key, value=value))


class Bench:
    """A packer at one order's task."""

    def __init__(self, store: Store, ref: str, **asked: int) -> None:
        self.store = store
        picker, task, self.order = in_hand(store, ref, "picker", **asked)
        pick_all(picker, task)
        self.pick_task = task
        self.packer = Handheld(store, "packer", f"bench-{ref}")
        self.task = take(self.packer, "pack")
        self.numbers: list[str] = self.job["numbers"]

    @property
    def job(self) -> dict[str, Any]:
        return row_of(self.store, "u:packer", "pack_job", self.task) or {}

    def line(self, sku: str) -> dict[str, Any]:
        found = table(self.store, "SELECT * FROM pack_line WHERE task = :t", t=self.task)
        return next(r for r in found if r["sku"] == sku)

    def open(self, number: str, carton: str = "S", proposed: str = "S") -> Any:
        op = OpenCarton(task=self.task, parcel=number, carton=carton, proposed=proposed)
        return self.packer.say("packing.open_carton.v1", op)

    def check(self, sku: str, packed: int, number: str = "", **more: Any) -> Any:
        said = CheckItem(
            task=self.task, line=self.line(sku)["no"], sku=sku, packed=packed, parcel=number, **more
        )
        return self.packer.say("packing.check_item.v1", said)

    def flaw(self, sku: str, flawed: int, reason: str = "damaged") -> Any:
        line = self.line(sku)["no"]
        op = ReportFlaw(
            task=self.task, line=line, sku=sku, flawed=flawed, reason=reason, photos=[PHOTO]
        )
        return self.packer.say("packing.report_flaw.v1", op)

    def seal(self, number: str, weight: int = 0, **more: Any) -> Any:
        op = SealCarton(task=self.task, parcel=number, weight_g=weight, **more)
        return self.packer.say("packing.seal_carton.v1", op)

    def close(self, number: str, weight: int = 0, **more: Any) -> Any:
        op = ClosePack(task=self.task, parcel=number, weight_g=weight, **more)
        return self.packer.say("packing.close_pack.v1", op)

    def discrepancy(self, kind: str) -> str:
        return str(scalar(self.store, "SELECT body FROM discrepancy WHERE kind = :k", k=kind))


def parcels(store: Store) -> list[tuple[str, str, int]]:
    found = table(store, "SELECT * FROM parcel ORDER BY no")
    return [(r["state"], r["carton"], r["weight_g"]) for r in found]
