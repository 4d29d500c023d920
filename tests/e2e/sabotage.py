"""Protections taken out, one at a time: a test under fire must go red without the one it proves.

Scripts go into the page before the app starts. As a program (`-m tests.e2e.sabotage NAME …`) it is
the server of `tests.serving` with that protection missing.
"""

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

PATIENT_FOR_EVER = """
  const real = window.setTimeout;
  window.setTimeout = (act, ms, ...rest) =>
    ms === 15_000 || ms === 20_000 ? 0 : real(act, ms, ...rest);
  AbortSignal.timeout = () => new AbortController().signal;
"""
"""Neither silence nor an answer that does not come is ever given up."""

DONE_BEFORE_THE_DISK = """
  const real = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const tx = real.call(this, stores, mode, options);
    if (mode !== "readwrite" || ![...stores].includes("ops")) return tx;
    const until = performance.now() + 3_000;
    const stay = () => {
      if (performance.now() < until) tx.objectStore("ops").count().onsuccess = stay;
    };
    stay();
    setTimeout(() => tx.dispatchEvent(new Event("complete")), 100);
    return tx;
  };
"""
"""`complete` is said of a write that is still under way, as a store that saves when idle does."""


def without_dedupe() -> None:
    """Every push is taken as if it were the first."""
    import sqlalchemy as sa

    from server.sync import exchange

    real = exchange.push

    def forgetful(tx: Any, device_id: str, frame: Any) -> int:
        if frame.ops:
            first = {"d": device_id, "n": frame.ops[0].n}
            tx.conn.execute(sa.text("DELETE FROM op WHERE device = :d AND n >= :n"), first)
            tx.conn.execute(sa.text("UPDATE device SET last_n = :n - 1 WHERE id = :d"), first)
        return real(tx, device_id, frame)

    exchange.push = forgetful


def without_resume() -> None:
    """What arrived of a blob is dropped when its sender asks how far it came."""
    import msgspec

    from server.store import blob_files, blobs
    from server.sync import blobs_api

    async def forgetful(store: Any, site: str, sha256: str) -> Any:
        found = await blobs.look(store, site, sha256)
        if found is None or found.state != blobs.PARTIAL:
            return found
        blob_files.begin(blobs.file_of(store, site, sha256))
        return msgspec.structs.replace(found, have=0)

    vars(blobs_api)["blobs"] = SimpleNamespace(**(vars(blobs) | {"look": forgetful}))


MISSING: dict[str, Callable[[], None]] = {"dedupe": without_dedupe, "resume": without_resume}


if __name__ == "__main__":
    from tests.serving import main

    MISSING[sys.argv.pop(1)]()
    main()
