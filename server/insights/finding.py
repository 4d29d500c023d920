"""What a check of the books reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` that does not hold for `what`; `found` and, where there is one, `expected`."""

    rule: str
    what: str
    found: str
    expected: str = ""
