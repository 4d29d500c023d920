"""From rows that are good to things that exist, each row counted once."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.imports.groups import groups
from server.imports.reading import Row
from server.imports.report import Desk
from server.imports.submitting import GROUP, Wanted, is_repeat, problem_of, submit_all
from server.store.store import Store


@dataclass(frozen=True, slots=True)
class Good:
    """What to submit, the row that stands for it, and how many rows it was made from."""

    row: Row
    rows: int
    wanted: Wanted


def take(goods: Iterable[Good], thing: str, store: Store, site: str, desk: Desk) -> None:
    """`thing` in the plural, as the report calls it. Holds one group at a time."""
    for some in groups(goods, GROUP):
        verdicts = submit_all(store, site, [good.wanted for good in some])
        for good, verdict in zip(some, verdicts, strict=True):
            if problem := problem_of(verdict):
                desk.reject(good.row, problem, good.rows)
                desk.report.rejected_things[thing] += 1
            else:
                desk.take(thing, good.rows, repeat=is_repeat(verdict))
