"""A carrier's record as a part of its price: who comes late, breaks or brings back is dearer than
it says. Pure.
"""

from dataclasses import dataclass

import msgspec

from server.pod.carriers.money import rounded
from server.pod.carriers.tariffs import Standing


@dataclass(frozen=True, slots=True)
class Score:
    """`ended`: waybills that were delivered or came back. `on_time`: delivered by the carrier's own
    promise. `damaged`, `lost`: waybills of which it said so, whatever came of them."""

    carrier: str
    waybills: int
    ended: int
    delivered: int
    on_time: int
    returned: int
    damaged: int
    lost: int

    @property
    def punctual_pm(self) -> int | None:
        """Per mille of what was delivered; None before anything was."""
        return self.on_time * 1_000 // self.delivered if self.delivered else None


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """`ended` waybills within `days`; per mille in time of those delivered, and of all that ended
    harmed or lost, and brought back. `dearer_bp`: what that counts for; None: too few to say, there
    must be `least`."""

    days: int
    ended: int
    least: int
    on_time_pm: int
    harmed_pm: int
    back_pm: int
    dearer_bp: int | None


def record_of(score: Score, rules: Standing) -> Record:
    ended = max(score.ended, 1)
    late_pm = _per_mille(score.delivered - score.on_time, max(score.delivered, 1))
    harmed_pm = _per_mille(min(score.damaged + score.lost, ended), ended)
    back_pm = _per_mille(score.returned, ended)
    # Weights are for each per cent, shares are per mille.
    dearer = late_pm * rules.late_bp + harmed_pm * rules.harm_bp + back_pm * rules.back_bp
    judged = score.ended >= rules.least
    return Record(
        days=rules.days,
        ended=score.ended,
        least=rules.least,
        on_time_pm=1_000 - late_pm,
        harmed_pm=harmed_pm,
        back_pm=back_pm,
        dearer_bp=min(rules.most_bp, rounded(dearer, 10)) if judged else None,
    )


def _per_mille(part: int, whole: int) -> int:
    return rounded(1_000 * part, whole)


def counts_as(total: int, record: Record | None) -> int:
    """What an offer is compared by, in the currency's smallest unit."""
    bp = record.dearer_bp if record else None
    return total + rounded(total * (bp or 0), 10_000)
