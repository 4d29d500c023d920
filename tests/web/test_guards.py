import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.web import local_origins, origin_allowed
from tests.web.site import HEADERS, INSIDE, ORIGIN, client, served

pytestmark = pytest.mark.anyio

UNSAFE = [
    ("POST", "/items"),
    ("PUT", "/items/a"),
    ("DELETE", "/items/a"),
    ("PATCH", "/blobs/a"),
    ("POST", "/nowhere"),
    ("POST", "/ok"),
]
FOREIGN: list[tuple[str, dict[str, str | None]]] = [
    ("origin", {"origin": None}),
    ("origin", {"origin": "null"}),
    ("origin", {"origin": "http://evil.test"}),
    ("origin", {"origin": "http://localhost:8000.evil.test"}),
    ("origin", {"origin": "http://evil-localhost:8000"}),
    ("origin", {"origin": "https://localhost:8000"}),
    ("origin", {"origin": "http://localhost:8001"}),
    ("origin", {"origin": "http://127.0.0.1:8000"}),
    ("origin", {"origin": "http://rebound.test", "host": "rebound.test"}),
    ("sec-fetch-site", {"sec-fetch-site": "cross-site"}),
    ("sec-fetch-site", {"sec-fetch-site": "same-site"}),
    ("sec-fetch-site", {"sec-fetch-site": "none"}),
    ("x-dockhand", {"x-dockhand": None}),
    ("x-dockhand", {"x-dockhand": "0"}),
    ("content-type", {"content-type": None}),
    ("content-type", {"content-type": "text/plain"}),
    ("content-type", {"content-type": "multipart/form-data; boundary=x"}),
    ("content-type", {"content-type": "application/x-www-form-urlencoded"}),
    ("content-type", {"content-type": "text/plain; application/json"}),
]


@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize(("field", "change"), FOREIGN)
async def test_an_unsafe_request_that_our_page_did_not_make_is_refused_everywhere(
    method: str, path: str, field: str, change: dict[str, str | None]
) -> None:
    headers = {k: v for k, v in {**HEADERS, **change}.items() if v is not None}
    async with client() as http:
        answer = await http.request(method, path, content=b'{"sku":"a"}', headers=headers)
    assert answer.status_code == 403
    assert answer.json() == {"error": {"code": "foreign_origin", "field": field}}


async def test_our_own_page_is_let_through() -> None:
    own = HEADERS | {
        "sec-fetch-site": "same-origin",
        "content-type": "application/json;charset=utf-8",
    }
    async with client() as http:
        assert (await http.post("/items", json={"sku": "a"}, headers=own)).status_code == 200


async def test_two_origins_are_as_bad_as_none() -> None:
    twice = [*HEADERS.items(), ("origin", ORIGIN)]
    async with client() as http:
        assert (await http.post("/items", content=b"{}", headers=twice)).status_code == 403


async def test_bytes_are_taken_for_blobs_and_nowhere_else() -> None:
    raw = HEADERS | {"content-type": "application/offset+octet-stream"}
    async with client() as http:
        taken = await http.patch("/blobs/a", content=b"x" * 300_000, headers=raw)
        assert taken.text == "a 300000"
        assert (await http.post("/items", content=b"{}", headers=raw)).status_code == 403
        assert (await http.put("/blobsy", content=b"{}", headers=raw)).status_code == 403


def test_an_origin_must_be_exactly_ours_and_the_one_that_was_asked() -> None:
    allowed = local_origins(8000)
    assert origin_allowed("http://localhost:8000", "localhost:8000", allowed)
    assert origin_allowed("http://localhost:8000", "LOCALHOST:8000", allowed)
    assert not origin_allowed("http://localhost:8000", "127.0.0.1:8000", allowed)
    assert not origin_allowed(None, "localhost:8000", allowed)
    assert not origin_allowed("", "localhost:8000", allowed)


async def test_a_socket_opens_for_our_page_only() -> None:
    async with served() as port:
        url, own = f"ws://localhost:{port}/socket", f"http://localhost:{port}"
        for origin in (
            None,
            "null",
            "http://evil.test",
            f"http://localhost:{port}.evil.test",
            f"http://evil-localhost:{port}",
            f"http://127.0.0.1:{port}",
            f"https://localhost:{port}",
        ):
            extra = {"Origin": origin} if origin else {}
            with pytest.raises(InvalidStatus) as refused:
                async with connect(url, additional_headers=extra, proxy=None):
                    pass
            assert refused.value.response.status_code == 403, origin
            assert b"foreign_origin" in (refused.value.response.body or b"")
            assert refused.value.response.headers["x-content-type-options"] == "nosniff"
        async with connect(url, additional_headers={"Origin": own}, proxy=None) as socket:
            await socket.send("hello")
            assert await socket.recv() == "hello"


async def test_a_socket_that_fails_closes_without_the_text_of_the_failure() -> None:
    async with served() as port:
        own = {"Origin": f"http://localhost:{port}"}
        url = f"ws://localhost:{port}/socket"
        async with connect(url, additional_headers=own, proxy=None) as socket:
            await socket.send("fail")
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1011, "")
    assert INSIDE not in str(closed.value)
