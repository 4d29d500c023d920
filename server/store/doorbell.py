"""Telling the other nodes that a site has changed: `NOTIFY` after the commit, on connections of its
own.

It only makes things sooner. What it loses, by a cut or while it connects again, the hub's look at
the clock each second finds. Inside the committing transaction, NOTIFY would take a lock that all
commits of the database share: 347 commits/s instead of 4,590.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection

import psycopg

from server.store.engines import connection_options

CHANNEL = "dockhand"
COALESCE_S = 0.02
PAYLOAD_BYTES = 7_000
"""PostgreSQL takes less than 8,000."""
AGAIN_S, AGAIN_AT_MOST_S = 0.1, 5.0
LOOK_UP_S = 0.5
"""How often the listening thread sees whether it should end."""

_log = logging.getLogger(__name__)

Heard = Callable[[Collection[str]], None]


class Doorbell:
    """One of a node: rings for its own commits, and hears those of the others."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._due: set[str] = set()
        self._rung = threading.Event()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._threads: dict[str, threading.Thread] = {}
        self._own_backend = 0

    def ring(self, sites: Collection[str]) -> None:
        """Returns at once; the other nodes hear of these sites some 20 ms later."""
        with self._lock:
            self._due.update(sites)
        self._start("ring", self._ring_on)
        self._rung.set()

    def listen(self, heard: Heard) -> None:
        """`heard` is called on a thread with the sites that other nodes have changed."""
        self._start("listen", lambda: self._listen_on(heard))

    def close(self) -> None:
        self._closed.set()
        self._rung.set()
        for thread in self._threads.values():
            thread.join(timeout=2)

    def _start(self, name: str, work: Callable[[], None]) -> None:
        with self._lock:
            if name in self._threads or self._closed.is_set():
                return
            thread = threading.Thread(target=work, name=f"doorbell-{name}", daemon=True)
            self._threads[name] = thread
        thread.start()

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            autocommit=True,
            **connection_options(self._url) | {"application_name": "dockhand-doorbell"},
        )

    def _ring_on(self) -> None:
        def ring_until_closed() -> None:
            with self._connect() as conn:
                self._own_backend = conn.info.backend_pid
                while not self._closed.is_set():
                    self._rung.wait()
                    self._closed.wait(COALESCE_S)
                    self._rung.clear()
                    self._ring_for_all_due(conn)

        self._until_closed(ring_until_closed)

    def _ring_for_all_due(self, conn: "psycopg.Connection[tuple[object, ...]]") -> None:
        """What could not be told stays due for the next connection."""
        with self._lock:
            due, self._due = self._due, set()
        try:
            _notify(conn, due)
        except psycopg.Error:
            self.ring(due)
            raise

    def _listen_on(self, heard: Heard) -> None:
        def listen_until_closed() -> None:
            with self._connect() as conn:
                conn.execute(f"LISTEN {CHANNEL}")
                while not self._closed.is_set():
                    for notice in conn.notifies(timeout=LOOK_UP_S):
                        if notice.pid != self._own_backend:
                            heard(notice.payload.split("\n"))

        self._until_closed(listen_until_closed)

    def _until_closed(self, work: Callable[[], None]) -> None:
        """Again and again, however often the connection is lost; a server that is away is asked
        ever less often."""
        wait = AGAIN_S
        while not self._closed.is_set():
            began = time.monotonic()
            try:
                work()
            except psycopg.Error as trouble:
                _log.warning("doorbell lost (%s): connecting again", type(trouble).__name__)
                lasted = time.monotonic() - began
                wait = AGAIN_S if lasted > AGAIN_AT_MOST_S else min(AGAIN_AT_MOST_S, wait * 2)
                self._closed.wait(wait)


def _notify(conn: "psycopg.Connection[tuple[object, ...]]", sites: Collection[str]) -> None:
    payload = ""
    for site in sorted(sites):
        if payload and len(payload) + len(site) > PAYLOAD_BYTES:
            _send(conn, payload)
            payload = ""
        payload += f"\n{site}" if payload else site
    if payload:
        _send(conn, payload)


def _send(conn: "psycopg.Connection[tuple[object, ...]]", payload: str) -> None:
    conn.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
