"""An empty site and the import commands' own door to it."""

import io
import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from server.demo.site import layout as demo_layout
from server.imports.command import Wish, import_file, run
from server.imports.layouts import import_layout
from server.imports.rejects import RejectFile
from server.imports.report import Desk, Report
from server.store.store import Store

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
GOOD = "536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"


class Site:
    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.rejects = folder / "rejected.csv"

    def file(self, *lines: str, name: str = "in.csv") -> Path:
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def wish(self, what: Any, path: Path, map_name: str = "", **more: Any) -> Wish:
        return Wish(
            what=what, path=path, map_name=map_name or f"uci-{what}", reject=self.rejects, **more
        )

    def take(self, what: Any, path: Path, map_name: str = "", **more: Any) -> Report:
        return import_file(self.wish(what, path, map_name, **more), self.store, io.StringIO())

    def tell(self, what: Any, path: Path, map_name: str = "", **more: Any) -> tuple[int, str]:
        out = io.StringIO()
        return run(self.wish(what, path, map_name, **more), self.store, out), out.getvalue()

    def bins(self) -> None:
        desk = Desk(RejectFile(self.rejects, ["code"]), lambda _: None)
        import_layout(demo_layout(), self.store, "main", desk)

    def items(self, *skus: str) -> None:
        lines = [f"{sku},Item {sku},1.50" for sku in skus]
        path = self.file("sku,name,price", *lines, name="items.csv")
        columns = {"sku": "sku", "name": "name", "price": "price"}
        self.take("items", path, str(self.map("items", columns=columns)))

    def map(self, kind: str, **fields: Any) -> Path:
        path = self.folder / f"{kind}.toml"
        tables = {k: v for k, v in fields.items() if isinstance(v, dict)}
        plain = {"kind": kind, **{k: v for k, v in fields.items() if k not in tables}}
        text = [f"{k} = {json.dumps(v)}" for k, v in plain.items()]
        for name, table in tables.items():
            text += [f"[{name}]", *(f"{k} = {json.dumps(v)}" for k, v in table.items())]
        path.write_text("\n".join(text), encoding="utf-8")
        return path

    def rows(self, statement: Any) -> list[tuple[Any, ...]]:
        return self.store.run_sync(lambda tx: [tuple(r) for r in tx.conn.execute(statement)])

    def count(self, table: sa.Table) -> int:
        return int(self.rows(sa.select(sa.func.count()).select_from(table))[0][0])
