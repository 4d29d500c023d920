"""Coarse limits in front of everything: paths, and knocking at the doors that need no session.

The counters that protect PINs are in the database (`server.auth.rules`). This one only keeps a
flood from the writer's queue; it is per node, in memory, and lets through what it cannot judge.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from server.web.asgi import App, Receive, Scope, Send
from server.web.errors import refuse

JSON_LIMIT = 256 * 1024
"""Bytes of a JSON body; a route for blobs sets its own `request_max_body_size`."""
PATH_LIMIT = 2_048
KNOCKS = 300
"""At once from one address: a whole shift behind one router starts its handhelds together."""
KNOCKS_PER_SECOND = 10.0
ADDRESSES = 10_000
_DOORS = frozenset(
    {
        "/auth/enrol",
        "/auth/challenge",
        "/auth/device",
        "/auth/signin",
        "/pod/signing/look",
        "/pod/signing/done",
    }
)


def refuse_bad_paths(app: App) -> App:
    """404 for what no file system and no router should ever be asked."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] != "lifespan" else ""
        if len(path) > PATH_LIMIT or "\x00" in path or "\ufffd" in path:
            await refuse(scope, receive, send, "not_found")
        else:
            await app(scope, receive, send)

    return wrapped


class Buckets:
    """A token bucket per address; the least recently seen is forgotten first.

    `at_once` tokens, filled again by `per_second`.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        at_once: float = KNOCKS,
        per_second: float = KNOCKS_PER_SECOND,
    ) -> None:
        self._clock = clock
        self._at_once = at_once
        self._per_second = per_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> bool:
        tokens = self._tokens(address)
        allowed = tokens >= 1
        self._buckets.pop(address, None)
        self._buckets[address] = (tokens - 1 if allowed else tokens, self._clock())
        if len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)
        return allowed

    def is_empty(self, address: str) -> bool:
        return self._tokens(address) < 1

    def _tokens(self, address: str) -> float:
        now = self._clock()
        tokens, at = self._buckets.get(address, (self._at_once, now))
        return min(self._at_once, tokens + (now - at) * self._per_second)


def limit_knocking(app: App, buckets: Buckets | None = None) -> App:
    """429 `wait`, counted whether or not the request succeeds."""
    counted = buckets or Buckets()

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        knocking = scope["type"] == "http" and scope["path"].rstrip("/") in _DOORS
        if knocking and client and not counted.take(str(client[0])):
            await refuse(scope, receive, send, "wait", seconds=5)
        else:
            await app(scope, receive, send)

    return wrapped
