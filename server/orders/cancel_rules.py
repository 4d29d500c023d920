"""Who may cancel an order, what it costs, and when a customer cancels too often. Pure.

An order is cancelled in one of four stages: not confirmed yet, confirmed (its goods are on the
shelf still), being picked, being packed or packed. From the first pick on it is partly executed.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Stage = Literal["unconfirmed", "confirmed", "picking", "packed"]
Desk = Literal["service", "supervisor", "admin"]
"""The order desk, the sales manager, the head of the department: each may what those before may."""
PerMille = Annotated[int, Meta(ge=0, le=1000)]
_RANK: dict[str, int] = {"service": 1, "supervisor": 2, "admin": 3}
_STAGES: dict[str, Stage] = {
    "draft": "unconfirmed",
    "review": "unconfirmed",
    "confirmed": "confirmed",
    "released": "confirmed",
    "packing": "packed",
    "packed": "packed",
}


class CancelFee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Per mille of the order's value."""

    unconfirmed: PerMille = 0
    confirmed: PerMille = 20
    picking: PerMille = 50
    packed: PerMille = 100


class MayCancel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who at least, by how far the order is."""

    unconfirmed: Desk = "service"
    confirmed: Desk = "supervisor"
    executed: Desk = "admin"


class CancelRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `cancelling`. `waives`: who at least may waive the fee. The `often`-th
    cancellation of a customer within `days` flags them."""

    fee: CancelFee = CancelFee()
    may: MayCancel = MayCancel()
    waives: Desk = "supervisor"
    often: Annotated[int, Meta(ge=2, le=1000)] = 3
    days: Annotated[int, Meta(ge=1, le=3650)] = 90


def stage_of(state: str) -> Stage:
    """Of an order on hold: by the state that it was held in."""
    return _STAGES.get(state, "picking")


def fee_of(rules: CancelRules, stage: Stage, total: int) -> int:
    """Minor units, rounded half up."""
    per_mille: int = getattr(rules.fee, stage)
    return (total * per_mille + 500) // 1000


def needed(rules: CancelRules, stage: Stage) -> Desk:
    if stage == "unconfirmed":
        return rules.may.unconfirmed
    return rules.may.confirmed if stage == "confirmed" else rules.may.executed


def has_rank(role: str, desk: Desk) -> bool:
    return _RANK.get(role, 0) >= _RANK[desk]
