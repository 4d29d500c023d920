"""What became of a file: every row is counted once, as taken, left out or rejected."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from server.imports.reading import Row
from server.imports.rejects import RejectFile
from server.orders.validation import Problem


@dataclass
class Report:
    """`made`, `already`: things (items, orders, cancellations) by kind. `rows_taken`: rows that
    are in something made now or earlier. `no_goods`: things of charges and notes only.
    `left_out`, `rejected`: rows by rule, with the
    first example of each."""

    rows: int = 0
    rows_taken: int = 0
    merged: int = 0
    made: Counter[str] = field(default_factory=Counter)
    already: Counter[str] = field(default_factory=Counter)
    rejected_things: Counter[str] = field(default_factory=Counter)
    no_goods: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    first_rejects: dict[str, str] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        return not self.rejected

    def lines(self) -> list[str]:
        """For the terminal; counts in digits that line up."""
        told = [f"{self.rows:>9,} rows read"]
        told += [f"{n:>9,} {kind} imported" for kind, n in sorted(self.made.items())]
        told += [f"{n:>9,} {kind} already there" for kind, n in sorted(self.already.items()) if n]
        told += [f"{n:>9,} {k} rejected" for k, n in sorted(self.rejected_things.items())]
        told += [f"{n:>9,} {k} left out: no goods" for k, n in sorted(self.no_goods.items())]
        if self.merged:
            told.append(f"{self.merged:>9,} rows merged with another of the same article")
        told += [f"{n:>9,} rows left out: {rule}" for rule, n in self.left_out.most_common()]
        told += [f"{n:>9,} rows rejected: {rule}" for rule, n in self.rejected.most_common()]
        return told + [f"          {text}" for text in self.first_rejects.values()]


class Desk:
    """Where an import says what became of each row."""

    def __init__(self, rejects: RejectFile, progress: Callable[[int], None]) -> None:
        self.report = Report()
        self._rejects = rejects
        self._progress = progress

    def read(self) -> None:
        self.report.rows += 1
        self._progress(self.report.rows)

    def take(self, thing: str, rows: int, *, repeat: bool) -> None:
        (self.report.already if repeat else self.report.made)[thing] += 1
        self.report.rows_taken += rows

    def reject(self, row: Row, problem: Problem, rows: int = 1) -> None:
        """`rows`: how many rows said the same as this one."""
        self.report.rejected[problem.rule] += rows
        if problem.rule not in self.report.first_rejects:
            field_ = f" {problem.field}" if problem.field else ""
            value = f" {problem.value!r}" if problem.value else ""
            text = f"row {row.no}:{field_}{value}: {problem.rule}: {problem.mend}"
            self.report.first_rejects[problem.rule] = text
        self._rejects.write(row, problem)

    def leave_out(self, rule: str, rows: int = 1) -> None:
        self.report.left_out[rule] += rows


class Progress:
    """A line that is written over, or where nobody watches, one every ten seconds."""

    def __init__(self, out: TextIO, done: Callable[[], float]) -> None:
        self._out, self._done = out, done
        self._live = out.isatty()
        self._every = 0.2 if self._live else 10.0
        self._last = time.monotonic()

    def __call__(self, rows: int) -> None:
        now = time.monotonic()
        if now - self._last < self._every:
            return
        self._last = now
        text = f"{self._done():4.0%} {rows:>9,} rows"
        self._out.write(f"\r{text}" if self._live else f"{text}\n")
        self._out.flush()

    def end(self) -> None:
        if self._live:
            self._out.write("\r" + " " * 24 + "\r")


def to_stderr(done: Callable[[], float]) -> Progress:
    return Progress(sys.stderr, done)
