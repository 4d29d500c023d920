"""Labels to printers: a twin that keeps them, a listener on the loopback, and every fault."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.documents.printing import spooler
from server.documents.printing.port import NotPrinted, NullPrinter
from server.documents.printing.raw_tcp import RawTcp
from server.documents.printing.spooler import Spooler, claim
from server.orders.ops import CancelOrder
from server.packing.ops import BuildPallet
from server.packing.printers import Station
from server.packing.printing import PrintLabel, TellPrinted
from server.packing.tables import print_job
from server.pod.carriers.ops import ChooseCarrier
from server.store.replay import check_replay
from server.store.store import Store
from tests.carrier_work import bill, packed, set_carriers
from tests.documents.reading import scanned, symbologies
from tests.documents.zpl_reader import read
from tests.floor_site import Handheld, build, good, order, scalar, system, table
from tests.floor_work import APPLIED
from tests.packing_work import put
from tests.picking_work import row_of
from tests.stores import open_store

pytestmark = pytest.mark.anyio
QUICK = {"tries": 3, "wait_s": 1, "timeout_s": 1}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        put(opened, "gs1", {"prefix": "9521234"})
        yield opened


class Printroom:
    """A packed parcel, a packer who asks, and the worker beside the store."""

    def __init__(self, store: Store, *stations: dict[str, Any], **rules: Any) -> None:
        self.store = store
        self.null = NullPrinter()
        self.spooler = Spooler(store, "here", {"network": RawTcp(), "null": self.null})
        self.order = order(store, "R-1", MUG=1)
        (self.shipment,) = packed(store)
        self.number = str(scalar(store, "SELECT number FROM parcel"))
        self.packer = Handheld(store, "packer", "bench-1")
        benches = [{"id": "b1", "name": "Bench 1", "kind": "null"}, *stations]
        good(put(store, "printing", {"stations": benches} | QUICK | rules))

    def ask(self, number: str = "", station: str = "b1", **more: Any) -> tuple[str, str | None]:
        op = PrintLabel(number=number or self.number, station=station, **more)
        return self.packer.say("packing.print_label.v1", op)

    async def work(self) -> None:
        await self.spooler.look()
        await self.spooler.settled()

    def later(self, ms: int) -> None:
        now = self.store.clock() + ms
        self.store.clock = lambda: now
        self.store.writer._clock = lambda: now

    def shown(self, number: str = "") -> dict[str, Any]:
        return row_of(self.store, "u:packer", "print_job", number or self.number) or {}

    def state(self) -> tuple[str, int, str]:
        row = self.shown()
        return row["state"], row["tried"], row["fault"]


async def test_a_label_is_drawn_printed_and_told(store: Store) -> None:
    room = Printroom(store)
    assert room.ask() == APPLIED
    assert room.state() == ("queued", 0, "")
    assert room.shown()["station_name"] == "Bench 1"
    await room.work()
    assert room.state() == ("printed", 1, "")
    (kept,) = room.null.printed
    label = read(kept.zpl)
    assert "Corner Shop" in label.texts()
    assert symbologies(label.drawn())[f"00{room.number}"] == "]C1"
    told = "SELECT COUNT(*) FROM event WHERE kind = 'packing.label_printed' AND key = :o"
    assert scalar(store, told, o=room.order) == 1
    await room.work()
    assert len(room.null.printed) == 1, "a job is printed once"


async def test_asked_again_it_is_printed_again_with_what_is_known_by_then(store: Store) -> None:
    room = Printroom(store, {"id": "b2", "name": "Bench 2", "kind": "null", "dpi": 300})
    assert room.ask() == APPLIED
    await room.work()
    set_carriers(store)
    chosen = ChooseCarrier(shipments=[room.shipment], carrier="swift")
    good(system(store, "pod.choose_carrier.v1", chosen))
    assert room.ask(station="b2", lang="zh-Hant") == APPLIED
    assert room.shown()["station"] == "b2"
    await room.work()
    first, second = room.null.printed
    number = bill(store, room.shipment)["number"]
    assert number not in scanned(read(first.zpl).drawn())
    label = read(second.zpl)
    assert (label.width, label.texts()) == (1181, [])
    assert number in scanned(label.drawn())


async def test_a_pallet_s_label_is_printed_too(store: Store) -> None:
    room = Printroom(store)
    pallet = str(scalar(store, "SELECT MIN(number) FROM pallet"))
    packer = Handheld(store, "packer", "bench-2")
    on = BuildPallet(pallet=pallet, parcels=[room.number], built=True)
    assert packer.say("packing.build_pallet.v1", on) == APPLIED
    assert room.ask(pallet, what="pallet") == APPLIED
    await room.work()
    assert room.shown(pallet)["state"] == "printed"
    assert symbologies(read(room.null.printed[0].zpl).drawn())[f"00{pallet}"] == "]C1"


async def test_a_fault_is_tried_again_and_then_told(store: Store) -> None:
    room = Printroom(store)
    room.null.faults.extend(["no_answer"] * 4)
    assert room.ask() == APPLIED
    await room.work()
    assert room.state() == ("queued", 1, "no_answer")
    await room.work()
    assert room.state() == ("queued", 1, "no_answer"), "not before its time"
    for tried, state in ((2, "queued"), (3, "failed"), (3, "failed")):
        room.later(60_000)
        await room.work()
        assert room.state() == (state, tried, "no_answer")
    told = table(store, "SELECT body FROM event WHERE kind = 'packing.label_not_printed'")
    assert len(told) == 1
    assert '"fault":"no_answer"' in told[0]["body"]
    room.null.faults.clear()
    assert room.ask() == APPLIED
    await room.work()
    assert room.state() == ("printed", 1, "")
    assert check_replay(store.url).differences == []


async def test_a_fault_that_passes_ends_in_a_printed_label(store: Store) -> None:
    room = Printroom(store)
    room.null.faults.append("cut_off")
    assert room.ask() == APPLIED
    await room.work()
    room.later(60_000)
    await room.work()
    assert room.state() == ("printed", 2, "")
    assert len(room.null.printed) == 1


async def test_what_cannot_be_printed_is_refused_with_what_to_mend(store: Store) -> None:
    room = Printroom(store, {"id": "pc", "name": "Office", "kind": "browser"})
    assert room.ask(station="nowhere") == ("refused", "station_unknown")
    assert room.ask(station="pc") == ("refused", "station_prints_in_browser")
    assert room.ask("P-77777777") == ("refused", "label_unknown")
    assert room.ask("P-77777777", what="pallet") == ("refused", "label_unknown")
    cancel = CancelOrder(order=room.order, reason="changed mind")
    assert Handheld(store, "supervisor").say("orders.cancel_order.v1", cancel) == APPLIED
    assert room.ask() == ("refused", "parcel_void")
    assert scalar(store, "SELECT COUNT(*) FROM print_job") == 0


async def test_an_order_cancelled_meanwhile_fails_and_holds_up_nothing(store: Store) -> None:
    room = Printroom(store)
    assert room.ask() == APPLIED
    cancel = CancelOrder(order=room.order, reason="changed mind")
    assert Handheld(store, "supervisor").say("orders.cancel_order.v1", cancel) == APPLIED
    await room.work()
    assert room.state() == ("failed", 1, "cannot_draw")


async def test_a_station_taken_out_of_the_setting_fails_at_once(store: Store) -> None:
    room = Printroom(store)
    assert room.ask() == APPLIED
    good(put(store, "printing", {"stations": []}))
    await room.work()
    assert room.state() == ("failed", 1, "no_station")


async def test_jobs_that_wait_for_later_keep_nobody_from_the_queue(store: Store) -> None:
    room = Printroom(store)
    assert room.ask() == APPLIED
    (job,) = table(store, "SELECT * FROM print_job")
    later = {"station": "off", "at": job["at"] - 1, "next_at": job["next_at"] + 3_600_000}
    waiting = [{**job, **later, "id": f"later-{n}"} for n in range(600)]
    store.run_sync(lambda tx: tx.conn.execute(sa.insert(print_job), waiting))
    await room.work()
    assert room.null.printed


async def test_only_the_house_tells_what_was_printed(store: Store) -> None:
    room = Printroom(store)
    assert room.ask() == APPLIED
    job = str(scalar(store, "SELECT id FROM print_job"))
    said = room.packer.say("packing.tell_printed.v1", TellPrinted(job=job))
    assert said[0] == "quarantined"
    assert room.state() == ("queued", 0, "")


async def test_one_node_has_a_job_and_nobody_one_that_is_over(store: Store) -> None:
    room = Printroom(store)
    assert room.ask() == APPLIED
    job = str(scalar(store, "SELECT id FROM print_job"))
    assert store.run_sync(lambda tx: claim(tx, job, "a"))
    assert not store.run_sync(lambda tx: claim(tx, job, "b"))
    await room.work()
    assert room.null.printed == type(room.null.printed)(), "another node is at it"
    room.later(600_000)
    await room.work()
    assert room.state()[0] == "printed"
    assert not store.run_sync(lambda tx: claim(tx, job, "b"))


async def printed_by_two(store: Store) -> int:
    """How often a label comes out where two nodes see the same job in the same moment."""
    room = Printroom(store)
    other = Spooler(store, "there", room.spooler.printers)
    assert room.ask() == APPLIED
    await asyncio.gather(room.spooler.look(), other.look())
    await asyncio.gather(room.spooler.settled(), other.settled())
    return len(room.null.printed)


async def test_two_nodes_print_a_label_once(store: Store) -> None:
    assert await printed_by_two(store) == 1


async def test_without_the_lease_two_nodes_print_it_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the test above."""
    monkeypatch.setattr(spooler, "claim", lambda *_: True)
    assert await printed_by_two(store) == 2


