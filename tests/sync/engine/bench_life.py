"""An order at the bench: two cartons, a flawed piece, a blind count, a printed label, a pallet that
goes onto the van: of the recorded life."""

from server.packing.ops import BuildPallet, CheckQuality, Counted, FinishCount
from server.packing.printing import PrintLabel, TellPrinted
from server.pod.load_pallets import Carton, LoadPallet
from server.pod.ops import PlanRun
from server.store.store import Store
from tests.floor_site import Handheld, good, scalar, system, table
from tests.floor_work import APPLIED, take
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
    _labelled(store, bench, first)
    _onto_the_van(store, ready[0]["number"], [first, second])


def _labelled(store: Store, bench: Bench, number: str) -> None:
    stations = [{"id": "b1", "name": "Bench 1", "kind": "null"}]
    good(put(store, "printing", {"stations": stations}))
    asked = PrintLabel(number=number, station="b1")
    assert bench.packer.say("packing.print_label.v1", asked) == APPLIED
    job = str(scalar(store, "SELECT id FROM print_job"))
    good(system(store, "packing.tell_printed.v1", TellPrinted(job=job)))


def _onto_the_van(store: Store, pallet: str, parcels: list[str]) -> None:
    owner = scalar(store, "SELECT order_id FROM parcel WHERE number = :p", p=parcels[0])
    good(system(store, "pod.plan_run.v1", PlanRun(orders=[owner])))
    driver = Handheld(store, "driver", "dev-driver-bench")
    take(driver, "drive")
    stop = table(store, "SELECT id, run FROM stop WHERE order_id = :o", o=owner)[0]
    cartons = [Carton(stop=stop["id"], parcel=number) for number in parcels]
    loaded = LoadPallet(run=stop["run"], pallet=pallet, parcels=cartons)
    assert driver.say("pod.load_pallet.v1", loaded) == APPLIED
