"""Order states and their legal moves, as one table (D18)."""

from typing import Literal, get_args

from server.kernel.errors import Refusal, code

State = Literal[
    "draft",
    "review",
    "confirmed",
    "released",
    "picking",
    "picked",
    "packing",
    "packed",
    "shipped",
    "out_for_delivery",
    "delivered",
    "part_delivered",
    "refused",
    "closed",
    "hold",
    "cancelled",
]
STATES: tuple[str, ...] = get_args(State)

TRANSITIONS: dict[str, frozenset[str]] = {
    "draft": frozenset({"review", "confirmed", "cancelled"}),
    "review": frozenset({"confirmed", "draft", "hold", "cancelled"}),
    "confirmed": frozenset({"released", "hold", "cancelled"}),
    "released": frozenset({"picking", "confirmed", "hold", "cancelled"}),
    "picking": frozenset({"picked", "released", "hold", "cancelled"}),
    "picked": frozenset({"packing", "hold", "cancelled"}),
    "packing": frozenset({"packed", "picked", "hold", "cancelled"}),
    "packed": frozenset({"shipped", "hold", "cancelled"}),
    "shipped": frozenset({"out_for_delivery", "packed", "delivered", "part_delivered", "refused"}),
    "out_for_delivery": frozenset({"delivered", "part_delivered", "refused", "packed"}),
    # Between the ends of a delivery only by a proof that corrects another.
    "delivered": frozenset({"closed", "part_delivered", "refused", "out_for_delivery"}),
    "part_delivered": frozenset({"closed", "packed", "delivered", "refused", "out_for_delivery"}),
    "refused": frozenset({"closed", "packed", "delivered", "part_delivered", "out_for_delivery"}),
    "closed": frozenset(),
    "hold": frozenset(
        {"review", "confirmed", "released", "picking", "picked", "packing", "packed", "cancelled"}
    ),
    "cancelled": frozenset(),
}
OVER = frozenset({"delivered", "closed", "cancelled"})
ILLEGAL = code("illegal_order_move")


def may_move(before: str, after: str) -> bool:
    return after in TRANSITIONS[before]


def check_move(before: str, after: str) -> None:
    if not may_move(before, after):
        raise Refusal(ILLEGAL, field="state", value=before, to=after)
