"""Who should do what: by skill, zone and load, each choice with its reasons.

The most urgent task is given out first, to whoever is through with it first: after what they hold,
at their own pace, plus the time that work outside their zones is worth avoiding. Nobody is given
more at once than the site allows; what is left over waits in the queue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

import msgspec
from msgspec import Meta

FAST = 0.9
"""From here on (actual by expected time) somebody counts as quick at a kind of work."""
SLOWEST, QUICKEST = 2.0, 0.5
"""One forgotten task must not make anybody ten times slower than all others."""


class AssignRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `assigning`. `most`: tasks in one person's hand. `away_s`: how much
    later somebody of the zone may be done and still be the better choice than a person from
    elsewhere. `unknown_s`: what a task counts that nobody has timed. Somebody's own pace is known
    from `pace_tasks` tasks of a kind within `pace_days` days."""

    most: Annotated[int, Meta(ge=1, le=50)] = 3
    away_s: Annotated[int, Meta(ge=0, le=86_400)] = 600
    unknown_s: Annotated[int, Meta(ge=1, le=86_400)] = 300
    pace_days: Annotated[int, Meta(ge=1, le=90)] = 14
    pace_tasks: Annotated[int, Meta(ge=1, le=1_000)] = 5


@dataclass(frozen=True, slots=True)
class Worker:
    """`kinds`: what they may and can do; `zones` empty: everywhere. `pace`: actual by expected
    time for each kind where it is known. `load_s`: seconds of work in hand."""

    id: str
    kinds: frozenset[str]
    zones: frozenset[str] = frozenset()
    pace: dict[str, float] = field(default_factory=dict)
    load_s: int = 0
    held: int = 0

    def seconds(self, task: "Waiting", rules: AssignRules) -> int:
        """How long the task takes this person."""
        pace = min(SLOWEST, max(QUICKEST, self.pace.get(task.kind, 1.0)))
        return round((task.expected_s or rules.unknown_s) * pace)

    def is_away(self, task: "Waiting") -> bool:
        return bool(task.zone and self.zones and task.zone not in self.zones)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that nobody holds. `due_at`: ms, 0 for none. `barred`: people who may not do it,
    such as the picker whose work it checks."""

    id: str
    kind: str
    zone: str
    priority: int
    due_at: int
    expected_s: int
    barred: frozenset[str] = frozenset()


class Reason(msgspec.Struct, frozen=True):
    """`code` has words in the catalogues; `n`: minutes, per cent or tasks; `text`: kind or zone."""

    code: str
    n: int = 0
    text: str = ""


class Choice(msgspec.Struct, frozen=True):
    """`person` None: it stays in the queue, and `why` says what keeps it there."""

    task: str
    person: str | None
    why: list[Reason]


def assign(
    tasks: Iterable[Waiting], workers: Iterable[Worker], rules: AssignRules, at: int
) -> list[Choice]:
    """One choice for each task, the most urgent first. `at`: ms; the same input gives the same
    choices, in whatever order it comes."""
    team = {w.id: w for w in workers}
    chosen = []
    for task in sorted(tasks, key=_urgency):
        choice = _choose(task, list(team.values()), rules, at)
        if choice.person is not None:
            one = team[choice.person]
            load = one.load_s + one.seconds(task, rules)
            team[one.id] = replace(one, load_s=load, held=one.held + 1)
        chosen.append(choice)
    return chosen


def _urgency(task: Waiting) -> tuple[int, float, str]:
    return -task.priority, task.due_at or float("inf"), task.id


def _choose(task: Waiting, team: Sequence[Worker], rules: AssignRules, at: int) -> Choice:
    able = [w for w in team if task.kind in w.kinds and w.id not in task.barred]
    if not able:
        return Choice(task.id, None, [Reason("nobody_able", text=task.kind)])
    free = [w for w in able if w.held < rules.most]
    if not free:
        return Choice(task.id, None, [Reason("all_full", n=rules.most)])

    def cost(w: Worker) -> tuple[int, bool, int, str]:
        through = w.load_s + w.seconds(task, rules) + rules.away_s * w.is_away(task)
        return through, task.zone not in w.zones, w.held, w.id

    best = min(free, key=cost)
    return Choice(task.id, best.id, list(_reasons(task, best, len(able), rules, at)))


def _reasons(
    task: Waiting, best: Worker, able: int, rules: AssignRules, at: int
) -> Iterable[Reason]:
    through_s = best.load_s + best.seconds(task, rules)
    if able == 1:
        yield Reason("only_one", text=task.kind)
    if task.zone and task.zone in best.zones:
        yield Reason("own_zone", text=task.zone)
    if best.is_away(task):
        yield Reason("outside_zone", text=task.zone)
    if able > 1:
        yield Reason("soonest", n=_minutes(through_s))
    if (pace := best.pace.get(task.kind, 1.0)) <= FAST:
        yield Reason("quick", n=round(100 * (1 - max(QUICKEST, pace))), text=task.kind)
    late_ms = at + through_s * 1000 - task.due_at
    if task.due_at and late_ms > 0:
        yield Reason("late", n=_minutes(late_ms // 1000))


def _minutes(seconds: int) -> int:
    return max(1, round(seconds / 60))
