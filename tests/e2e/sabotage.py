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


DEAF_WHILE_SAVING = """
  let saving = 0;
  const real = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const tx = real.call(this, stores, mode, options);
    if (mode !== "readwrite" || [stores].flat().join() !== "meta,ops") return tx;
    saving += 1;
    tx.addEventListener("complete", () => setTimeout(() => { saving -= 1; }, 50));
    return tx;
  };
  addEventListener("keydown", key => {
    if (!saving) return;
    key.preventDefault();
    key.stopImmediatePropagation();
  }, true);
"""
"""What is scanned while the last scan is being saved is not heard."""

WAITS_FOR_THE_NETWORK = """
  const slot = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "oncomplete");
  Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
    set(listener) {
      const asks = this.mode === "readwrite" && [...this.objectStoreNames].includes("ops");
      const later = async event => {
        await fetch("/health").catch(() => null);
        listener(event);
      };
      slot.set.call(this, asks ? later : listener);
    },
  });
"""
"""Nothing turns green before the server has been asked."""

FAILURE_IS_DONE = """
  const slots = Object.getOwnPropertyDescriptors(IDBTransaction.prototype);
  const ours = tx => [...tx.objectStoreNames].includes("ops");
  Object.defineProperty(IDBTransaction.prototype, "onabort", {
    set(listener) { if (!ours(this)) slots.onabort.set.call(this, listener); },
  });
  Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
    set(listener) {
      slots.oncomplete.set.call(this, listener);
      if (ours(this)) this.addEventListener("abort", listener);
    },
  });
"""
"""However a write ends, it was done."""

NUMBERS_BEGIN_AGAIN = """
  const real = IDBDatabase.prototype.createObjectStore;
  IDBDatabase.prototype.createObjectStore = function (name, options) {
    const store = real.call(this, name, options);
    if (name === "meta") store.put(1, "next_n");
    return store;
  };
"""
"""An empty disk looks like a new one."""

STORAGE_IS_BROKEN = """
  const real = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (name, version) {
    if (name === "dockhand" && localStorage.getItem("broken"))
      throw new DOMException("Internal error opening backing store.", "UnknownError");
    return real.call(this, name, version);
  };
"""
"""No protection: the fault itself, as long as the page's storage says so."""

BROKEN_IS_NEW = """
  const before = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (name, version) {
    try {
      return before.call(this, name, version);
    } catch {
      localStorage.removeItem("broken");
      this.deleteDatabase(name);
      return before.call(this, name, version);
    }
  };
"""
"""A database that does not open is made anew."""

NO_LOCKS = """
  Object.defineProperty(Navigator.prototype, "locks", {value: undefined});
"""
"""Every tab believes that it is the only one."""

OLD_WORK_UNREAD = """
  const real = IDBObjectStore.prototype.getAll;
  IDBObjectStore.prototype.getAll = function (...what) {
    return this.name === "ops" ? real.call(this, IDBKeyRange.only(-1)) : real.apply(this, what);
  };
"""
"""What another build has queued is no concern of this one."""


WIPED_BY_ROTATION = """
  addEventListener("resize", () => {
    for (const button of document.querySelectorAll(".signature button")) button.click();
  });
"""
"""A pad that is made anew for its new size, as most are."""

DRAFTS_IN_MEMORY = """
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    const draft = this.name === "meta" && String(key).startsWith("draft");
    return real.call(this, value, draft ? "nowhere" : key);
  };
"""
"""What is entered at a door is on the screen, and on the disk once it is done."""

PHOTOS_IN_MEMORY = """
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    return real.call(this, value, this.name === "bytes" ? "nowhere" : key);
  };
"""
"""The bytes of photos are kept by the page alone."""

POSITION_SWALLOWED = """
  Geolocation.prototype.watchPosition = () => 1;
  Geolocation.prototype.getCurrentPosition = () => undefined;
"""
"""Nobody is told where the device is."""

REFUSAL_UNTOLD = """
  for (const ask of ["watchPosition", "getCurrentPosition"]) {
    const real = Geolocation.prototype[ask];
    Geolocation.prototype[ask] = function (take) {
      return real.call(this, take, () => undefined);
    };
  }
"""
"""A place that may not be known is waited for, as if it were still to come."""

AS_THE_CAMERA_MADE_IT = """
  const real = createImageBitmap;
  let taken = null;
  window.createImageBitmap = (source, ...rest) => {
    if (source instanceof Blob) taken = source;
    return real(source, ...rest);
  };
  const drawn = HTMLCanvasElement.prototype.toBlob;
  HTMLCanvasElement.prototype.toBlob = function (done, ...rest) {
    return taken ? done(taken) : drawn.call(this, done, ...rest);
  };
"""
"""A photo is kept with all that the camera wrote into it."""


NOTHING_BY_ITSELF = """
  window.WebSocket = class { static OPEN = 1; close() {} };
  const real = window.setTimeout;
  window.setTimeout = (act, ms, ...rest) =>
    ms === 5_000 || ms === 15_000 ? 0 : real(act, ms, ...rest);
"""
"""No socket opens and nobody asks in its place: a screen has what it got when it asked last."""


