import asyncio

import pytest

from server.auth.sessions import COOKIE
from server.kernel.values import Role
from tests.auth.house import HOUR, MINUTE, Handheld, House, error

pytestmark = pytest.mark.anyio


async def test_a_code_makes_a_device_once(house: House) -> None:
    code = house.code()
    first, second = Handheld(house), Handheld(house)
    assert (await first.enrol(code.lower().replace("-", " "))).status_code == 200
    refused = await second.enrol(code)
    assert (refused.status_code, error(refused)) == (401, "bad_code")
    assert (await first.get("/auth/me")).json()["device"] == first.id


async def test_of_ten_devices_racing_on_one_code_exactly_one_wins(either: House) -> None:
    house = either
    code = house.code()
    answers = await asyncio.gather(*(Handheld(house).enrol(code) for _ in range(10)))
    assert sorted(a.status_code for a in answers) == [200] + [401] * 9


async def test_a_code_expires_after_ten_minutes(house: House) -> None:
    code = house.code()
    house.clock.now += 10 * MINUTE
    assert error(await Handheld(house).enrol(code)) == "bad_code"


async def test_only_a_desk_makes_codes_and_only_for_its_own_site(house: House) -> None:
    house.person("B-1", Role.SUPERVISOR)
    house.person("B-2", Role.PICKER)
    device = await house.device()
    await device.sign_in("B-2")
    assert error(await device.post("/auth/codes", {"site": "main"})) == "not_allowed"
    await device.sign_in("B-1")
    assert error(await device.post("/auth/codes", {"site": "other"})) == "not_allowed"
    made = (await device.post("/auth/codes", {"site": "main"})).json()
    assert made["expires"] == house.clock.now + 10 * MINUTE
    assert made["url"] == f"http://localhost:8000/#enrol={made['code']}"
    assert len({len(row) for row in made["qr"]} | {len(made["qr"])}) == 1
    assert (await Handheld(house).enrol(made["code"])).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"x": "A" * 43},
        {"d": "A" * 43},
        {"crv": "P-384"},
        {"x": "short"},
        {"kty": "RSA"},
        {"y": "ü" * 43},
    ],
)
async def test_a_key_that_is_no_public_p256_point_is_malformed(
    house: House, change: dict[str, str]
) -> None:
    device, code = Handheld(house), house.code()
    body = {"code": code, "name": "x", "key": device.jwk() | change}
    refused = await device.post("/auth/enrol", body)
    assert (refused.status_code, error(refused)) == (400, "malformed")
    assert (await device.enrol(code)).status_code == 200, "the code was not spent"


async def test_a_signed_challenge_gives_a_new_session_and_ends_the_old(house: House) -> None:
    device = await house.device()
    old = device.cookie
    nonce = await device.nonce()
    answer = await device.prove(nonce, device.sign(nonce))
    assert answer.json() == {"ok": True}
    assert device.cookie != old
    assert (await device.get("/auth/me")).status_code == 200
    device.cookie = old
    assert error(await device.get("/auth/me")) == "not_signed_in"


async def test_a_nonce_serves_once_even_when_the_signature_was_wrong(house: House) -> None:
    device, stranger = await house.device(), await house.device()
    nonce = await device.nonce()
    assert error(await device.prove(nonce, stranger.sign(nonce))) == "bad_signature"
    assert error(await device.prove(nonce, device.sign(nonce))) == "bad_signature"


async def test_a_nonce_is_the_devices_own_and_lives_sixty_seconds(house: House) -> None:
    device, other = await house.device(), await house.device()
    nonce = await device.nonce()
    assert error(await other.prove(nonce, other.sign(nonce))) == "bad_signature"
    house.clock.now += MINUTE
    assert error(await device.prove(nonce, device.sign(nonce))) == "bad_signature"


@pytest.mark.parametrize("signature", ["", "AAAA", "é" * 20, "=" * 88, "A" * 86])
async def test_a_garbled_signature_is_refused_and_never_a_500(house: House, signature: str) -> None:
    device = await house.device()
    refused = await device.prove(await device.nonce(), signature)
    assert (refused.status_code, error(refused)) == (401, "bad_signature")


async def test_a_challenge_betrays_no_device(house: House) -> None:
    device = await house.device()
    known = await device.post("/auth/challenge", {"device": device.id})
    unknown = await device.post("/auth/challenge", {"device": "k0000000000000000"})
    assert known.status_code == unknown.status_code == 200
    assert len(known.json()["nonce"]) == len(unknown.json()["nonce"])


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    answer = await Handheld(house).enrol(house.code())
    value, *attributes = answer.headers["set-cookie"].split("; ")
    assert value.startswith(f"{COOKIE}=")
    assert len(value) - len(COOKIE) - 1 >= 43, "256 bits"
    assert {a.lower() for a in attributes} == {
        "httponly",
        "secure",
        "samesite=strict",
        "path=/",
        f"max-age={30 * 24 * 3600}",
    }


async def test_a_session_slides_for_as_long_as_the_app_is_opened(house: House) -> None:
    device = await house.device()
    for _ in range(3):
        house.clock.now += 20 * 24 * HOUR
        answer = await device.get("/auth/me")
        assert answer.status_code == 200
        assert "max-age=2592000" in answer.headers["set-cookie"].lower()
    house.clock.now += 30 * 24 * HOUR
    assert error(await device.get("/auth/me")) == "not_signed_in"
