"""Statements of the hot path: compiled once, then sent straight to the driver.

`Connection.execute` prepares, checks and wraps anew each time, which costs several times what the
database takes for a statement of one row. What is said here is still a Core statement, with the
same errors; values go in and come out as the driver has them, so its columns must need no
conversion: text, whole numbers and NULL.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

Values = Mapping[str, Any]
_SHORT = 1_000
INFRASTRUCTURE = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError)
"""Locked, full, deadlocked, cut off. A broken constraint or bad value is the job's own failure."""


class Prepared:
    """One statement. Raises sqlalchemy.exc.DBAPIError as `Connection.execute` does.

    Where it says `IN` of an expanding parameter it is given a list, which may not be empty.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self.statement = statement
        self._known: dict[tuple[str, tuple[tuple[str, int], ...]], _Compiled] = {}

    def first(self, conn: sa.Connection, values: Values) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._send(conn, values).fetchone()
        return found

    def all(self, conn: sa.Connection, values: Values) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._send(conn, values).fetchall()
        return found

    def mappings(self, conn: sa.Connection, values: Values) -> list[dict[str, Any]]:
        """By the names of a SELECT's columns."""
        selected: Any = self.statement
        names = selected.selected_columns.keys()
        return [dict(zip(names, row, strict=True)) for row in self.all(conn, values)]

    def run(self, conn: sa.Connection, values: Values) -> int:
        """Returns how many rows it changed."""
        return int(self._send(conn, values).rowcount)

    def run_many(self, conn: sa.Connection, rows: Collection[Values]) -> None:
        if not rows:
            return
        compiled = self._compiled(conn, ())
        cursor = conn.connection.cursor()
        try:
            cursor.executemany(compiled.text, [compiled.arguments(row) for row in rows])
        except Exception as error:
            raise _as_core_says(conn, compiled.text, error) from error
        finally:
            cursor.close()

    def _send(self, conn: sa.Connection, values: Values) -> Any:
        lists = [(name, value) for name, value in values.items() if isinstance(value, list)]
        compiled = self._compiled(conn, tuple((name, _room(len(value))) for name, value in lists))
        if lists:
            values = {**values, **dict(_spread(lists))}
        driver: Any = conn.connection.driver_connection
        try:
            return driver.execute(compiled.text, compiled.arguments(values))
        except Exception as error:
            raise _as_core_says(conn, compiled.text, error) from error

    def _compiled(self, conn: sa.Connection, lists: tuple[tuple[str, int], ...]) -> "_Compiled":
        dialect = conn.dialect
        found = self._known.get((dialect.name, lists))
        if found is None:
            found = _Compiled(self.statement, dialect, lists)
            self._known[(dialect.name, lists)] = found
        return found


def _room(length: int) -> int:
    """A list is given as many places as the next power of two, the next thousand if it is longer,
    that its statement is soon known."""
    return 1 << (length - 1).bit_length() if length <= _SHORT else -(-length // _SHORT) * _SHORT


def _spread(lists: Iterable[tuple[str, list[Any]]]) -> Iterator[tuple[str, Any]]:
    """Each value to its place; the last one to those that are left."""
    for name, values in lists:
        for i in range(_room(len(values))):
            yield f"{name}_{i + 1}", values[min(i, len(values) - 1)]


class _Compiled:
    """A statement in the words of one database."""

    def __init__(
        self, statement: Any, dialect: sa.Dialect, lists: tuple[tuple[str, int], ...]
    ) -> None:
        compiled = statement.compile(dialect=dialect)
        places = {name: [None] * room for name, room in lists}
        full = compiled.construct_expanded_state({**compiled.params, **places})
        self.text = full.statement
        self._constants = {k: v for k, v in full.parameters.items() if v is not None}
        names: Sequence[str] | None = full.positiontup
        self._in_order = None if names is None else tuple(names)

    def arguments(self, values: Values) -> Any:
        given = {**self._constants, **values} if self._constants else values
        if self._in_order is None:
            return given
        return [given[name] for name in self._in_order]


@cache
def inserting(table: sa.Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(sa.insert(table).values({name: sa.bindparam(name) for name in columns}))


def insert_all(conn: sa.Connection, table: sa.Table, rows: Sequence[Values]) -> None:
    """`rows` name the same columns each."""
    if rows:
        inserting(table, tuple(rows[0])).run_many(conn, rows)


def _as_core_says(conn: sa.Connection, text: str, error: Exception) -> Exception:
    dbapi = conn.dialect.loaded_dbapi
    if not isinstance(error, dbapi.Error):
        return error
    return sa.exc.DBAPIError.instance(
        text, None, error, dbapi.Error, hide_parameters=True, dialect=conn.dialect
    )