def without_dedupe() -> None:
    """Every push is taken as if it were the first."""
    import sqlalchemy as sa

    from server.sync import exchange

    real = exchange.push

    def forgetful(tx: Any, device_id: str, frame: Any) -> exchange.Pushed:
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


def without_names() -> None:
    """Work counts for whoever sends it, not for whoever did it."""
    import msgspec

    from server.sync import exchange

    real = exchange.push

    def theirs(tx: Any, device_id: str, frame: Any) -> exchange.Pushed:
        ops = [msgspec.structs.replace(e, sid=frame.sid) for e in frame.ops]
        return real(tx, device_id, msgspec.structs.replace(frame, ops=ops))

    exchange.push = theirs


def without_words() -> None:
    """What goes otherwise than was meant is written down and told to nobody."""
    from server.floor import discrepancies
    from server.store import dispatch

    vars(dispatch)["_set_aside"] = lambda *_: None
    vars(discrepancies)["open_one"] = lambda *_, **__: ""


def without_facts() -> None:
    """A pick counts only while the task is the picker's own."""
    import sqlalchemy as sa

    from server.kernel.errors import Refusal
    from server.kernel.ops import REGISTRY, Operation

    known = REGISTRY["picking.confirm_pick", 1]

    def only_the_holder(op: Any, ctx: Any) -> None:
        held_by = sa.text("SELECT assignee FROM task WHERE id = :t")
        if ctx.conn.execute(held_by, {"t": op.task}).scalar() != ctx.person:
            raise Refusal("taken_by_other")
        known.handle(op, ctx)

    REGISTRY["picking.confirm_pick", 1] = Operation(
        known.name, known.version, known.kind, known.roles, known.args, only_the_holder
    )


def without_quarantine() -> None:
    """Whoever was once allowed is allowed."""
    import dataclasses

    from server.sync.caller import Caller

    real = Caller.who
    Caller.who = lambda *given: dataclasses.replace(real(*given), revoked=False)  # type: ignore[method-assign]


def without_evidence_later() -> None:
    """An operation is taken only when its photos are there."""
    import msgspec
    import sqlalchemy as sa

    from server.sync import exchange

    real = exchange.push

    def complete(tx: Any, e: Any) -> bool:
        found = sa.text("SELECT COUNT(*) FROM blob WHERE state = 'complete' AND sha256 = :s")
        names = [ref.removeprefix("sha256:") for ref in e.refs]
        return all(tx.conn.execute(found, {"s": name}).scalar() for name in names)

    def push(tx: Any, device_id: str, frame: Any) -> exchange.Pushed:
        whole = [complete(tx, e) for e in frame.ops]
        taken = frame.ops[: whole.index(False)] if False in whole else frame.ops
        return real(tx, device_id, msgspec.structs.replace(frame, ops=taken))

    exchange.push = push


def without_picture_checks() -> None:
    """A photo is kept as it came, whatever is in it."""
    from server.store import pictures

    vars(pictures)["fault_of"] = lambda *_: None


def without_a_process_for_pictures() -> None:
    """Pictures are opened where everything else is done, however large they say they are."""
    from pathlib import Path

    from PIL import Image

    from server.kernel.errors import Refusal
    from server.store import pictures, redraw

    def take_in(source: Path, _mime: str, shown: Path) -> None:
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(source) as opened:
            opened.convert("RGB").save(shown, "JPEG")
            if opened.width * opened.height > redraw.MAX_PIXELS:
                raise Refusal("bad_image", field="pixels")

    vars(pictures)["take_in"] = take_in


def without_gaps() -> None:
    """A number that never comes is waited for in silence."""
    from server.sync import gaps

    vars(gaps)["tell"] = lambda *_: None


def with_a_broken_handler() -> None:
    """No protection: the fault that `held` is for."""
    from server.kernel.ops import REGISTRY, Operation

    known = REGISTRY["picking.confirm_pick", 1]

    def broken(_op: Any, _ctx: Any) -> None:
        raise ValueError("this line cannot be worked out")

    REGISTRY["picking.confirm_pick", 1] = Operation(
        known.name, known.version, known.kind, known.roles, known.args, broken
    )


MISSING: dict[str, Callable[[], None]] = {
    "dedupe": without_dedupe,
    "resume": without_resume,
    "names": without_names,
    "words": without_words,
    "facts": without_facts,
    "quarantine": without_quarantine,
    "evidence_later": without_evidence_later,
    "picture_checks": without_picture_checks,
    "picture_process": without_a_process_for_pictures,
    "gaps": without_gaps,
    "broken_handler": with_a_broken_handler,
}


if __name__ == "__main__":
    import server.app  # noqa: F401  registers what is to be taken out
    from tests.serving import main

    MISSING[sys.argv.pop(1)]()
    main()
