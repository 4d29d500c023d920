"""`GET /health`: can this node do its work? For whoever watches the site, day and night.

Green is 200 and red 503, each with what was found. Nobody signs in for it, so it names no device,
no person and no address.
"""

import asyncio
import math
import shutil
import time
from collections.abc import Awaitable
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Request, Response, get

from server.kernel.build import BUILD
from server.kernel.errors import Unavailable
from server.store import tables as t
from server.store.blob_files import HEADROOM
from server.store.prepared import INFRASTRUCTURE
from server.store.store import Store
from server.store.tx import Tx

PATIENCE_S = 3.0
"""Longer than any commit takes while the disk and the standby are well."""
REWOUND_MS = 10 * 60_000
"""A device that knows more than the database asks again each minute: ten were not there."""
FRESH_S = 1.0
SERVICE_UNAVAILABLE = 503


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """`store`: `ok`, `cannot_read`, `cannot_write`, or `rewound` (an older database was put back
    without `dockhand restore`). `disk`: `ok`, or `full` when no more photos are taken."""

    ok: bool
    store: str
    disk: str
    epoch: str
    version: str


class Watch:
    """Looks at most once in `FRESH_S`, however many ask: each look is a commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._one_at_a_time = asyncio.Lock()
        self._looked_at = -math.inf
        self._found: Health | None = None

    async def look(self) -> Health:
        async with self._one_at_a_time:
            if self._found is None or time.monotonic() - self._looked_at > FRESH_S:
                self._found = await examine(self._store)
                self._looked_at = time.monotonic()
            return self._found


@get("/health")
async def health(request: Request[Any, Any, Any]) -> Response[Health]:
    watch: Watch = request.app.state.watch
    found = await watch.look()
    return Response(found, status_code=200 if found.ok else SERVICE_UNAVAILABLE)


async def examine(store: Store) -> Health:
    """Try what the work needs: a read, a commit, room on the disk."""
    parts = (await _store(store), _disk(store))
    return Health(
        ok=parts == ("ok", "ok"),
        store=parts[0],
        disk=parts[1],
        epoch=store.epoch,
        version=BUILD,
    )


async def _store(store: Store) -> str:
    if not await _works(store.read(lambda conn: conn.execute(_READ).all())):
        return "cannot_read"
    if not await _works(store.run(_write)):
        return "cannot_write"
    recent = store.clock() - REWOUND_MS
    return "rewound" if any(at > recent for at in store.rewound.values()) else "ok"


_READ = sa.select(t.site_clock.c.site, t.site_clock.c.ver)
_WRITE = sa.text(
    "INSERT INTO meta (name, value) VALUES ('health', :now)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def _write(tx: Tx) -> None:
    """A row of its own: an empty commit would succeed on a full disk, and without the standby."""
    tx.conn.execute(_WRITE, {"now": str(tx.now)})


async def _works(attempt: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await attempt
    except (TimeoutError, Unavailable, *INFRASTRUCTURE):
        return False
    return True


def _disk(store: Store) -> str:
    return "ok" if shutil.disk_usage(store.blobs).free >= HEADROOM else "full"
