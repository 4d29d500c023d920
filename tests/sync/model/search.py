"""Finding and shrinking runs that break the model: by seed, so that each can be had again.

`python -m tests.sync.model.search 5000` looks for every bug and prints seeds and a minimal run.
"""

import random
import sys

from tests.sync.model.invariants import Broken
from tests.sync.model.protocol import DEVICES, LINES, PEOPLE, Bug
from tests.sync.model.world import World

STEPS = 40

_WEIGHTS = {
    "scan": 20,
    "send": 12,
    "deliver": 24,
    "sync": 10,
    "settle": 4,
    "touch": 6,
    "push": 10,
    "drop": 3,
    "crash": 6,
    "flush": 2,
    "upload": 4,
    "make": 3,
    "reassign": 12,
    "commit": 4,
    "cancel": 2,
    "sign_in": 2,
    "sign_out": 1,
    "revoke_grant": 1,
    "revoke_device": 0.3,
    "collect": 4,
    "kill": 1,
    "backup": 3,
    "restore": 3,
}


def random_trace(seed: int, steps: int = STEPS) -> list[str]:
    chance = random.Random(seed)
    names, weights = list(_WEIGHTS), list(_WEIGHTS.values())
    return [_step(chance, name) for name in chance.choices(names, weights, k=steps)]


def _step(chance: random.Random, name: str) -> str:
    dev, person = chance.choice(DEVICES), chance.choice(PEOPLE)
    i = chance.randrange(4)
    match name:
        case "scan":
            kind = chance.choice(("pick", "pick", "photo", "take", "ack", "bad"))
            return f"scan {dev} {kind} {i} {chance.randrange(LINES)}"
        case "deliver":
            keep = chance.choice(("-", "-", "keep"))
            crash = chance.choice(("-", "-", "-", "before", "after"))
            return f"deliver {i} {keep} {crash} {chance.choice(('-', '-', '0', '1'))}"
        case "reassign":
            return f"reassign {i} {chance.choice((*PEOPLE, '-'))}"
        case "sign_in":
            return f"sign_in {dev} {person}"
        case "upload":
            return f"upload {dev} {chance.choice(('-', 'lost'))}"
        case "drop" | "cancel" | "touch":
            return f"{name} {i}"
        case "make" | "commit" | "collect" | "kill" | "backup" | "restore":
            return name
        case _:
            return f"{name} {dev}"


def broken(trace: list[str], bug: Bug | None) -> str | None:
    """The first word of what broke, as `I5`; None when the run held."""
    try:
        World(bug).run(trace)
    except Broken as error:
        return str(error).split()[0]
    return None


def shrink(trace: list[str], bug: Bug | None) -> list[str]:
    """The same failure in as few steps as leaving out alone can reach."""
    wanted = broken(trace, bug)
    size = len(trace) // 2
    while size:
        i = 0
        while i < len(trace):
            shorter = trace[:i] + trace[i + size :]
            if broken(shorter, bug) == wanted:
                trace = shorter
            else:
                i += size
        size //= 2
    return trace


def seeds_that_catch(bug: Bug | None, runs: int, first: int = 0) -> list[int]:
    return [s for s in range(first, first + runs) if broken(random_trace(s), bug)]


def main() -> None:
    runs = int(sys.argv[1])
    for bug in [None, *Bug] if len(sys.argv) < 3 else map(Bug, sys.argv[2:]):
        found = seeds_that_catch(bug, runs)
        sys.stdout.write(f"{bug or 'correct'}: {len(found)} of {runs}: {found[:3]}\n")
        shortest = min((shrink(random_trace(s), bug) for s in found[:8]), key=len, default=[])
        for step in shortest:
            sys.stdout.write(f"    {step}\n")


if __name__ == "__main__":
    main()
