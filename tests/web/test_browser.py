"""What only a real browser can show: which origins it sends, what it does with the cookie, and that
WebCrypto's key and signature are the ones the server takes."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, async_playwright

from server.app import create_app
from server.auth.enrol import make_code
from server.auth.people import add_person
from server.auth.pins import hash_pin
from server.kernel.values import Role
from server.settings import Settings
from server.store.store import Store
from server.web import local_origins
from tests.stores import sqlite_url

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
PIN = "493027"

POST = """async ([path, body]) => {
  const answer = await fetch(path, {method: "POST", body: JSON.stringify(body),
    headers: {"content-type": "application/json", "x-dockhand": "1"}});
  return [answer.status, await answer.json()];
}"""
ENROL = """async ([code, badge, pin]) => {
  const post = async (path, body) => {
    const answer = await fetch(path, {method: "POST", body: JSON.stringify(body),
      headers: {"content-type": "application/json", "x-dockhand": "1"}});
    return {status: answer.status, ...await answer.json()};
  };
  const pair = await crypto.subtle.generateKey(
    {name: "ECDSA", namedCurve: "P-256"}, false, ["sign", "verify"]);
  const key = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const {device} = await post("/auth/enrol", {code, name: "Chromium", key});
  const {nonce} = await post("/auth/challenge", {device});
  const raw = await crypto.subtle.sign({name: "ECDSA", hash: "SHA-256"}, pair.privateKey,
    new TextEncoder().encode("dockhand-device:" + nonce));
  const signature = btoa(String.fromCharCode(...new Uint8Array(raw)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return [await post("/auth/device", {device, nonce, signature}),
    await post("/auth/signin", {badge, pin}),
    await (await fetch("/auth/me")).json(), device];
}"""
FOREIGN_POST = """async url => {
  await fetch(url, {method: "POST", mode: "no-cors", body: "{}", credentials: "include"});
}"""
OPEN_SOCKET = """url => new Promise(done => {
  const socket = new WebSocket(url);
  socket.onopen = () => { socket.close(); done("open"); };
  socket.onerror = () => done("refused");
})"""


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[tuple[str, Store]]:
    store = Store(sqlite_url(tmp_path), tmp_path / "blobs")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = int(listening.getsockname()[1])
        settings = Settings(store.url, store.blobs, local_origins(port), static=tmp_path)
        app: Any = create_app(settings, store)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="websockets-sansio"))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"localhost:{port}", store
        server.should_exit = True
        await running


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on PATH")
    async with async_playwright() as play:
        launched = await play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest.fixture
async def evil() -> AsyncIterator[str]:
    """A page of another origin, without a policy of its own that would stop it by itself."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        page = b"<p>evil"
        head = f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(page)}"
        writer.write(head.encode() + b"\r\nconnection: close\r\n\r\n" + page)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    server.close()


async def test_a_browser_enrols_proves_its_key_and_signs_a_person_in(
    site: tuple[str, Store], browser: Browser
) -> None:
    host, store = site
    pin_hash = hash_pin(PIN)
    code, _ = await store.run(lambda tx: make_code(tx, site="main", made_by="test"))
    await store.run(
        lambda tx: add_person(
            tx, site="main", name="Ana", badge="B-1", role=Role.PICKER, pin_hash=pin_hash
        )
    )
    page = await browser.new_page()
    await page.goto(f"http://{host}/")
    proved, grant, me, device = await page.evaluate(ENROL, [code, "B-1", PIN])
    assert proved == {"status": 200, "ok": True}
    assert (grant["status"], grant["name"], grant["role"]) == (200, "Ana", "picker")
    assert me["device"] == device
    assert await page.evaluate("document.cookie") == ""
    kept = await page.context.cookies()
    assert [(c["name"], c["httpOnly"], c["secure"], c["sameSite"]) for c in kept] == [
        ("__Host-dockhand", True, True, "Strict")
    ]
    assert await page.evaluate(OPEN_SOCKET, f"ws://{host}/sync") == "open"


async def test_another_origin_can_neither_post_nor_open_a_socket(
    site: tuple[str, Store], browser: Browser, evil: str
) -> None:
    host, store = site
    code, _ = await store.run(lambda tx: make_code(tx, site="main", made_by="test"))
    context = await browser.new_context()
    page, foreign = await context.new_page(), await context.new_page()
    await page.goto(f"http://{host}/")
    await page.evaluate(ENROL, [code, "B-1", PIN])
    assert (await page.evaluate(POST, ["/auth/signout", {"sid": "s1"}]))[0] == 200

    await foreign.goto(evil)
    async with foreign.expect_response(f"http://{host}/auth/signout") as answered:
        await foreign.evaluate(FOREIGN_POST, f"http://{host}/auth/signout")
    assert (await answered.value).status == 403
    assert await foreign.evaluate(OPEN_SOCKET, f"ws://{host}/sync") == "refused"
