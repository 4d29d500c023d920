"""Handing operations to the dispatcher, several to a commit; one that breaks spoils no other."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.kernel.errors import Unavailable
from server.kernel.ops import Op, Outcome
from server.orders.validation import Problem
from server.store.dispatch import HandlerFailed, Verdict
from server.store.store import Store
from server.store.submit import Outside, submit
from server.store.tx import Tx

GROUP = 25


@dataclass(frozen=True, slots=True)
class Wanted:
    """One operation and where it came from."""

    operation: str
    op: Op
    outside: Outside | None = None


class StoreTrouble(Exception):
    """The database does not answer; what is in stays in, and the import can be run again."""


def submit_all(store: Store, site: str, wanted: Sequence[Wanted]) -> list[Verdict | None]:
    """One verdict each, in order; None where the handler broke (told by the server's log)."""
    try:
        return [*_in_one_commit(store, site, wanted)]
    except HandlerFailed:
        return [_alone(store, site, one) for one in wanted]
    except Unavailable as trouble:
        raise StoreTrouble(str(trouble)) from None


def _in_one_commit(store: Store, site: str, wanted: Sequence[Wanted]) -> list[Verdict]:
    def job(tx: Tx) -> list[Verdict]:
        return [submit(tx, site, "import", o.operation, o.op, o.outside) for o in wanted]

    return store.run_sync(job)


def _alone(store: Store, site: str, one: Wanted) -> Verdict | None:
    try:
        return _in_one_commit(store, site, [one])[0]
    except HandlerFailed:
        return None
    except Unavailable as trouble:
        raise StoreTrouble(str(trouble)) from None


def problem_of(verdict: Verdict | None) -> Problem | None:
    """Why nothing was made, in the words of a reject file; None when it was, now or earlier."""
    if verdict is None:
        return Problem("", "", "handler_failed", "tell support; the server's log has the details")
    if verdict.outcome in (Outcome.APPLIED, Outcome.DIVERTED) or is_repeat(verdict):
        return None
    data = verdict.data or {}
    field, value = str(data.get("field", "")), str(data.get("value", ""))[:80]
    mend = str(data.get("mend") or data.get("detail") or "correct it and import it again")
    return Problem(field, value, verdict.code or "refused", mend)


def is_repeat(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.code == "already_done"
