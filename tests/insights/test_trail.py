"""The audit log looked up: by whom, with what, about which order, when; by whom it may be read; and
whether what is shown is what was sealed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.check_commands import BAD, OK, check
from server.insights.trail.looking import Wanted, look_up
from server.insights.trail.rules import facts, why
from server.insights.trail.shapes import Entry
from server.kernel.values import Role
from server.orders.address import ChangeAddress
from server.orders.hold import HoldOrder, ResumeOrder
from server.orders.notes import AddNote
from server.orders.validation import ShipTo
from server.store.sealer import HEAD_MS, Sealer
from server.store.store import Store
from tests.asked import Asked, Browser, asking, code_of
from tests.floor_site import SITE, Handheld, build, order, scalar
from tests.stores import open_store

pytestmark = pytest.mark.anyio
NOW = 1_800_000_000_000
OLD = ShipTo(country="GB", city="Leeds", street="1 Mill Lane", postcode="LS1")


class Clock:
    now = NOW

    def __call__(self) -> int:
        self.now += 1
        return self.now


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path, clock) as opened:
        opened.signer()
        build(opened)
        yield opened


@pytest.fixture
def desk(store: Store) -> Handheld:
    return Handheld(store, "service")


def found(store: Store, **asked: Any) -> list[Entry]:
    wanted = Wanted(**asked)
    return store.run_sync(lambda tx: look_up(tx.conn, SITE, wanted, 200)[0])


def kinds(store: Store, **asked: Any) -> list[str]:
    return [e.kind for e in found(store, **asked)]


def a_day(store: Store, desk: Handheld) -> str:
    """What service and a supervisor did about one order; another one is nobody's business."""
    made = order(store, "R-1", MUG=1)
    order(store, "R-2", MUG=1)
    desk.say("orders.hold_order.v1", HoldOrder(order=made, reason="Payment failed"))
    desk.say("orders.hold_order.v1", HoldOrder(order=made, reason="Twice"))
    desk.say("orders.add_note.v1", AddNote(order=made, note="Called back"))
    chief = Handheld(store, "supervisor")
    chief.say("orders.resume_order.v1", ResumeOrder(order=made))
    return made


DONE = [
    "orders.resume_order",
    "orders.add_note",
    "orders.hold_order",
    "orders.hold_order",
    "orders.import_order",
]


def test_everything_about_an_order_is_found_by_its_number_or_its_id_also_what_was_refused(
    store: Store, desk: Handheld
) -> None:
    made = a_day(store, desk)
    number = str(scalar(store, "SELECT number FROM orders WHERE id = :o", o=made))
    for said in (number, number.lower(), made):
        assert kinds(store, order=said) == DONE, said
    told = found(store, order=number)
    assert [e.outcome for e in told] == ["applied", "applied", "refused", "applied", "applied"]
    assert [e.why for e in told] == ["", "Called back", "Twice", "Payment failed", ""]
    assert told[1].order_number == number
    assert kinds(store, order="2000-EC-9") == []


def test_by_person_device_kind_outcome_and_period(store: Store, desk: Handheld) -> None:
    made = a_day(store, desk)
    assert kinds(store, person="service") == DONE[1:4]
    assert kinds(store, device="dev-supervisor") == DONE[:1]
    assert kinds(store, kind="orders.add_note") == ["orders.add_note"]
    assert kinds(store, person="service", outcome="undone") == ["orders.hold_order"]
    assert kinds(store, person="service", outcome="applied", order=made) == DONE[1:4:2]
    held = found(store, person="service", kind="orders.hold_order")[-1]
    assert kinds(store, person="service", until=held.recv_at + 1) == ["orders.hold_order"]
    assert kinds(store, person="service", since=held.recv_at + 1) == DONE[1:3]
    assert held.person_name == "Service"
    assert found(store, person="nobody") == []


def test_pages_go_back_without_a_gap_and_what_is_new_moves_none(
    store: Store, desk: Handheld
) -> None:
    a_day(store, desk)
    whole = [(e.device, e.n) for e in found(store)]
    told: list[tuple[str, int]] = []
    after = ""
    while True:
        page, after = store.run_sync(
            lambda tx, after=after: look_up(tx.conn, SITE, Wanted(), 3, after)  # type: ignore[misc]
        )
        told += [(e.device, e.n) for e in page]
        order(store, f"NEW-{len(told)}", MUG=1)
        if not after:
            break
    assert told == whole


def test_another_site_s_log_is_never_shown(store: Store, desk: Handheld) -> None:
    a_day(store, desk)
    nothing = store.run_sync(lambda tx: look_up(tx.conn, "other", Wanted(), 50)[0])
    assert nothing == []


@pytest.mark.parametrize(
    "asked",
    [{}, {"person": "p"}, {"device": "d"}, {"kind": "k"}, {"outcome": "undone"}, {"since": 5}],
)
def test_each_look_up_is_a_range_of_an_index(tmp_path: Path, asked: dict[str, Any]) -> None:
    """However long the log is: nothing is sorted, and no table is gone through."""
    with open_store("sqlite", tmp_path) as store:
        told: list[str] = []

        def explained(tx: Any) -> None:
            seen = []
            sa.event.listen(
                tx.conn, "before_cursor_execute", lambda *a: seen.append((a[2], a[3])), named=False
            )
            look_up(tx.conn, SITE, Wanted(**asked), 50, "9:9:9")
            statement, values = seen[0]
            plan = tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            told.extend(str(r[-1]) for r in plan)

        store.run_sync(explained)
    (look,) = [line for line in told if " op " in line]
    assert "USING INDEX ix_op_" in look, told
    assert not any("TEMP B-TREE" in line for line in told), told


