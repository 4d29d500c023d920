"""`dockhand import …`: one file, one report, and an exit code that scripts can ask.

0: every row taken. 1: some were rejected, see the reject file. 2: nothing could be read.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

from server.imports import maps
from server.imports.items import import_items
from server.imports.layout_file import read_layout
from server.imports.layouts import import_layout
from server.imports.orders import import_orders
from server.imports.reading import CsvFile, FileProblem
from server.imports.rejects import RejectFile
from server.imports.report import Desk, Progress, Report
from server.imports.stock import import_stock
from server.imports.submitting import StoreTrouble
from server.store.store import Store

ALL_TAKEN, SOME_REJECTED, UNUSABLE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Wish:
    """`map_name`: of a built-in map or a TOML file. `ref` names a delivery of stock."""

    what: Literal["items", "stock", "orders", "layout"]
    path: Path
    site: str = "main"
    map_name: str = ""
    reject: Path | None = None
    ref: str = "opening"

    @property
    def rejects(self) -> Path:
        name = self.path.name.removesuffix(".gz").removesuffix(".csv")
        return self.reject or Path(f"{name}.{self.what}.rejected.csv")


def run(wish: Wish, store: Store, out: TextIO) -> int:
    """Import and tell; what is wrong with the file is told in one line."""
    try:
        report = import_file(wish, store, out)
    except (FileProblem, maps.MapProblem) as problem:
        out.write(f"{wish.path.name}: {problem}\n")
        return UNUSABLE
    except StoreTrouble as trouble:
        out.write(f"the database does not answer ({trouble}); run the same command again\n")
        return UNUSABLE
    out.write("\n".join(report.lines()) + "\n")
    if report.clean:
        return ALL_TAKEN
    out.write(f"rejected rows, with what to mend: {wish.rejects}\n")
    return SOME_REJECTED


def import_file(wish: Wish, store: Store, out: TextIO) -> Report:
    """Raises FileProblem, MapProblem, StoreTrouble; everything else is in the report."""
    if wish.rejects.exists() and wish.rejects.samefile(wish.path):
        raise maps.MapProblem("the reject file would overwrite the input; name another")
    if wish.what == "layout":
        return _layout(wish, store)
    columns = maps.load(wish.map_name or wish.what, wish.what)
    with CsvFile(wish.path, columns) as rows:
        rejects = RejectFile(wish.rejects, rows.header)
        progress = Progress(out, lambda: rows.done)
        desk = Desk(rejects, progress)
        try:
            if wish.what == "items":
                import_items(rows, columns, store, wish.site, desk)
            elif wish.what == "stock":
                import_stock(rows, columns, store, wish.site, desk, wish.ref)
            else:
                import_orders(rows, columns, store, wish.site, desk)
        finally:
            rejects.close()
            progress.end()
    return desk.report


def _layout(wish: Wish, store: Store) -> Report:
    found = read_layout(wish.path)
    rejects = RejectFile(wish.rejects, ["code"])
    desk = Desk(rejects, lambda _: None)
    try:
        import_layout(found, store, wish.site, desk)
    finally:
        rejects.close()
    return desk.report
