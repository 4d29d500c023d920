"""P1 through a power cut: with the product's own settings nothing that was answered is lost."""

import random
from pathlib import Path

import pytest

from server.store import engines
from tests.faults.power import Shift, found_after, work_a_shift
from tests.floor_site import scalar
from tests.stores import open_store

pytestmark = pytest.mark.faults
SEEDS = 250
CUTS = 10
"""Power cuts looked at per run of commits; a seed is one cut."""


def lost_and_corrupt(
    folder: Path, pragmas: tuple[str, ...], seeds: range, reordered: bool
) -> tuple[int, int]:
    """In how many cuts something answered was lost, and in how many the database was hurt."""
    lost = corrupt = 0
    shifts: list[Shift] = []
    for seed in seeds:
        chance = random.Random(seed)
        if seed % CUTS == 0:
            shifts.append(work_a_shift(folder / f"shift-{seed}", pragmas, chance))
        shift = shifts[-1]
        moment = chance.randint(0, len(shift.log))
        disk = shift.disk_after(moment, chance, reordered)
        rows, says = found_after(folder / "after", disk)
        lost += rows < shift.promised(moment)
        corrupt += says != "ok"
    return lost, corrupt


@pytest.mark.parametrize("reordered", [False, True], ids=["prefix", "reordered"])
@pytest.mark.parametrize("part", range(4))
def test_a_power_cut_loses_nothing_answered(tmp_path: Path, part: int, reordered: bool) -> None:
    seeds = range(part * SEEDS, (part + 1) * SEEDS)
    assert lost_and_corrupt(tmp_path, engines._PRAGMAS, seeds, reordered) == (0, 0)


def test_without_full_sync_the_same_cuts_lose(tmp_path: Path) -> None:
    """The control: were this to lose nothing, the disk would prove nothing."""
    weaker = tuple(p.replace("=FULL", "=NORMAL") for p in engines._PRAGMAS)
    assert weaker != engines._PRAGMAS
    lost, corrupt = lost_and_corrupt(tmp_path, weaker, range(60), reordered=False)
    assert lost >= 30
    assert corrupt == 0


def test_the_writer_runs_with_these_settings(tmp_path: Path) -> None:
    full = 2
    with open_store("sqlite", tmp_path) as store:
        assert scalar(store, "PRAGMA synchronous") == full
        assert scalar(store, "PRAGMA journal_mode") == "wal"
        assert scalar(store, "PRAGMA foreign_keys") == 1
