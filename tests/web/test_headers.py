import httpx
import pytest

from tests.web.site import HEADERS, client

pytestmark = pytest.mark.anyio

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'; trusted-types dockhand"
)


def check(answer: httpx.Response) -> None:
    assert answer.headers.get_list("content-security-policy") == [POLICY]
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    allowed = answer.headers["permissions-policy"]
    assert "camera=(self), geolocation=(self), microphone=(self)" in allowed


@pytest.mark.parametrize(
    ("status", "method", "path", "body"),
    [
        (200, "GET", "/ok", b""),
        (405, "HEAD", "/ok", b""),
        (204, "OPTIONS", "/ok", b""),
        (404, "GET", "/nowhere", b""),
        (405, "POST", "/ok", b"{}"),
        (405, "DELETE", "/items", b"{}"),
        (400, "POST", "/items", b"{"),
        (413, "POST", "/items", b'{"sku": "' + b"x" * 300_000 + b'"}'),
        (409, "GET", "/fail/refusal", b""),
        (500, "GET", "/fail/bug", b""),
        (503, "GET", "/fail/busy", b""),
        (404, "GET", "/%00", b""),
    ],
)
async def test_every_answer_carries_the_security_headers_and_is_never_stored(
    status: int, method: str, path: str, body: bytes
) -> None:
    async with client() as http:
        answer = await http.request(method, path, content=body, headers=HEADERS)
    assert answer.status_code == status
    check(answer)
    assert answer.headers.get_list("cache-control") == ["no-store"]


async def test_a_refused_foreigner_gets_them_too() -> None:
    async with client() as http:
        answer = await http.post("/items", content=b"{}", headers={"origin": "http://evil.test"})
    assert answer.status_code == 403
    check(answer)


async def test_only_a_handler_that_says_so_lets_an_answer_be_stored() -> None:
    async with client() as http:
        answer = await http.get("/asset")
    assert answer.headers.get_list("cache-control") == ["public, immutable"]
    check(answer)


async def test_hsts_is_sent_over_tls_and_only_there() -> None:
    async with client() as http:
        assert "strict-transport-security" not in (await http.get("/ok")).headers
    async with client(origin="https://localhost:8000") as http:
        answer = await http.get("/ok")
    age = answer.headers["strict-transport-security"].removeprefix("max-age=")
    assert int(age) >= 365 * 24 * 3600
