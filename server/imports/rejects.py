"""The reject file: the rows that were not taken, why, and how to mend them.

Beside the reasons it holds the row as it was, so that it can be mended and imported with the same
map.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from server.imports.reading import Row
from server.kernel.cells import harmless
from server.orders.validation import Problem

HEAD = ["row", "field", "value", "rule", "mend"]


class RejectFile:
    """Begins to exist with its first row."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self._header = [name for name in header if name]
        self._file: TextIO | None = None

    def write(self, row: Row, problem: Problem) -> None:
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(harmless(c) for c in [*HEAD, *self._header])
        reason = [str(row.no), problem.field, problem.value, problem.rule, problem.mend]
        cells = [row.cells.get(name, "") for name in self._header]
        csv.writer(self._file).writerow(harmless(c) for c in [*reason, *cells])

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def used(self) -> bool:
        return self._file is not None
