"""`python -m bench [name…]`: run some or all, print a table, write bench/results.json."""

import importlib
import os
import sys
from pathlib import Path

import msgspec

from bench.figure import Figure

NAMES = (
    "push",
    "push_postgres",
    "restart",
    "board",
    "bundle",
    "scan",
    "line",
    "deliver",
    "frames",
    "storm",
    "away",
    "shift",
    "routes",
    "waves",
    "runs",
    "reroute",
    "walk",
    "codes",
    "papers",
    "search",
    "dashboards",
    "reports",
)
RESULTS = Path(__file__).parent / "results.json"


def main(wanted: list[str]) -> int:
    names = wanted or list(NAMES)
    if unknown := [n for n in names if n not in NAMES]:
        print(f"{unknown[0]}: there is no such benchmark; there are {', '.join(NAMES)}")
        return 2
    figures: list[Figure] = []
    for name in names:
        print(f"{name} (load average {os.getloadavg()[0]:.1f})", flush=True)
        measured: list[Figure] = importlib.import_module(f"bench.{name}").run()
        for figure in measured:
            print(f"  {_line(figure)}", flush=True)
        figures += measured
    _write(figures, names)
    return 1 if any(f.ok is False for f in figures) else 0


def _line(f: Figure) -> str:
    verdict = {True: "ok", False: "MISSED", None: ""}[f.ok]
    baseline = "" if f.baseline is None else f"baseline {f.baseline:,.1f}, ratio {f.ratio:.2f}"
    return f"{f.name:<52}{f.value:>12,.1f} {f.unit:<11}{f.target:<15}{verdict:<8}{baseline}"


def _write(figures: list[Figure], names: list[str]) -> None:
    """What was not measured this time keeps the figures of last time."""
    before = (
        msgspec.json.decode(RESULTS.read_bytes(), type=list[Figure]) if RESULTS.exists() else []
    )
    kept = [f for f in before if f.name.partition(":")[0] not in names]
    ordered = sorted([*kept, *figures], key=lambda f: NAMES.index(f.name.partition(":")[0]))
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(ordered), indent=2) + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
