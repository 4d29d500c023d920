"""Which past resolutions are offered for a case, the best first: pure."""

from collections.abc import Iterable

from msgspec import Struct

KIND, SKU, CUSTOMER, CAUSE = 4, 2, 2, 1
"""What it counts to have this in common."""
REUSED = 1
"""For each time that somebody took the words, up to `MOST_REUSED`."""
MOST_REUSED = 3


class Alike(Struct, frozen=True, kw_only=True):
    """What two cases may have in common. Empty is in common with nothing."""

    kind: str = ""
    sku: str = ""
    customer: str = ""
    cause: str = ""


class Past(Struct, frozen=True, kw_only=True):
    """A settled case; `words`: of its resolution, folded; `at`: when it was settled, ms."""

    id: str
    alike: Alike
    words: str
    at: int
    reused: int = 0


def score(case: Alike, past: Past) -> int:
    """0: nothing in common that makes its words of use; the cause alone does not."""
    common = sum(
        weight
        for name, weight in (("kind", KIND), ("sku", SKU), ("customer", CUSTOMER))
        if getattr(case, name) and getattr(case, name) == getattr(past.alike, name)
    )
    if not common:
        return 0
    same_cause = case.cause != "" and case.cause == past.alike.cause
    return common + CAUSE * same_cause + REUSED * min(past.reused, MOST_REUSED)


def best(case: Alike, known: Iterable[Past], most: int) -> list[Past]:
    """At most so many, each wording once; of equals the newest first."""
    ranked = sorted(known, key=lambda past: (-score(case, past), -past.at, past.id))
    found: dict[str, Past] = {}
    for past in ranked:
        if score(case, past) > 0:
            found.setdefault(past.words, past)
    return list(found.values())[:most]