@asynccontextmanager
async def listener(takes: Any) -> AsyncIterator[int]:
    server = await asyncio.start_server(takes, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def network(port: int, key: str = "net") -> dict[str, Any]:
    return {"id": key, "name": "Zebra", "kind": "network", "address": f"127.0.0.1:{port}"}


async def test_a_network_printer_gets_the_whole_label(store: Store) -> None:
    got: list[bytes] = []

    async def takes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.read(-1))
        writer.close()

    async with listener(takes) as port:
        room = Printroom(store, network(port))
        assert room.ask(station="net") == APPLIED
        assert room.ask(station="net", lang="zh-Hans") == APPLIED
        for _ in range(2):
            await room.work()
    assert room.state() == ("printed", 1, "")
    for zpl in got:
        assert symbologies(read(zpl).drawn())[f"00{room.number}"] == "]C1"
    assert len(got) == 2


async def fault_of(
    port: int, *, host: str = "127.0.0.1", zpl: bytes = b"^XA^XZ", timeout_s: float = 0.5
) -> str:
    station = Station(id="x", name="x", kind="network", address=f"{host}:{port}")
    began = time.monotonic()
    try:
        await RawTcp().send(station, zpl, timeout_s=timeout_s)
    except NotPrinted as why:
        assert time.monotonic() - began < timeout_s + 2.5, "a wait without a bound"
        return why.fault
    return ""


