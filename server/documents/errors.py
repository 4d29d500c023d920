"""The one error of this folder."""

from __future__ import annotations


class PrintError(ValueError):
    """What was asked for cannot be put on paper as it is.

    ``code`` is for the program, ``field`` and ``value`` name what is wrong,
    ``mend`` says what to do. The value is shortened to 80 characters.
    """

    def __init__(self, code: str, *, field: str, value: object, mend: str) -> None:
        self.code = code
        self.field = field
        self.value = str(value)[:80]
        self.mend = mend
        super().__init__(f"{code}: {field} = {self.value!r}: {mend}")
