import asyncio
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from server.auth import pins, rules
from server.auth.sessions import COOKIE
from server.kernel.values import Role
from tests.auth.house import HOUR, MINUTE, PIN, Handheld, House, error

pytestmark = pytest.mark.anyio
WRONG = "111222"


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The PINs that were really looked at."""
    seen: list[str] = []
    real: Callable[[str | None, str], Any] = pins.matches

    async def watched(stored: str | None, pin: str) -> bool:
        seen.append(pin)
        return bool(await real(stored, pin))

    monkeypatch.setattr(pins, "matches", watched)
    return seen


async def test_badge_and_pin_give_a_grant_of_twelve_hours(house: House) -> None:
    person = house.person()
    device = await house.device()
    grant = (await device.sign_in()).json()
    assert grant == {
        "sid": grant["sid"],
        "person": person,
        "name": "Name of B-1001",
        "role": "picker",
        "lang": "en",
        "site": "main",
        "issued": house.clock.now,
        "expires": house.clock.now + 12 * HOUR,
    }


async def test_who_is_not_enrolled_cannot_even_try_a_pin(
    house: House, evaluated: list[str]
) -> None:
    house.person()
    assert error(await Handheld(house).sign_in()) == "not_signed_in"
    assert not evaluated


async def test_unknown_badge_wrong_pin_other_site_and_leaver_are_told_alike(house: House) -> None:
    house.person("B-1")
    house.person("B-2", site="other")
    gone = house.person("B-3")
    house.person("B-9", Role.ADMIN)
    desk, device = await house.device(), await house.device()
    await desk.sign_in("B-9")
    assert (await desk.post(f"/auth/people/{gone}/revoke", {})).status_code == 200
    told = [
        await device.sign_in("B-unknown"),
        await device.sign_in("B-1", WRONG),
        await device.sign_in("B-2"),
        await device.sign_in("B-3"),
    ]
    assert {(a.status_code, a.content) for a in told} == {
        (401, b'{"error":{"code":"bad_sign_in"}}')
    }


async def test_an_unknown_badge_takes_as_long_as_a_known_one() -> None:
    stored = pins.hash_pin(PIN)
    times: dict[bool, list[float]] = {True: [], False: []}
    for i in range(40):
        known = i % 2 == 0
        began = perf_counter()
        await pins.matches(stored if known else None, WRONG)
        times[known].append(perf_counter() - began)
    assert 0.6 < median(times[True]) / median(times[False]) < 1.6


async def test_a_thousand_wrong_pins_at_once_are_looked_at_ten_times_an_hour_at_most(
    either: House, evaluated: list[str]
) -> None:
    """Scaled down: 200 tries an hour from four devices, one of them the victim's own."""
    house = either
    house.person()
    devices = [await house.device() for _ in range(4)]
    await devices[0].sign_in()
    evaluated.clear()
    for _ in range(50):
        await asyncio.gather(*(d.sign_in(pin=WRONG) for d in devices))
        house.clock.now += HOUR // 50 - 1
    assert 5 <= len(evaluated) <= 10


async def test_the_right_pin_is_refused_until_the_delay_ends(
    house: House, evaluated: list[str]
) -> None:
    house.person()
    device = await house.device()
    for _ in range(rules.FREE_TRIES):
        assert error(await device.sign_in(pin=WRONG)) == "bad_sign_in"
    refused = await device.sign_in()
    assert (refused.status_code, error(refused)) == (429, "wait")
    assert refused.json()["error"]["data"] == {"seconds": 30}
    assert refused.headers["retry-after"] == "30"
    assert PIN not in evaluated
    house.clock.now += 30_000
    assert (await device.sign_in()).status_code == 200


async def test_guesses_elsewhere_never_lock_a_person_out_of_their_own_device(house: House) -> None:
    house.person()
    own = await house.device()
    await own.sign_in()
    strangers = [await house.device() for _ in range(4)]
    for _ in range(30):
        for stranger in strangers:
            await stranger.sign_in(pin=WRONG)
        house.clock.now += MINUTE
    assert error(await strangers[0].sign_in()) == "wait"
    assert (await own.sign_in()).status_code == 200


async def test_one_device_cannot_walk_down_a_list_of_badges(
    house: House, evaluated: list[str]
) -> None:
    device = await house.device()
    answers = [await device.sign_in(f"B-{n}", WRONG) for n in range(40)]
    assert len(evaluated) == rules.PER_HOUR["device"]
    assert error(answers[-1]) == "wait"