def test_what_is_personal_is_for_the_administrator_and_what_is_secret_for_nobody() -> None:
    body = {"ship_to": {"street": "1 Mill Lane", "city": "Leeds"}, "lines": [{"name": "Mug"}]}
    told = {
        f.path: (f.value, f.hidden) for f in facts("orders.import_order", body, Role.SUPERVISOR)
    }
    assert told == {
        "ship_to.street": (None, "personal"),
        "ship_to.city": ("Leeds", ""),
        "lines.1.name": ("Mug", ""),
    }
    assert facts("orders.import_order", body, Role.ADMIN)[0].value == "1 Mill Lane"
    pin = {"order": "o1", "salt": "ab", "hash": "cd"}
    hidden = [f.path for f in facts("pod.put_pin", pin, Role.ADMIN) if f.hidden == "secret"]
    assert hidden == ["salt", "hash"]
    put = {"key": "carriers", "value": {"api_key": "k"}}
    assert [f.hidden for f in facts("catalog.put_setting", put, Role.ADMIN)] == ["", "secret"]
    assert why({"note": "n", "reason": ""}) == "n"
    assert why(["no", "object"]) == ""


class TestOverHttp:
    @pytest.fixture
    async def site(self, store: Store, tmp_path: Path) -> AsyncIterator[Asked]:
        async with asking(store, tmp_path) as asked:
            yield asked

    async def entry(self, who: Browser, device: str, n: int) -> dict[str, Any]:
        answer = await who.ask("GET", f"/api/audit/entry?device={device}&n={n}")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def test_only_supervisors_and_administrators_read_it(self, site: Asked) -> None:
        for role in ("service", "picker", "packer", "driver"):
            for path in ("/api/audit", "/api/audit/entry?device=a&n=1"):
                assert code_of(await site.browser(role).ask("GET", path)) == "not_allowed", role
        for role in ("supervisor", "admin"):
            assert (await site.browser(role).ask("GET", "/api/audit")).status_code == 200

    async def test_what_cannot_be_meant_is_named(self, site: Asked) -> None:
        chief = site.browser("supervisor")
        for field, value in (("since", "x"), ("outcome", "odd"), ("after", "1:2"), ("limit", "0")):
            answer = await chief.ask("GET", f"/api/audit?{field}={value}")
            assert answer.json()["error"]["field"] == field
        lost = await chief.ask("GET", "/api/audit/entry?device=nobody&n=1")
        assert code_of(lost) == "not_found"

    async def test_an_entry_opens_to_its_contents_by_role(
        self, site: Asked, desk: Handheld
    ) -> None:
        made = order(site.store, "R-1", MUG=1)
        to = ShipTo(country="GB", city="York", street="9 High Street")
        moved = ChangeAddress(order=made, seen=OLD, ship_to=to, reason="Moved")
        assert desk.say("orders.change_address.v1", moved) == ("applied", None)
        chief, admin = site.browser("supervisor"), site.browser("admin")
        for who, street in ((chief, None), (admin, "9 High Street")):
            told = await self.entry(who, desk.id, desk.n)
            said = {f["path"]: f["value"] for f in told["said"]}
            assert (said["ship_to.city"], said["ship_to.street"]) == ("York", street)
            assert told["entry"]["why"] == "Moved"
            assert "orders.address_changed" in [f["kind"] for f in told["followed"]]
            assert ("9 High Street" in str(told)) is (who is admin)

    async def test_the_seal_says_whether_an_entry_is_what_it_was(
        self, site: Asked, clock: Clock, desk: Handheld
    ) -> None:
        a_day(site.store, desk)
        admin = site.browser("admin")
        assert (await self.entry(admin, desk.id, 1))["seal"] == "waiting"
        clock.now += HEAD_MS
        await Sealer(site.store).seal()
        assert await asyncio.to_thread(check, site.store, "audit", replay=False) == OK
        told = await self.entry(admin, desk.id, 1)
        assert told["seal"] == "whole"
        chain = told["chain"]
        assert chain["sealed"] == chain["signed"] == chain["checked"] >= told["entry"]["ver"]
        assert (chain["findings"], chain["first"]) == (0, "")
        forged = sa.text("UPDATE op SET body = '{}' WHERE device = :d AND n = 1")
        await site.store.run(lambda tx: tx.conn.execute(forged, {"d": desk.id}))
        assert (await self.entry(admin, desk.id, 1))["seal"] == "broken"
        assert (await self.entry(admin, desk.id, 2))["seal"] in ("whole", "broken")
        assert await asyncio.to_thread(check, site.store, "audit", replay=False) == BAD
        chain = (await self.entry(admin, desk.id, 1))["chain"]
        assert chain["findings"] == 1
        assert "row_is_what_was_sealed" in chain["first"]
