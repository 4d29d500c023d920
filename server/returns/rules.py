"""What follows from goods that a customer did not keep, by the reason that was given."""

from collections.abc import Iterable
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Party = Literal["company", "carrier", "customer", "nobody"]
Follow = Literal["return", "reship", "redeliver"]
ReasonCode = Annotated[str, Meta(pattern="^[a-z_]{1,32}$")]


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`party`: who answers for it. `follow`: the goods come back and that is all (`return`), the
    same goods are sent again from stock (`reship`), or the parcel itself goes out again
    (`redeliver`, of a stop where nobody took it). `back`: whether there is anything to come back.
    """

    party: Party
    follow: Follow = "return"
    back: bool = True


USUAL: dict[str, Reason] = {
    "damaged": Reason(party="carrier", follow="reship"),
    "missing": Reason(party="company", follow="reship", back=False),
    "wrong_goods": Reason(party="company", follow="reship"),
    "late": Reason(party="carrier"),
    "changed_mind": Reason(party="customer"),
    "cannot_pay": Reason(party="customer"),
    "nobody_home": Reason(party="customer", follow="redeliver"),
    "no_access": Reason(party="customer", follow="redeliver"),
    "wrong_address": Reason(party="customer", follow="redeliver"),
}
OTHER = Reason(party="nobody")


class ReturnSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `returns`. `reasons` are laid over the usual ones. `reship` false: nobody
    sends anything again by himself. `window_days` after delivery a customer may ask for a return,
    `most_open` at once for one order; `customer_reasons`: what the tracking page lets them choose
    from, none: it offers no return."""

    reasons: dict[str, Reason] = {}
    customer_reasons: Annotated[list[ReasonCode], Meta(max_length=20)] = field(
        default_factory=lambda: ["changed_mind", "damaged", "wrong_goods", "late", "other"]
    )
    reship: bool = True
    window_days: Annotated[int, Meta(ge=0, le=3650)] = 30
    most_open: Annotated[int, Meta(ge=1, le=50)] = 1

    def reason(self, code: str) -> Reason:
        found = self.reasons.get(code) or USUAL.get(code, OTHER)
        return found if self.reship or found.follow != "reship" else _only_return(found)


def _only_return(reason: Reason) -> Reason:
    return Reason(party=reason.party, follow="return", back=reason.back)


class Lacking(Struct, frozen=True, kw_only=True):
    """Pieces of one line that the customer did not keep."""

    no: int
    sku: str
    qty: int
    reason: str


class Line(Struct, frozen=True, kw_only=True):
    no: int
    sku: str
    qty: int
    back: int
    reason: str
    party: Party
    follow: Follow


class FollowUp(Struct, frozen=True, kw_only=True):
    """`reason`, `party`: of most of the pieces."""

    reason: str
    party: Party
    lines: list[Line] = field(default_factory=list)

    @property
    def reshipped(self) -> list[Line]:
        return [line for line in self.lines if line.follow == "reship"]


def follow_up(lacking: Iterable[Lacking], settings: ReturnSettings) -> FollowUp | None:
    """None where nothing lacks."""
    lines = [_line(lack, settings.reason(lack.reason)) for lack in lacking if lack.qty > 0]
    if not lines:
        return None
    most = max(lines, key=lambda line: (line.qty, -line.no))
    return FollowUp(reason=most.reason, party=most.party, lines=lines)


def _line(lack: Lacking, reason: Reason) -> Line:
    # Goods that were handed over or refused at the door cannot go out again as they are.
    follow: Follow = "return" if reason.follow == "redeliver" else reason.follow
    return Line(
        no=lack.no,
        sku=lack.sku,
        qty=lack.qty,
        back=lack.qty if reason.back else 0,
        reason=lack.reason,
        party=reason.party,
        follow=follow,
    )
