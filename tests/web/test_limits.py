import pytest

from server.web import WebSettings, local_origins, refuse_debug
from server.web.limits import KNOCKS, KNOCKS_PER_SECOND, Buckets, limit_knocking
from tests.web.site import HEADERS, client, make_app

pytestmark = pytest.mark.anyio


def test_an_address_may_knock_in_a_burst_and_then_steadily() -> None:
    now = [0.0]
    buckets = Buckets(lambda: now[0])
    assert sum(buckets.take("1.2.3.4") for _ in range(KNOCKS * 3)) == KNOCKS
    assert buckets.take("5.6.7.8")
    now[0] += 3
    assert sum(buckets.take("1.2.3.4") for _ in range(1_000)) == 3 * KNOCKS_PER_SECOND


def test_the_memory_of_addresses_is_bounded() -> None:
    buckets = Buckets(lambda: 0.0)
    for n in range(12_000):
        buckets.take(str(n))
    assert len(buckets._buckets) == 10_000


@pytest.mark.parametrize("door", ["/auth/enrol", "/pod/signing/look", "/pod/signing/done"])
async def test_knocking_is_counted_though_it_fails_and_other_work_goes_on(door: str) -> None:
    stopped = limit_knocking(make_app(), Buckets(lambda: 0.0))
    async with client(stopped) as http:
        for _ in range(KNOCKS):
            assert (await http.post(door, content=b"{}", headers=HEADERS)).status_code == 404
        refused = await http.post(door, content=b"{}", headers=HEADERS)
        assert refused.status_code == 429
        assert refused.json()["error"] == {"code": "wait", "data": {"seconds": 5}}
        assert refused.headers["retry-after"] == "5"
        assert (await http.post("/items", json={"sku": "a"}, headers=HEADERS)).status_code == 200


def test_the_server_does_not_start_with_debug_answers() -> None:
    with pytest.raises(SystemExit):
        refuse_debug({"LITESTAR_DEBUG": "0"}, developing=False)
    refuse_debug({"LITESTAR_DEBUG": "1"}, developing=True)
    refuse_debug({}, developing=False)


def test_settings_name_origins_exactly() -> None:
    assert WebSettings(local_origins(80, "https")).origins == {
        "https://localhost:80",
        "https://127.0.0.1:80",
        "https://[::1]:80",
    }
