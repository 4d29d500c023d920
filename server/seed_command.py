"""`dockhand seed`: a site with as many orders as somebody wants to try, see the operating guide."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

OK, UNUSABLE = 0, 2


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--orders", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same, the same site")
    parser.add_argument("--lived", type=int, default=2_000, metavar="N", help="by operations")
    parser.add_argument("--bare", action="store_true", help="told again without their story")
    parser.add_argument("--until", default="", metavar="YYYY-MM-DD", help="the last day")
    parser.add_argument("--shapes", type=Path, help="a folder of real orders, see the guide")


def seed_site(options: argparse.Namespace, blobs: Path) -> int:
    """`options.db`: an empty database; `blobs`: where its photos would stand."""
    import server.modules  # noqa: F401  registers operations and tables
    from server.demo.many.seeding import NotEmpty, Wish, day_of, seed

    try:
        end = day_of(options.until or datetime.now(UTC).date().isoformat())
    except ValueError:
        print(f"--until {options.until}: not a day; write it like 2026-01-31", file=sys.stderr)
        return UNUSABLE
    if options.orders < 1 or options.lived < 1:
        print("--orders and --lived: at least 1", file=sys.stderr)
        return UNUSABLE
    wish = Wish(
        orders=options.orders,
        seed=options.seed,
        lived=options.lived,
        story=not options.bare,
        end=end,
        shapes=options.shapes,
        site=options.site,
    )
    if options.db.startswith("sqlite:///"):
        Path(options.db.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    try:
        seed(options.db, blobs, wish)
    except NotEmpty as problem:
        print(problem, file=sys.stderr)
        return UNUSABLE
    return OK