async def test_counters_outlive_the_server(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person()
    device = await house.device()
    for _ in range(rules.FREE_TRIES):
        await device.sign_in(pin=WRONG)
    await house.close()
    again = House(tmp_path)
    device.house = again
    assert error(await device.sign_in()) == "wait"
    await again.close()


async def test_a_supervisor_unlocks(house: House) -> None:
    person = house.person()
    house.person("B-9", Role.SUPERVISOR)
    desk, device = await house.device(), await house.device()
    await desk.sign_in("B-9")
    for _ in range(rules.FREE_TRIES):
        await device.sign_in(pin=WRONG)
    assert error(await device.sign_in()) == "wait"
    assert error(await device.post(f"/auth/people/{person}/unlock", {})) == "not_signed_in"
    assert (await desk.post(f"/auth/people/{person}/unlock", {})).json() == {"ok": True}
    assert (await device.sign_in()).status_code == 200


async def test_a_planted_cookie_never_survives_a_sign_in(house: House) -> None:
    house.person()
    device = await house.device()
    planted = device.cookie
    await device.sign_in()
    assert device.cookie != planted
    device.cookie = planted
    assert error(await device.get("/auth/me")) == "not_signed_in"
    device.cookie = "chosen-by-the-attacker"
    assert error(await device.sign_in()) == "not_signed_in"


async def test_hand_over_ends_the_former_grant_and_sign_out_ends_ones_own(house: House) -> None:
    house.person("B-1", Role.SUPERVISOR)
    house.person("B-2", Role.SUPERVISOR)
    device = await house.device()
    await device.sign_in("B-1")
    former = device.sid or ""
    await device.sign_in("B-2")
    assert error(await device.get("/guarded", **{"x-sid": former})) == "not_signed_in"
    assert (await device.get("/guarded")).status_code == 200
    assert (await device.post("/auth/signout", {"sid": device.sid})).json() == {"ok": True}
    assert error(await device.get("/guarded")) == "not_signed_in"


async def test_a_grant_serves_only_its_own_device_and_its_own_hours(house: House) -> None:
    house.person("B-1", Role.SUPERVISOR)
    device, other = await house.device(), await house.device()
    await device.sign_in("B-1")
    assert (await device.get("/guarded")).status_code == 200
    assert error(await other.get("/guarded", **{"x-sid": device.sid or ""})) == "not_signed_in"
    house.clock.now += 12 * HOUR
    assert error(await device.get("/guarded")) == "not_signed_in"


async def test_a_sid_in_the_query_is_enough_for_an_image(house: House) -> None:
    house.person("B-1", Role.SUPERVISOR)
    device = await house.device()
    await device.sign_in("B-1")
    sid, device.sid = device.sid, None
    assert (await device.get(f"/guarded?sid={sid}")).status_code == 200
    assert error(await device.get("/guarded?sid=" + "s" * 500)) == "not_signed_in"
    assert error(await device.get("/guarded?sid=%ff%00")) == "not_signed_in"


async def test_roles_are_asked_before_the_body_is_read(house: House) -> None:
    house.person()
    device = await house.device()
    await device.sign_in()
    assert error(await device.get("/guarded")) == "not_allowed"
    assert error(await device.post("/auth/people", {"nonsense": 1})) == "not_allowed"


async def test_no_pin_and_no_token_reaches_a_log(
    house: House, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    house.person()
    device = await house.device()
    first = device.cookie or "?"
    await device.sign_in(pin=WRONG)
    await device.post("/auth/signin", {"badge": "B-1001", "pin": WRONG, "more": 1})
    await device.sign_in()
    out = capsys.readouterr()
    written = caplog.text + out.out + out.err
    for secret in (PIN, WRONG, first, device.cookie or "?"):
        assert secret not in written


async def test_a_malformed_sign_in_is_told_where_and_never_echoes_the_pin(house: House) -> None:
    device = await house.device()
    refused = await device.post("/auth/signin", {"badge": "B-1", "pin": "12x456"})
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "malformed"
    assert refused.json()["error"]["field"] == "pin"
    assert "12x456" not in refused.text


async def test_the_cookie_may_be_any_garbage(house: House) -> None:
    for value in ("", "é", "a" * 5000, "\x7f", f'"; {COOKIE}=x'):
        answer = await house.http.get("/auth/me", headers={b"cookie": f"{COOKIE}={value}".encode()})
        assert (answer.status_code, error(answer)) == (401, "not_signed_in")
