"""The protocol of docs/protocol.md as a model: it holds under faults; each mistake is caught."""

import pytest

from tests.sync.model.invariants import Broken
from tests.sync.model.protocol import Bug
from tests.sync.model.search import STEPS, broken, random_trace, seeds_that_catch
from tests.sync.model.traces import BREAKS, PINNED, SEEDS
from tests.sync.model.world import World

RUNS = 500
LONG = 400


def steps(bug: Bug) -> list[str]:
    return [step.strip() for step in PINNED[bug].split(";")]


@pytest.mark.parametrize("chunk", range(8))
def test_the_protocol_survives_drops_doubles_crashes_and_restores(chunk: int) -> None:
    assert seeds_that_catch(None, RUNS, first=chunk * RUNS) == []


@pytest.mark.parametrize("bug", Bug)
def test_a_mistake_is_caught_by_its_pinned_run(bug: Bug) -> None:
    with pytest.raises(Broken, match=f"^{BREAKS[bug]} "):
        World(bug).run(steps(bug))


@pytest.mark.parametrize("bug", Bug)
def test_the_protocol_survives_the_pinned_run_of_each_mistake(bug: Bug) -> None:
    World().run(steps(bug))


@pytest.mark.parametrize("bug", Bug)
def test_a_mistake_is_caught_by_random_runs(bug: Bug) -> None:
    assert [seed for seed in SEEDS[bug] if not broken(random_trace(seed), bug)] == []


def test_random_runs_do_reach_the_rare_things() -> None:
    """A search that exercises nothing proves nothing."""
    seen: dict[str, int] = {}
    for seed in range(100):
        world = World()
        world.run(random_trace(seed))
        for taken in world.server.log.values():
            seen[taken.code or taken.outcome] = seen.get(taken.code or taken.outcome, 0) + 1
        seen["restarts"] = seen.get("restarts", 0) + (world.server.epoch > 1)
        seen["collected"] = seen.get("collected", 0) + bool(world.server.floor)
        seen["photos"] = seen.get("photos", 0) + len(world.server.blobs)
    rare = {"already_picked", "order_cancelled", "not_allowed", "stale", "malformed", "applied"}
    assert rare | {"task_unknown", "restarts", "collected", "photos"} <= set(seen)


@pytest.mark.soak
@pytest.mark.parametrize("chunk", range(20))
def test_the_protocol_survives_long_runs(chunk: int) -> None:
    first = 1_000_000 + chunk * LONG
    traces = (random_trace(seed, 5 * STEPS) for seed in range(first, first + LONG))
    assert [trace for trace in traces if broken(trace, None)] == []
