"""What work, cartons, carriers and goods come to in money, by the site's own prices. Pure.

What is kept are quantities; they are priced when somebody asks. So a price that is mended counts
for the days before as well, and the figures follow from the log whatever they are multiplied by.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from server.kernel.values import Role

HOUR_MS = 3_600_000
_Minor = Annotated[int, Meta(ge=0, le=10**9)]


class Costs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `costs`, in minor units of `currency`: an `hour` of work, a `carton` with
    its filling, some kinds of `cartons` by their own price, a `stop` of an own van that no waybill
    has a charge for. Without a currency nothing is priced. `seen_by`: who may see what is."""

    currency: Annotated[str, Meta(pattern="^([A-Z]{3})?$")] = ""
    hour: _Minor = 0
    carton: _Minor = 0
    cartons: dict[Annotated[str, Meta(max_length=16)], _Minor] = {}
    stop: _Minor = 0
    seen_by: tuple[Role, ...] = (Role.SUPERVISOR, Role.ADMIN)

    @property
    def named(self) -> dict[str, dict[str, float]]:
        """By name what it is the sum of: what is counted, and how much each of it comes to."""
        if not self.currency:
            return {}
        of = self.currency
        kinds = {f"carton:{kind}": price - self.carton for kind, price in self.cartons.items()}
        return {
            "cost": {
                "work_ms": self.hour / HOUR_MS,
                "cartons": self.carton,
                **kinds,
                f"charge:{of}": 1,
                "stops": self.stop,
            },
            "costed": {"brought": 1},
            **{name: {f"{name}:{of}": 1} for name in ("sales", "goods", "valued")},
        }


NAMED = ("cost", "costed", "sales", "goods", "valued")


def made_of(names: Iterable[str], costs: Costs) -> set[str]:
    """What is counted of it, where something is priced."""
    known = costs.named
    return {what for name in names for what in (known.get(name, {}) if name in NAMED else (name,))}


def priced(counted: Mapping[str, int], costs: Costs) -> dict[str, int]:
    """What is counted, and what it comes to."""
    return {**counted, **{name: _sum(counted, of) for name, of in costs.named.items()}}


def _sum(counted: Mapping[str, int], of: Mapping[str, float]) -> int:
    return round(sum(counted.get(what, 0) * price for what, price in of.items()))