async def test_every_fault_of_a_printer_has_its_name_within_its_time() -> None:
    async def deaf(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)
        writer.close()

    async def cuts(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def takes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        writer.close()

    much = b"x" * 30_000_000
    async with listener(deaf) as port:
        assert await fault_of(port, zpl=much) == "too_slow"
    async with listener(cuts) as port:
        assert await fault_of(port, zpl=much) == "cut_off"
    async with listener(takes) as port:
        assert await fault_of(port, zpl=much, timeout_s=30) == ""
    assert await fault_of(port) == "turned_away"
    assert await fault_of(9, host="no-such-host.invalid") == "unknown_host"


async def test_a_printer_that_stands_still_holds_up_no_other(store: Store) -> None:
    async def deaf(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(20)
        writer.close()

    class Slow:
        """Takes its time; the listener itself would swallow a label in one gulp."""

        async def send(self, station: Station, zpl: bytes, *, timeout_s: float) -> None:
            await RawTcp().send(station, zpl * 20_000, timeout_s=timeout_s)

    async with listener(deaf) as port:
        room = Printroom(store, network(port), timeout_s=1)
        room.spooler.printers = {"network": Slow(), "null": room.null}
        assert room.ask(station="net") == APPLIED
        assert (
            room.ask(str(scalar(store, "SELECT MIN(number) FROM pallet")), what="pallet") == APPLIED
        )
        await room.spooler.look()
        other = room.spooler._busy["main", "b1"]
        await other
        assert room.null.printed
        assert room.state() == ("queued", 0, ""), "the other label came out meanwhile"
        await room.spooler.settled()
        assert room.state() == ("queued", 1, "too_slow")
        await room.spooler.stop()
