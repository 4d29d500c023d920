"""The product's own app, with all its handlers, as somebody sees it who is not signed in."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from server.app import HANDLERS, create_app
from server.auth.access import dependencies
from server.settings import Settings
from server.store.store import Store
from server.web import local_origins
from tests.stores import sqlite_url
from tests.web.site import HEADERS, ORIGIN, PORT

pytestmark = pytest.mark.anyio

FOLLOWED = {"/t/style.css", "/t/token", "/s/token", "/n/page.js", "/n/worker.js", "/n/token"}
"""For customers with a link; any other link leads to the same page that says there is nothing."""
OPEN = {
    *("/auth/enrol", "/auth/challenge", "/auth/device"),
    *("/pod/signing/look", "/pod/signing/done"),
}
"""Where a browser becomes or proves a device, and where a receiver signs by a secret link;
everything else asks who is there first."""
WATCHED = {"/health"}
"""For whoever watches the site: says whether it works, and nothing about anybody."""
PUBLISHED = {"/.well-known/dockhand-keys.json", "/.well-known/dockhand-verify.html"}
"""For whoever checks evidence: public keys and a verifier, the same for everybody."""


BARE = Litestar(list(HANDLERS), dependencies=dependencies, openapi_config=None)


def routes() -> Iterator[tuple[str, str]]:
    for route in BARE.routes:
        if isinstance(route, HTTPRoute):
            path = route.path_format.replace("{", "").replace("}", "")
            yield from ((method, path) for method in sorted(route.methods - {"OPTIONS"}))


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    store = Store(sqlite_url(tmp_path), tmp_path / "blobs")
    settings = Settings(store.url, store.blobs, local_origins(PORT), static=tmp_path)
    app: Any = create_app(settings, store)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        yield client
    await store.aclose()


@pytest.mark.parametrize(("method", "path"), list(routes()))
async def test_every_route_but_the_three_doors_asks_who_is_there(
    http: httpx.AsyncClient, method: str, path: str
) -> None:
    found = await http.request(method, path, content=b"{}", headers=HEADERS)
    if path in WATCHED:
        assert set(found.json()) == {"ok", "store", "disk", "epoch", "version"}
    elif path in FOLLOWED:
        nothing = {"POST": 400 if path.startswith("/n/") else 403}.get(method, 404)
        assert found.status_code == (200 if path.endswith((".css", ".js")) else nothing)
        return
    elif path in PUBLISHED:
        assert found.status_code == (200 if method in ("GET", "HEAD") else 405)
    elif path in OPEN:
        assert (found.status_code, found.json()["error"]["code"]) == (400, "malformed")
    else:
        assert found.status_code == 401, path
        if method != "HEAD":
            assert found.json()["error"]["code"] == "not_signed_in"
    assert found.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in found.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path"), [r for r in routes() if r[0] not in ("GET", "HEAD", "OPTIONS")]
)
async def test_every_unsafe_route_refuses_another_sites_page(
    http: httpx.AsyncClient, method: str, path: str
) -> None:
    foreign = HEADERS | {"origin": "https://evil.test"}
    found = await http.request(method, path, content=b"{}", headers=foreign)
    assert (found.status_code, found.json()["error"]["code"]) == (403, "foreign_origin")


async def test_a_site_does_not_describe_itself_to_strangers(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/schema/openapi.json")).status_code == 404


async def test_there_is_no_page_of_the_schema_that_loads_scripts_from_elsewhere(
    http: httpx.AsyncClient,
) -> None:
    for path in ("/schema", "/schema/swagger", "/schema/redoc", "/api/schema/swagger"):
        assert "<script" not in (await http.get(path)).text


def test_no_handler_lets_answers_be_shared_from_a_cache() -> None:
    for route in BARE.routes:
        for handler in getattr(route, "route_handlers", []):
            assert handler.cache is False, route.path


async def test_a_page_behind_a_secret_link_is_kept_and_listed_by_nobody(tmp_path: Path) -> None:
    for name in ("index.html", "sign.html"):
        (tmp_path / name).write_text("<!doctype html>", encoding="utf-8")
    store = Store(sqlite_url(tmp_path), tmp_path / "blobs")
    settings = Settings(store.url, store.blobs, local_origins(PORT), static=tmp_path)
    app: Any = create_app(settings, store)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        page, shell = [await client.get(path) for path in ("/sign.html", "/")]
    await store.aclose()
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "x-robots-tag" not in shell.headers
