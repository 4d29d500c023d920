"""What `dockhand demo` prints: addresses, codes, and the PINs, which stand nowhere else."""

from collections.abc import Iterable

from server.demo.people import SeededPerson
from server.demo.seed import Seeded


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
            "The PINs are new at each start and are stored nowhere. Ctrl+C stops the demo.",
            "",
        ]
    )


def table(people: Iterable[SeededPerson]) -> list[str]:
    """Names come last: Chinese characters are two columns wide and would push the rest about."""
    rows = [("ROLE", "BADGE", "PIN", "NAME")]
    rows += [(p.role.value, p.badge, p.pin, p.name) for p in people]
    return [f"    {role:<11} {badge:<9} {pin:<8} {name}" for role, badge, pin, name in rows]
