from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from server.kernel.errors import CODES, Unavailable
from server.web.errors import STATUS, answer
from tests.web.site import HEADERS, client

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("bug", 500, "internal"),
        ("busy", 503, "busy"),
        ("framework", 503, "busy"),
        ("refusal", 409, "stale"),
        ("protocol", 409, "fork"),
        ("deep", 400, "malformed"),
    ],
)
async def test_an_exception_becomes_a_code_and_its_text_stays_inside(
    how: str, status: int, code: str
) -> None:
    async with client() as http:
        found = await http.get(f"/fail/{how}")
    assert (found.status_code, found.json()["error"]["code"]) == (status, code)
    assert "hunter2" not in found.text
    assert "Traceback" not in found.text


async def test_a_refusal_says_the_field_a_bounded_value_and_its_data() -> None:
    async with client() as http:
        error = (await http.get("/fail/refusal")).json()["error"]
    assert error == {"code": "stale", "field": "task", "value": "x" * 200, "data": {"expects": 4}}


async def test_busy_says_when_to_come_again() -> None:
    async with client() as http:
        assert (await http.get("/fail/busy")).headers["retry-after"] == "1"


def test_trouble_of_the_database_is_busy_and_never_a_500() -> None:
    locked = OperationalError("SELECT 1", {}, sa.exc.SQLAlchemyError("database is locked"))
    assert [answer(e).status_code for e in (locked, Unavailable("disk full"))] == [503, 503]


def test_every_status_belongs_to_a_code_that_a_person_may_be_shown() -> None:
    import server.auth.people  # noqa: F401  declares codes of its own

    assert set(STATUS) <= CODES


BAD_BODIES: list[tuple[str, bytes]] = [
    ("empty", b""),
    ("half", b'{"sku": "a"'),
    ("no json", b"\x00\x01\x02"),
    ("not utf-8", b'{"sku": "\xff\xfe"}'),
    ("lone surrogate", b'{"sku": "\\ud800"}'),
    ("raw surrogate", b'{"sku": "\xed\xa0\x80"}'),
    ("utf-16", '{"sku": "a"}'.encode("utf-16")),
    ("deep arrays", b'{"sku":"a","more":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    ("deep objects", b'{"sku":"a","more":' + b'{"a":' * 40_000 + b"1" + b"}" * 40_000 + b"}"),
    ("huge number", b'{"sku":"a","qty":' + b"9" * 5_000 + b"}"),
    ("infinite", b'{"sku":"a","qty":1e999}'),
    ("float", b'{"sku":"a","qty":1.5}'),
    ("too many", b'{"sku":"a","qty":101}'),
    ("too long", b'{"sku":"' + b"x" * 10_240 + b'"}'),
    ("wrong type", b'{"sku":7}'),
    ("unknown field", b'{"sku":"a","role":"admin"}'),
    ("array", b"[]"),
    ("null", b"null"),
]


@pytest.mark.parametrize(("name", "body"), BAD_BODIES, ids=[n for n, _ in BAD_BODIES])
async def test_bad_json_is_malformed_and_never_a_500(name: str, body: bytes) -> None:
    async with client() as http:
        found = await http.post("/items", content=body, headers=HEADERS)
        assert (found.status_code, found.json()["error"]["code"]) == (400, "malformed"), name
        assert (await http.post("/items", json={"sku": "a"}, headers=HEADERS)).status_code == 200


async def test_a_wrong_field_is_named_with_what_would_be_right() -> None:
    async with client() as http:
        found = await http.post("/items", content=b'{"sku":"a","qty":101}', headers=HEADERS)
    error = found.json()["error"]
    assert error["field"] == "qty"
    assert "100" in error["mend"]


async def test_a_body_over_the_limit_is_too_large_however_it_is_sent() -> None:
    big = msgspec.json.encode({"sku": "a", "more": "x" * (256 * 1024)})

    async def drip() -> Any:
        for at in range(0, len(big), 50_000):
            yield big[at : at + 50_000]

    async with client() as http:
        for content in (big, drip()):
            found = await http.post("/items", content=content, headers=HEADERS)
            assert (found.status_code, found.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/items/%00",
        "/ok%00.html",
        "/" + "a" * 5_000,
        "/%ff%fe",
        "/%ed%a0%80",
        "/../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..\\..\\windows",
        "/ok/../../x",
        "/%c0%ae%c0%ae/",
    ],
)
async def test_odd_paths_are_not_found_and_show_nothing_of_this_machine(path: str) -> None:
    async with client() as http:
        found = await http.get(path)
    assert (found.status_code, found.json()["error"]["code"]) == (404, "not_found")
    assert str(Path.cwd()) not in found.text


@pytest.mark.parametrize("query", ["%ff", "a=%00", "a=%ed%a0%80", "&&&=&=%", "a=" + "x" * 9_000])
async def test_odd_queries_do_no_harm(query: str) -> None:
    async with client() as http:
        assert (await http.get(f"/ok?{query}")).status_code == 200


async def test_a_wrong_method_is_told_which_are_right() -> None:
    async with client() as http:
        found = await http.delete("/items", headers=HEADERS)
    assert found.status_code == 405
    assert "POST" in found.headers["allow"]
