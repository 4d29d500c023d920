"""A server with real tables and real keys, asked over ASGI; its clock is moved by hand."""

import base64
from pathlib import Path
from typing import Any

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from litestar import Litestar, get

from server.auth import enrol, people, pins
from server.auth.access import ByGrant, dependencies, require
from server.auth.api import router
from server.auth.live import Live
from server.auth.sessions import COOKIE
from server.kernel.values import Role
from server.store.store import Store
from server.web import JSON_LIMIT, WebSettings, exception_handlers, local_origins, wrap
from tests.stores import sqlite_url

PORT = 8000
ORIGIN = f"http://localhost:{PORT}"
HEADERS = {"origin": ORIGIN, "x-dockhand": "1", "content-type": "application/json"}
START = 1_795_000_000_000
MINUTE = 60_000
HOUR = 60 * MINUTE
PIN = "493027"
PIN_HASH = pins.hash_pin(PIN)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


@get("/guarded", guards=[require(Role.SUPERVISOR)])
async def guarded(grant: ByGrant) -> dict[str, str]:
    return {"person": grant.person, "site": grant.site}


@get("/boom", sync_to_thread=False)
def boom() -> None:
    raise RuntimeError("postgresql://dockhand:hunter2@db/live")


class House:
    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.clock = Clock()
        self.store = Store(url or sqlite_url(folder), folder / "blobs", self.clock)
        self.live = Live()
        app = Litestar(
            [router, guarded, boom],
            dependencies=dependencies,
            exception_handlers=exception_handlers,
            request_max_body_size=JSON_LIMIT,
            openapi_config=None,
        )
        app.state.store, app.state.live = self.store, self.live
        self.app = wrap(app, WebSettings(local_origins(PORT)))
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url=ORIGIN,
            headers=HEADERS,
        )

    def person(self, badge: str = "B-1001", role: Role = Role.PICKER, site: str = "main") -> str:
        return self.store.run_sync(
            lambda tx: people.add_person(
                tx, site=site, name=f"Name of {badge}", badge=badge, role=role, pin_hash=PIN_HASH
            )
        )

    def code(self, site: str = "main") -> str:
        return self.store.run_sync(lambda tx: enrol.make_code(tx, site=site, made_by="test"))[0]

    async def device(self, site: str = "main") -> "Handheld":
        handheld = Handheld(self)
        answer = await handheld.enrol(self.code(site))
        assert answer.status_code == 200, answer.text
        return handheld

    async def close(self) -> None:
        await self.http.aclose()
        await self.store.aclose()


class Handheld:
    """A browser: a key, a cookie jar of one, and what it was told."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = ""
        self.cookie: str | None = None
        self.sid: str | None = None

    def jwk(self) -> dict[str, Any]:
        point = self.key.public_key().public_numbers()
        x, y = (_b64(n.to_bytes(32)) for n in (point.x, point.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "ext": True, "key_ops": ["verify"]}

    def sign(self, nonce: str) -> str:
        der = self.key.sign(f"dockhand-device:{nonce}".encode(), ec.ECDSA(SHA256()))
        r, s = utils.decode_dss_signature(der)
        return _b64(r.to_bytes(32) + s.to_bytes(32))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        found = dict(more)
        if self.cookie is not None:
            found["cookie"] = f"{COOKIE}={self.cookie}"
        if self.sid is not None:
            found.setdefault("x-sid", self.sid)
        return found

    def _keep(self, answer: httpx.Response) -> httpx.Response:
        self.house.http.cookies.clear()
        value = answer.cookies.get(COOKIE)
        self.cookie = value or self.cookie
        return answer

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        content = msgspec.json.encode(body)
        sent = self.house.http.post(path, content=content, headers=self._headers(headers))
        return self._keep(await sent)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return self._keep(await self.house.http.get(path, headers=self._headers(headers)))

    async def enrol(self, code: str) -> httpx.Response:
        body = {"code": code, "name": "Zebra 4", "key": self.jwk()}
        answer = await self.post("/auth/enrol", body)
        if answer.status_code == 200:
            self.id = answer.json()["device"]
        return answer

    async def nonce(self) -> str:
        return str((await self.post("/auth/challenge", {"device": self.id})).json()["nonce"])

    async def prove(self, nonce: str, signature: str) -> httpx.Response:
        body = {"device": self.id, "nonce": nonce, "signature": signature}
        return await self.post("/auth/device", body)

    async def sign_in(self, badge: str = "B-1001", pin: str = PIN) -> httpx.Response:
        answer = await self.post("/auth/signin", {"badge": badge, "pin": pin})
        if answer.status_code == 200:
            self.sid = answer.json()["sid"]
        return answer


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def error(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])
