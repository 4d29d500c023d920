"""CSV rows one at a time, each with what is wrong with it. Plain or gzipped; never a trace.

Rows are numbered as a spreadsheet numbers them: the header is row 1.
"""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from server.imports.maps import ColumnMap
from server.orders.validation import Problem

LONGEST_LINE = 1_000_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CUT_OFF = Problem(
    "", "", "cut_off", "the file ends in the middle; export it again and import that"
)
_GZIP = b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_QUOTES = "close the quotation marks, and double those inside a field"


class FileProblem(Exception):
    """Nothing of the file can be used. `code` as in a rejected row's rule."""

    def __init__(self, code: str, row: int, mend: str) -> None:
        super().__init__(f"row {row}: {code}: {mend}")
        self.code, self.row, self.mend = code, row, mend


@dataclass(frozen=True, slots=True)
class Row:
    """`cells`: the file's column -> text. `problem`: what makes the row unreadable as it is."""

    no: int
    cells: dict[str, str]
    problem: Problem | None = None

    @property
    def cut_off(self) -> bool:
        return self.problem is not None and self.problem.rule == "cut_off"


class CsvFile:
    """One reading of one file. `header` is known once it is open; `done` is the share read."""

    def __init__(self, path: Path, columns: ColumnMap) -> None:
        self._map = columns
        try:
            self._raw: BinaryIO = path.open("rb")
            self._size = max(1, path.stat().st_size)
            start = self._raw.read(4096)
        except OSError as error:
            raise FileProblem("unreadable_file", 0, error.strerror or str(error)) from None
        self._raw.seek(0)
        packed = start.startswith(_GZIP)
        self._bytes = gzip.GzipFile(fileobj=self._raw) if packed else self._raw
        self._bad: list[bytes] = []
        self._complete = True
        if not packed:
            _check_text(start)
        self._reader = csv.reader(
            self._lines(), delimiter=columns.delimiter, strict=True, skipinitialspace=True
        )
        self.header = self._read_header()

    def __enter__(self) -> "CsvFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    @property
    def done(self) -> float:
        return 1.0 if self._raw.closed else min(1.0, self._raw.tell() / self._size)

    def _lines(self) -> Iterator[str]:
        """Decoded one by one, so that a wrong byte spoils its own row only."""
        while line := self._bytes.readline(LONGEST_LINE):
            self._complete = line.endswith(b"\n")
            if not self._complete and len(line) == LONGEST_LINE:
                raise csv.Error("line too long")
            try:
                yield line.decode(self._map.encoding)
            except UnicodeDecodeError as error:
                self._bad.append(line[error.start : error.start + 8])
                yield line.decode(self._map.encoding, errors="replace")

    def _read_header(self) -> list[str]:
        try:
            header = next(self._reader)
        except StopIteration:
            raise FileProblem("empty_file", 1, "the file has no rows; export it again") from None
        except (csv.Error, EOFError, OSError, zlib.error):
            raise FileProblem(
                "binary_file", 1, "this is no CSV text; export it as CSV and import that"
            ) from None
        if self._bad or any(CONTROL.search(name) for name in header):
            raise FileProblem("bad_encoding", 1, self._other_encoding())
        header = [name.strip() for name in header]
        if twice := sorted({name for name in header if name and header.count(name) > 1}):
            raise FileProblem("column_twice", 1, f"give each column its own name: {twice[0]}")
        if missing := [c for c in self._map.columns.values() if c not in header]:
            raise FileProblem(
                "missing_column",
                1,
                f"no column {missing[0]!r}; there are {', '.join(header)[:300]};"
                " mend the file's first row or the map",
            )
        return header

    def _other_encoding(self) -> str:
        return f"the file is not {self._map.encoding}; set `encoding` in the map"

    def __iter__(self) -> Iterator[Row]:
        no = 1
        while True:
            no += 1
            self._bad.clear()
            try:
                cells = next(self._reader)
            except StopIteration:
                if no == 2:
                    raise FileProblem(
                        "no_rows", 2, "there is a header only; export it again"
                    ) from None
                return
            except csv.Error as error:
                at_end = "end of data" in str(error)
                yield Row(no, {}, _CUT_OFF if at_end else _bad_csv(error))
                continue
            except (EOFError, OSError, zlib.error):
                yield Row(no, {}, _CUT_OFF)
                return
            if cells:
                yield self._row(no, cells)

    def _row(self, no: int, cells: list[str]) -> Row:
        named = {name: cell.strip() for name, cell in zip(self.header, cells, strict=False) if name}
        problem = self._problem(cells, named)
        if problem is _CUT_OFF and len(cells) == 1:  # not even the order's number is whole
            return Row(no, {}, problem)
        return Row(no, named, problem)

    def _problem(self, cells: list[str], named: dict[str, str]) -> Problem | None:
        if len(cells) < len(self.header):
            if not self._complete:
                return _CUT_OFF
            mend = f"fill all {len(self.header)} columns"
            return Problem(self.header[len(cells)], "", "missing_cells", mend)
        if len(cells) > len(self.header):
            mend = "put quotation marks around cells that hold the delimiter"
            return Problem("", cells[len(self.header)][:80], "too_many_cells", mend)
        for name, cell in named.items():
            if self._bad and "\ufffd" in cell:
                value = self._bad[0].hex(" ")
                return Problem(name, value, "bad_encoding", self._other_encoding())
            if CONTROL.search(cell):
                mend = "remove the invisible characters"
                return Problem(name, repr(cell)[:80], "control_character", mend)
        return None


def _bad_csv(error: csv.Error) -> Problem:
    return Problem("", str(error), "bad_csv", _QUOTES)


def _check_text(start: bytes) -> None:
    if not start.strip():
        raise FileProblem("empty_file", 1, "the file is empty; export it again")
    if start.startswith(_UTF_16):
        raise FileProblem("bad_encoding", 1, "this is UTF-16; save it as CSV in UTF-8")
    if start.startswith(b"PK"):
        raise FileProblem("binary_file", 1, "this is a workbook or archive; save it as CSV")
    if start.startswith(b"%PDF-"):
        raise FileProblem("binary_file", 1, "this is a PDF; ask for the order as CSV, or key it in")
    header = start.partition(b"\n")[0]
    if b"\x00" in header:
        raise FileProblem("binary_file", 1, "this is no text; export it as CSV and import that")
