"""Events of any carrier in our words, and in their order."""

from collections.abc import Iterable, Mapping, Sequence

from server.pod.carriers.shapes import Reported
from server.pod.carriers.states import State
from server.pod.carriers.wording import state_of, words_of

Codes = Mapping[str, State | list[State]]
_WAY: tuple[State, ...] = (
    *("info_received", "picked_up", "in_transit", "customs", "at_centre"),
    *("out_for_delivery", "attempt_failed", "delivered", "returning", "returned"),
)


def normalised(code: str, text: str, codes: Codes, before: State = "unknown") -> State:
    """`before`: the state of the event before this one.

    The carrier's code counts where its table has it; but what the words call anything else is never
    `delivered`. Without either, a code that is made of words is read as words.
    """
    said = state_of(text)
    coded = codes.get(code)
    if isinstance(coded, list):
        return _likeliest(coded, said, before)
    if coded is not None:
        return said if coded == "delivered" and said not in ("delivered", "unknown") else coded
    return said if said != "unknown" else state_of(words_of(code))


def _likeliest(states: Sequence[State], said: State, before: State) -> State:
    """A code that stands for several: what the words say, else the first that is no step back."""
    if said in states:
        return said
    onward = (s for s in states if _step(s) >= _step(before) and s != "delivered")
    return next(onward, said)


def _step(state: State) -> int:
    return _WAY.index(state) if state in _WAY else 0


def in_order(events: Iterable[Reported]) -> list[Reported]:
    """By their own time, then their sequence; each `ref` once, as it was told first."""
    once: dict[str, Reported] = {}
    for event in events:
        once.setdefault(event.ref, event)
    return sorted(once.values(), key=lambda e: (e.at, e.seq))
