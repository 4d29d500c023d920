"""How tasks look on handhelds and boards."""

from server.kernel.feeds import Row, row


@row("task")
class TaskRow(Row):
    """`metres`, `s_shape_metres`: the planned walk, once the task is over the one that was walked,
    and what S-shape would cost past the same shelves; 0 where none.

    `mode`: how it is picked (`single`, `batch`, `cluster`, `zone`; empty for other kinds of work).
    `state` is `waiting` until the task `after` is done; `stands`: where that one left the tote.
    `paused`: why its holder parked it; `stopped`: why nobody may go on; both empty at work.
    `halted`: the hold is on the task itself and not on its order. `revision` moves with every
    decision about the task, never with the work on it: what a desk asks for says which it saw.
    """

    id: str
    kind: str
    state: str
    epoch: int
    assignee: str | None
    assignee_name: str | None
    title: str
    ref: str
    zone: str
    priority: int
    due_at: int
    expected_s: int
    lines: int
    done: int
    mode: str
    orders: int
    after: str | None
    paused: str
    stopped: str
    halted: bool
    revision: int
    stands: str
    metres: float
    s_shape_metres: float
    policy: str
    taken_at: int | None


@row("abilities")
class AbilitiesRow(Row):
    """`skills`: kinds of task, `zones`: where; empty: all that the role does, everywhere."""

    person: str
    skills: list[str]
    zones: list[str]
