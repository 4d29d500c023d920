import pytest
import sqlalchemy as sa

from server.auth import grants
from server.auth.api import router
from server.auth.live import Live
from server.auth.tables import grant
from server.kernel.values import Role
from server.store.tables import event
from tests.auth.house import HOUR, PIN, Handheld, House, error

pytestmark = pytest.mark.anyio


async def desk_of(house: House, role: Role = Role.SUPERVISOR) -> Handheld:
    house.person(f"B-{role.value}", role)
    desk = await house.device()
    await desk.sign_in(f"B-{role.value}")
    return desk


async def test_after_a_revocation_every_request_of_the_device_is_refused(house: House) -> None:
    house.person()
    desk, device = await desk_of(house), await house.device()
    await device.sign_in()
    assert (await desk.post(f"/auth/devices/{device.id}/revoke", {})).json() == {"ok": True}
    for answer in (
        await device.get("/auth/me"),
        await device.get("/guarded"),
        await device.sign_in(),
        await device.post("/auth/signout", {"sid": device.sid}),
    ):
        assert (answer.status_code, error(answer)) == (403, "revoked")


async def test_a_revoked_device_can_still_prove_itself_to_hand_in_its_work(house: House) -> None:
    desk, device = await desk_of(house), await house.device()
    await desk.post(f"/auth/devices/{device.id}/revoke", {})
    before, nonce = device.cookie, await device.nonce()
    answer = await device.prove(nonce, device.sign(nonce))
    assert (answer.status_code, error(answer)) == (403, "revoked")
    assert device.cookie != before
    assert error(await device.get("/auth/me")) == "revoked"


async def test_its_grants_vouch_for_work_before_the_revocation_and_not_after(
    house: House,
) -> None:
    house.person()
    desk, device = await desk_of(house), await house.device()
    await device.sign_in()
    await device.post("/auth/signout", {"sid": device.sid})
    house.clock.now += HOUR
    await desk.sign_in("B-supervisor")
    await desk.post(f"/auth/devices/{device.id}/revoke", {})
    rows = await house.store.rows(grants.statement([device.sid or ""]))
    found = grants.read(rows)[device.sid or ""]
    assert found.may_act(house.clock.now - 1)
    assert not found.may_act(house.clock.now + 1)


async def test_a_person_who_left_can_neither_go_on_nor_sign_in(house: House) -> None:
    person = house.person("B-7", Role.PACKER)
    desk, device = await desk_of(house), await house.device()
    await device.sign_in("B-7")
    assert (await desk.post(f"/auth/people/{person}/revoke", {})).status_code == 200
    assert error(await device.get("/guarded")) == "revoked"
    assert error(await device.sign_in("B-7")) == "bad_sign_in"


async def test_open_sockets_of_a_revoked_device_close_and_others_stay(house: House) -> None:
    desk, device = await desk_of(house), await house.device()
    closed: list[str] = []
    house.live.connected(device.id, lambda: closed.append("device"))
    house.live.connected(desk.id, lambda: closed.append("desk"))
    await desk.post(f"/auth/devices/{device.id}/revoke", {})
    assert closed == ["device"]


async def test_another_node_closes_what_was_revoked_or_ended_at_its_next_recheck(
    house: House,
) -> None:
    house.person()
    desk, device, other = await desk_of(house), await house.device(), await house.device()
    await device.sign_in()
    await other.post("/auth/signin", {"badge": "B-1001", "pin": PIN})
    node, closed = Live(), list[str]()
    node.connected(device.id, lambda: closed.append("revoked"))
    node.connected(desk.id, lambda: closed.append("ended"), desk.sid)
    stays = node.connected(other.id, lambda: closed.append("other"))
    assert await node.recheck(house.store) == 0
    await desk.post(f"/auth/devices/{device.id}/revoke", {})
    await desk.post("/auth/signout", {"sid": desk.sid})
    assert await node.recheck(house.store) == 2
    assert sorted(closed) == ["ended", "revoked"]
    node.left(stays)


async def test_ids_of_another_site_are_unknown(house: House) -> None:
    desk = await desk_of(house)
    stranger, foreign = house.person("B-5", site="other"), await house.device("other")
    for path in (
        f"/auth/people/{stranger}/unlock",
        f"/auth/people/{stranger}/revoke",
        f"/auth/devices/{foreign.id}/revoke",
        "/auth/devices/k0/revoke",
    ):
        answer = await desk.post(path, {})
        assert (answer.status_code, error(answer)) == (404, "not_found")


async def test_a_supervisor_cannot_take_over_a_desk(house: House) -> None:
    admin = house.person("B-0", Role.ADMIN)
    picker = house.person("B-1")
    desk = await desk_of(house)
    assert error(await desk.post(f"/auth/people/{admin}/pin", {"pin": "820461"})) == "not_allowed"
    assert error(await desk.post(f"/auth/people/{admin}/revoke", {})) == "not_allowed"
    assert (await desk.post(f"/auth/people/{picker}/pin", {"pin": "820461"})).status_code == 200
    device = await house.device()
    assert error(await device.sign_in("B-1")) == "bad_sign_in"
    assert (await device.sign_in("B-1", "820461")).status_code == 200


async def test_an_administrator_adds_people_with_a_pin_worth_the_name(house: House) -> None:
    desk = await desk_of(house, Role.ADMIN)
    new = {"name": "Ana Ruiz", "badge": "B-77", "role": "driver", "pin": "820461"}
    assert error(await desk.post("/auth/people", new | {"pin": "123456"})) == "weak_pin"
    assert error(await desk.post("/auth/people", new | {"role": "system"})) == "not_allowed"
    assert error(await desk.post("/auth/people", new | {"site": "other"})) == "malformed"
    assert (await desk.post("/auth/people", new)).status_code == 200
    assert error(await desk.post("/auth/people", new)) == "badge_taken"
    assert (await (await house.device()).sign_in("B-77", "820461")).json()["role"] == "driver"


async def test_pins_and_tokens_are_stored_only_as_hashes(house: House) -> None:
    house.person()
    device = await house.device()
    await device.sign_in()
    dump = ""
    for table in grant.metadata.sorted_tables:
        dump += repr(await house.store.rows(sa.select(table)))
    assert device.id in dump
    assert PIN not in dump
    assert (device.cookie or "?") not in dump


async def test_who_revoked_whom_stands_in_the_event_log(house: House) -> None:
    desk, device = await desk_of(house), await house.device()
    await desk.post(f"/auth/devices/{device.id}/revoke", {})
    rows = await house.store.rows(sa.select(event).where(event.c.kind == "auth.device_revoked"))
    assert [r["device"] for r in rows] == [desk.id]
    by = (await desk.get("/guarded")).json()["person"]
    assert rows[0]["body"] == f'{{"order":"","device":"{device.id}","by":"{by}"}}'


async def test_no_answer_is_shared_between_devices(house: House) -> None:
    first, second = await house.device(), await house.device()
    assert (await first.get("/auth/me")).json()["device"] == first.id
    assert (await second.get("/auth/me")).json()["device"] == second.id
    assert [h for r in router.routes for h in getattr(r, "route_handlers", []) if h.cache] == []
