"""What followed from an operation. Events are the story that readers and other stages tell on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import msgspec

if TYPE_CHECKING:
    from server.kernel.ops import OpContext

EVENTS: dict[str, type["Event"]] = {}
_REACTIONS: dict[type["Event"], list[Callable[[Any, "OpContext"], None]]] = {}

E = TypeVar("E", bound="Event")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """`kind` is the name in the log; `order` puts the event on that order's time line."""

    kind: ClassVar[str] = ""
    order: str = ""

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        if cls.kind:
            EVENTS[cls.kind] = cls


def reacts(
    to: type[E],
) -> Callable[[Callable[[E, "OpContext"], None]], Callable[[E, "OpContext"], None]]:
    """Register what a later stage does when an earlier one says this; same savepoint."""

    def register(fn: Callable[[E, "OpContext"], None]) -> Callable[[E, "OpContext"], None]:
        _REACTIONS.setdefault(to, []).append(fn)
        return fn

    return register


def reactions_to(event: Event) -> list[Callable[[Any, "OpContext"], None]]:
    return _REACTIONS.get(type(event), [])
