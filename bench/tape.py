"""What the server's writer executed, kept so that the bare loop can execute the same again."""

import pickle
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from server.store import engines
from server.store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Step:
    """`statement`: a Core construct, or a string that went to the driver as it is."""

    statement: Any
    parameters: Any


Transaction = list[Step]


class Tape:
    """Listens on the writer's engine: one transaction after another, BEGIN and COMMIT left out."""

    def __init__(self, engine: sa.Engine) -> None:
        self.transactions: list[Transaction] = []
        self.reads = 0
        """Statements of all other engines: what answers and boards are read with."""
        self._engine = engine
        self._now: Transaction = []
        sa.event.listen(engine, "before_execute", self._executed)
        sa.event.listen(engine, "before_cursor_execute", self._sent)
        sa.event.listen(engine, "commit", self._committed)
        sa.event.listen(engine, "rollback", self._rolled_back)
        sa.event.listen(sa.Engine, "before_cursor_execute", self._read)
        for way in ("first", "all", "run", "run_many"):
            self._hear_prepared(way)

    def _hear_prepared(self, way: str) -> None:
        """Prepared statements go past the engine's events. The bare loop executes them by Core."""
        original = getattr(Prepared, way)

        def heard(prepared: Prepared, conn: sa.Connection, values: Any) -> Any:
            kept = list(values) if way == "run_many" else dict(values)
            if conn.engine is self._engine:
                self._now.append(Step(prepared.statement, kept))
            else:
                self.reads += 1
            return original(prepared, conn, values)

        setattr(Prepared, way, heard)

    def _executed(self, _conn: Any, statement: Any, multi: Any, single: Any, _options: Any) -> None:
        self._now.append(Step(statement, list(multi) or dict(single)))

    def _sent(
        self, _conn: Any, _cursor: Any, text: str, parameters: Any, context: Any, _many: bool
    ) -> None:
        if context.compiled is None and not text.startswith("BEGIN"):
            self._now.append(Step(text, parameters))

    def _read(self, conn: sa.Connection, *_: Any) -> None:
        self.reads += conn.engine is not self._engine

    def _committed(self, _conn: Any) -> None:
        self.transactions.append(self._now)
        self._now = []

    def _rolled_back(self, _conn: Any) -> None:
        self._now = []

    def save(self, path: Path) -> None:
        path.write_bytes(pickle.dumps((self.transactions, self.reads)))


def load(path: Path) -> list[Transaction]:
    return _load(path)[0]


def reads(path: Path) -> int:
    """How many statements were read with beside the writer's."""
    return _load(path)[1]


def _load(path: Path) -> tuple[list[Transaction], int]:
    saved: tuple[list[Transaction], int] = pickle.loads(path.read_bytes())  # noqa: S301  our own file
    return saved


def statements(transactions: list[Transaction]) -> int:
    """How many statements were executed, BEGIN and COMMIT of each transaction counted too."""
    return sum(len(one) + 2 for one in transactions)


def rows(transactions: list[Transaction]) -> int:
    """The same with each row of an executemany counted by itself."""
    return sum(
        2 + sum(len(s.parameters) if isinstance(s.parameters, list) else 1 for s in one)
        for one in transactions
    )


def replay(transactions: list[Transaction], url: str) -> float:
    """Execute it all on another copy of the database; returns seconds."""
    engine = engines.writer_engine(url)
    start = time.perf_counter()
    for one in transactions:
        with engine.begin() as conn:
            for step in one:
                _execute(conn, step)
    took = time.perf_counter() - start
    engine.dispose()
    return took


def _execute(conn: sa.Connection, step: Step) -> None:
    if isinstance(step.statement, str):
        conn.exec_driver_sql(step.statement, step.parameters)
        return
    result = conn.execute(step.statement, step.parameters)
    if result.returns_rows:
        result.all()
