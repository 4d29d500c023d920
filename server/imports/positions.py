"""On which line of a JSON or TOML file each field stands.

The standard readers tell values, not places. This one reads no values: it follows brackets and
names only, and is asked when something is wrong in a file that has been read already.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|\#[^\n]*|[\[\]{},:=\n]|[^\s\[\]{},:=\"'#]+",
    re.DOTALL,
)


def lines_of(text: str, *, toml: bool) -> dict[str, int]:
    """Line (from 1) by path, such as `bins[3].offset`; of the whole file by the empty path."""
    finder = _Finder(text, toml=toml)
    finder.read()
    return finder.lines


def line_of(lines: dict[str, int], path: str) -> int:
    """The line of a field, or of what holds it, where it is missing or not on a line of its own."""
    while path not in lines and path:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path, 1)


class _Finder:
    def __init__(self, text: str, *, toml: bool) -> None:
        self.lines = {"": 1}
        self._toml = toml
        self._line = 1
        self._next = self._tokens(text)
        self._tables: dict[str, int] = {}

    def _tokens(self, text: str) -> Iterator[str]:
        for mark in _TOKEN.findall(text):
            if mark != "\n" and not mark.startswith("#"):
                yield mark
            self._line += mark.count("\n")

    def read(self) -> None:
        if self._toml:
            self._statements()
        else:
            self._value(next(self._next, ""), "")

    def _statements(self) -> None:
        table = ""
        for mark in self._next:
            if mark == "[":
                table = self._header()
                continue
            path = _join(table, self._name(mark))
            self.lines.setdefault(path, self._line)
            if next(self._next, "") == "=":
                self._value(next(self._next, ""), path)

    def _header(self) -> str:
        """`[name]` or `[[name]]`, whose tables are counted."""
        marks = self._until("]")
        path = self._name("".join(mark for mark in marks if mark != "["))
        table = path
        if "[" in marks:
            next(self._next, "")
            at = self._tables.get(path, 0)
            self._tables[path] = at + 1
            self.lines.setdefault(path, self._line)
            table = f"{path}[{at}]"
        self.lines.setdefault(table, self._line)
        return table

    def _until(self, end: str) -> list[str]:
        found: list[str] = []
        for mark in self._next:
            if mark == end:
                break
            found.append(mark)
        return found

    def _value(self, mark: str, path: str) -> None:
        if mark == "{":
            self._fields(path)
        elif mark == "[":
            self._items(path)

    def _fields(self, path: str) -> None:
        for mark in self._next:
            if mark == "}":
                return
            if mark == ",":
                continue
            field = _join(path, self._name(mark))
            self.lines.setdefault(field, self._line)
            next(self._next, "")  # the colon or the equals sign
            self._value(next(self._next, ""), field)

    def _items(self, path: str) -> None:
        at = 0
        for mark in self._next:
            if mark == "]":
                return
            if mark == ",":
                continue
            item = f"{path}[{at}]"
            self.lines.setdefault(item, self._line)
            self._value(mark, item)
            at += 1

    def _name(self, mark: str) -> str:
        return mark.strip("\"'")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
