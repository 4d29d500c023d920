"""The product's app over ASGI, asked by enrolled browsers with people signed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from server.app import create_app
from server.auth.sessions import COOKIE, open_session
from server.auth.tables import grant, person
from server.settings import Settings
from server.store import tables as t
from server.store.store import Store
from server.store.tx import Tx
from server.web import local_origins

ORIGIN = "http://localhost:8000"


@dataclass
class Browser:
    """A device of `site` with one person of `role` signed in."""

    http: httpx.AsyncClient
    cookie: str
    sid: str
    device: str

    async def ask(
        self, method: str, path: str, content: bytes = b"", signed: bool = True, **headers: str
    ) -> httpx.Response:
        sent = {"cookie": self.cookie, "origin": ORIGIN, "x-dockhand": "1"}
        if signed:
            sent["x-sid"] = self.sid
        sent["content-type"] = "application/offset+octet-stream"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.request(method, path, content=content, headers=sent)


@dataclass
class Asked:
    store: Store
    http: httpx.AsyncClient
    app: Any
    count: int = 0

    def browser(self, role: str, site: str = "main", device: str = "") -> Browser:
        """`device`: one that is enrolled and signed in already."""
        if device:
            sid = f"sid-{device}"
        else:
            self.count += 1
            device, sid = f"b{self.count}", f"s{self.count}"
            self.store.run_sync(lambda tx: _sign_in(tx, device, sid, role, site))
        token = self.store.run_sync(lambda tx: open_session(tx, device))
        return Browser(self.http, f"{COOKIE}={token}", sid, device)


def _sign_in(tx: Tx, device: str, sid: str, role: str, site: str) -> None:
    who = f"p-{device}"
    tx.conn.execute(
        sa.insert(t.device).values(id=device, site=site, name=device, enrolled_at=tx.now)
    )
    tx.conn.execute(
        sa.insert(person).values(
            id=who, site=site, name=who.title(), badge=f"B-{who}", role=role, pin_hash=""
        )
    )
    tx.conn.execute(
        sa.insert(grant).values(
            sid=sid,
            device=device,
            person=who,
            role=role,
            site=site,
            issued_at=tx.now,
            expires_at=tx.now + 10**9,
        )
    )


@asynccontextmanager
async def asking(store: Store, folder: Path) -> AsyncIterator[Asked]:
    settings = Settings(store.url, store.blobs, local_origins(8000), static=folder)
    app: Any = create_app(settings, store)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        yield Asked(store, http, app)


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])
