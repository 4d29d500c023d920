"""What `dockhand demo` prints: addresses, codes, and the PINs, which stand nowhere else."""

import asyncio
import contextlib
import sys
from collections.abc import Iterable

from server.demo.people import SeededPerson
from server.demo.seed import Seeded, new_code
from server.store.store import Store


def welcome(made: Seeded, origin: str) -> str:
    return "\n".join(
        [
            "",
            f"Dockhand demo:  {origin}/demo   (who can sign in, codes to print)",
            "",
            "Open one of these in a browser to make it a device (each works once, for 10 minutes):",
            *(f"    {origin}/#enrol={code}" for code in made.codes),
            "",
            *table(made.people),
            "",
            "The PINs are new at each start and are stored nowhere.",
            "Enter gives a new link; Ctrl+C stops the demo.",
            "",
        ]
    )


def links_on_enter(store: Store, site: str, origin: str) -> None:
    """A code lives ten minutes, a demo longer. Nothing where nobody types, or on systems whose
    terminal cannot be waited for; the page makes codes there."""
    if not sys.stdin or not sys.stdin.isatty():
        return

    def give() -> None:
        if not sys.stdin.readline():
            loop.remove_reader(sys.stdin)
            return
        code = store.run_sync(lambda tx: new_code(tx, site))
        print(f"    {origin}/#enrol={code}", flush=True)

    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):
        loop.add_reader(sys.stdin, give)


def table(people: Iterable[SeededPerson]) -> list[str]:
    """Names come last: Chinese characters are two columns wide and would push the rest about."""
    rows = [("ROLE", "BADGE", "PIN", "NAME")]
    rows += [(p.role.value, p.badge, p.pin, p.name) for p in people]
    return [f"    {role:<11} {badge:<9} {pin:<8} {name}" for role, badge, pin, name in rows]
