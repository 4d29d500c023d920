"""An order at the bench: two cartons, a flawed piece, a blind count, a pallet: of the recorded
life."""

from server.packing.ops import BuildPallet, CheckQuality, Counted, FinishCount
from server.store.store import Store
from tests.floor_site import table
from tests.floor_work import APPLIED
from tests.packing_work import CARTONS, Bench, put


def bench_life(store: Store) -> None:
    put(store, "cartons", CARTONS)
    bench = Bench(store, "V-30", MUG=3, TEE=1)
    first, second = bench.numbers[0], f"{bench.job['spare']}-2"
    assert bench.open(first) == APPLIED
    assert bench.check("MUG", 2, first) == APPLIED
    looked = CheckQuality(task=bench.task, lines=[bench.line("MUG")["no"]])
    assert bench.packer.say("packing.check_quality.v1", looked) == APPLIED
    assert bench.flaw("MUG", 1) == APPLIED
    assert bench.seal(first, 1_200) == APPLIED
    counted = [Counted(line=bench.line("TEE")["no"], counted=1)]
    count = FinishCount(task=bench.task, lines=counted)
    assert bench.packer.say("packing.finish_count.v1", count) == APPLIED
    assert bench.check("TEE", 1, second) == APPLIED
    assert bench.close(second, 600) == APPLIED
    ready = table(store, "SELECT number FROM pallet WHERE state = 'ready' ORDER BY number")
    built = BuildPallet(pallet=ready[0]["number"], parcels=[first, second], built=True)
    assert bench.packer.say("packing.build_pallet.v1", built) == APPLIED
