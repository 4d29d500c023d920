"""One measured figure, and how a benchmark says that it is good enough."""

import math
import statistics
from collections.abc import Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """`ratio` is value / baseline, both measured in the same run. `ok` None: only reported."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    target: str = ""
    ok: bool | None = None


def at_least(name: str, value: float, unit: str, least: float) -> Figure:
    return Figure(name=name, value=value, unit=unit, target=f">= {least:g}", ok=value >= least)


def at_most(
    name: str, value: float, unit: str, most: float, baseline: float | None = None
) -> Figure:
    ratio = value / baseline if baseline else None
    good = value <= most
    return Figure(
        name=name,
        value=value,
        unit=unit,
        baseline=baseline,
        ratio=ratio,
        target=f"<= {most:g}",
        ok=good,
    )


def told(name: str, value: float, unit: str, baseline: float | None = None) -> Figure:
    """A figure without a target."""
    ratio = value / baseline if baseline else None
    return Figure(name=name, value=value, unit=unit, baseline=baseline, ratio=ratio)


def percentile(values: Sequence[float], p: float) -> float:
    """The smallest value that at least `p` percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * p / 100) - 1)]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
