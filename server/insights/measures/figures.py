"""The figures of the dashboards: what each is made of, by what it is told apart, which orders stand
behind it, and the site's targets. Pure; their formulas in words are in the catalogues.
"""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from server.insights.measures.rules import CYCLE_HOURS, LONGER, MINUTE_MS, MONEY, quantile

Percent = Annotated[float, Meta(ge=0, le=100)]
OF_ORDERS = ("carrier", "destination", "channel", "customer")


class Targets(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `targets`: hours from placed to delivered; the others in per cent."""

    cycle: Annotated[float, Meta(gt=0, le=8_760)] = 72
    errors: Percent = 1
    accuracy: Percent = 99.5
    on_time: Percent = 95
    completion: Percent = 97


class Figure(Struct, frozen=True, kw_only=True):
    """`scale` × (`top` less `less`) / `bottom`, sums of what is counted; without a bottom it is a
    count. `least`: of the bottom; less of it tells nothing. `behind`: the orders to look at, by
    their own name in `asking`. `shared`: dimensions whose members all stand against the whole
    site's bottom. `books`: what stands behind a dimension's name where it is counted. `guarded`:
    only for those who may see the site's costs."""

    key: str
    unit: str
    top: str
    less: str = ""
    bottom: str = ""
    scale: float = 1
    least: int = 1
    falls: bool = False
    by: tuple[str, ...] = OF_ORDERS
    shared: tuple[str, ...] = ()
    behind: str = ""
    books: str = ""
    guarded: bool = False

    @property
    def made_of(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.top, self.less, self.bottom)))


FIGURES: dict[str, Figure] = {
    f.key: f
    for f in (
        Figure(key="received", unit="count", top="received", behind="placed"),
        Figure(key="delivered", unit="count", top="delivered", behind="delivered"),
        Figure(
            key="cycle",
            unit="hours",
            top="cycle_min",
            bottom="cycled",
            scale=1 / 60,
            falls=True,
            behind="slow",
        ),
        Figure(
            key="completion",
            unit="percent",
            top="ended",
            less="incomplete",
            bottom="ended",
            scale=100,
            behind="incomplete",
        ),
        Figure(
            key="on_time",
            unit="percent",
            top="promised",
            less="late",
            bottom="promised",
            scale=100,
            behind="late",
        ),
        Figure(
            key="accuracy",
            unit="percent",
            top="delivered",
            less="complaints",
            bottom="delivered",
            scale=100,
            behind="complaints",
        ),
        Figure(
            key="errors",
            unit="percent",
            top="faulty",
            bottom="ended",
            scale=100,
            falls=True,
            behind="faulty",
        ),
        Figure(
            key="pick_rate",
            unit="per_hour",
            top="lines",
            bottom="pick_ms",
            scale=3_600_000,
            least=MINUTE_MS,
            by=("person", "zone"),
        ),
        Figure(
            key="saved",
            unit="percent",
            top="s_shape_dm",
            less="walked_dm",
            bottom="s_shape_dm",
            scale=100,
            by=("person", "zone"),
        ),
        Figure(
            key="problems",
            unit="percent",
            top="problems",
            bottom="received",
            scale=100,
            falls=True,
            by=("kind",),
            shared=("kind",),
        ),
        Figure(key="settled", unit="count", top="settled", by=("cause", "kind")),
        Figure(
            key="satisfaction",
            unit="of_five",
            top="courtesy",
            bottom="answered",
            behind="unhappy",
        ),
        Figure(
            key="returns",
            unit="percent",
            top="returns",
            bottom="delivered",
            scale=100,
            falls=True,
            by=("reason", "product", "destination", "carrier", "channel"),
            shared=("reason", "product"),
            behind="sent_back",
        ),
        Figure(
            key="cancelled",
            unit="percent",
            top="cancelled",
            bottom="ended",
            scale=100,
            falls=True,
            by=("reason", "destination", "channel", "customer"),
            shared=("reason",),
            behind="cancelled",
        ),
        Figure(
            key="minutes",
            unit="minutes",
            top="work_ms",
            bottom="worked",
            scale=1 / MINUTE_MS,
            falls=True,
            behind="worked",
            books=MONEY,
        ),
        Figure(
            key="cost",
            unit="money",
            top="cost",
            bottom="costed",
            falls=True,
            behind="brought",
            books=MONEY,
            guarded=True,
        ),
        Figure(
            key="margin",
            unit="percent",
            top="sales",
            less="goods",
            bottom="sales",
            scale=100,
            behind="valued",
            books=MONEY,
            guarded=True,
        ),
    )
}
"""In the order of the dashboard."""
SCORES = ("delivered", "on_time", "completion", "accuracy", "cycle", "returns", "satisfaction")
"""What carriers, and whoever else, are laid side by side by."""
DIMENSIONS = tuple(dict.fromkeys(d for f in FIGURES.values() for d in f.by))
NAMED_PEOPLE = frozenset({"person"})
"""Only those who lead people see who was how fast."""


class Worth(Struct, frozen=True):
    """A figure's value, None where there is nothing to divide by; `top` already has taken off what
    it takes off."""

    value: float | None
    top: int
    bottom: int


def worth(figure: Figure, counted: Mapping[str, int], whole: Mapping[str, int]) -> Worth:
    """`whole`: where the bottom is counted, mostly the same."""
    top = counted.get(figure.top, 0) - (counted.get(figure.less, 0) if figure.less else 0)
    if not figure.bottom:
        return Worth(figure.scale * top, top, 0)
    bottom = whole.get(figure.bottom, 0)
    return Worth(figure.scale * top / bottom if bottom >= figure.least else None, top, bottom)


def within(counted: Mapping[str, int], share: float) -> float | None:
    """Hours within which that share of what was delivered was there."""
    places = (*CYCLE_HOURS, LONGER)
    return quantile({h: counted.get(f"cycle:{h}", 0) for h in places}, share)


def slow_places(hours: float) -> list[str]:
    """Places of the histogram in which an order that took longer than that can be."""
    return [f"cycle:{h}" for h in (*CYCLE_HOURS, LONGER) if h > hours]
