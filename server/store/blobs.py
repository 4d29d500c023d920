"""Photos, signatures and papers, resumable, named by the SHA-256 of their bytes.

missing -> partial -> complete          (wrong hash: partial again, from the start)
             |-----> refused            (the right bytes, but not fit to keep: always will be)

The row in table `blob` says what was declared and what became of it; how much of a part has arrived
is the length of its file. An operation never waits for its blob.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import msgspec
import sqlalchemy as sa

from server.kernel.errors import Refusal, Unavailable
from server.store import blob_files, pdf_bytes, pictures, strokes
from server.store.blob_files import BlobFile
from server.store.store import Store
from server.store.tables import blob
from server.store.tx import Tx

PARTIAL, COMPLETE, REFUSED, MISSING = "partial", "complete", "refused", "missing"
MAX_BYTES = 12 * 1024 * 1024
ORPHAN_MS = 24 * 3_600_000
_AT_ONCE = 500
MIMES = pictures.MIMES | {strokes.MIME, pdf_bytes.MIME}
AS_THEY_CAME = frozenset({strokes.MIME, pdf_bytes.MIME})
"""What is shown as its own bytes, and never drawn anew."""
_PREFIX = "sha256:"

# Apart from the loop's own threads: a few slow pictures must not keep sign-ins waiting.
_threads = ThreadPoolExecutor(4, thread_name_prefix="blobs")
P = ParamSpec("P")
T = TypeVar("T")

OnComplete = Callable[[Tx, str, str], None]
_ON_COMPLETE: list[OnComplete] = []


def on_complete(fn: OnComplete) -> OnComplete:
    """Register who is told, in the same transaction, that (site, sha256) is here and right."""
    _ON_COMPLETE.append(fn)
    return fn


class Blob(msgspec.Struct, frozen=True, kw_only=True):
    """`size` as declared, `have` as arrived, both in bytes. `device` declared it first."""

    site: str
    sha256: str
    device: str
    size: int
    have: int
    state: str
    mime: str
    at: int
    refused: str | None


def file_of(store: Store, site: str, sha256: str) -> BlobFile:
    return BlobFile(store.blobs, site, sha256)


def known(conn: sa.Connection, root: Path, site: str, sha256s: Iterable[str]) -> dict[str, Blob]:
    """Those of these that were declared at this site, by hash. Asks the disk, too."""
    wanted = sorted(set(sha256s))
    rows = [
        r
        for at in range(0, len(wanted), _AT_ONCE)
        for r in conn.execute(_among(site, wanted[at : at + _AT_ONCE])).mappings()
    ]
    return {r["sha256"]: _measured(root, Blob(**r)) for r in rows}


def _among(site: str, sha256s: list[str]) -> sa.Select[Any]:
    return sa.select(blob).where(blob.c.site == site, blob.c.sha256.in_(sha256s))


def sha256_of(ref: str) -> str:
    """The hash in a reference as operations carry it, `sha256:…`."""
    return ref.removeprefix(_PREFIX)


def _measured(root: Path, found: Blob) -> Blob:
    if found.state != PARTIAL:
        return found
    have = blob_files.arrived(BlobFile(root, found.site, found.sha256))
    return msgspec.structs.replace(found, have=have)


async def look(store: Store, site: str, sha256: str) -> Blob | None:
    """What is known of one blob. Ends what a crash left between the last byte and its check."""
    found = (await store.read(lambda conn: known(conn, store.blobs, site, [sha256]))).get(sha256)
    if found is None or found.state != PARTIAL:
        return found
    whole = file_of(store, site, sha256).whole.exists()
    return await _end(store, found) if whole or found.have == found.size else found


async def declare(
    store: Store, *, site: str, device: str, sha256: str, size: int, mime: str
) -> tuple[Blob, bool]:
    """Room for a blob, and whether it is new here. Declaring it in another way starts again.

    Refuses `malformed`, `too_large`, and what was refused before in the same form.
    """
    if mime not in MIMES:
        raise Refusal("malformed", field="mime", value=mime, mend=", ".join(sorted(MIMES)))
    if size < 1:
        raise Refusal("malformed", field="upload-length", value=size)
    if size > MAX_BYTES:
        raise Refusal("too_large", field="upload-length", value=size, mend=f"up to {MAX_BYTES}")
    found = await look(store, site, sha256)
    if found is not None and found.state == COMPLETE:
        return found, False
    if found is not None and (found.size, found.mime) == (size, mime):
        _check_not_refused(found)
        return found, False
    await _in_thread(blob_files.begin, file_of(store, site, sha256))
    return await store.run(partial(_write_down, site, device, sha256, size, mime)), True


def _write_down(site: str, device: str, sha256: str, size: int, mime: str, tx: Tx) -> Blob:
    made = Blob(
        site=site,
        sha256=sha256,
        device=device,
        size=size,
        have=0,
        state=PARTIAL,
        mime=mime,
        at=tx.now,
        refused=None,
    )
    tx.conn.execute(sa.delete(blob).where(_is(site, sha256)))
    tx.conn.execute(sa.insert(blob).values(msgspec.structs.asdict(made)))
    return made


async def append(store: Store, *, site: str, sha256: str, offset: int, data: bytes) -> Blob:
    """Add bytes; with the last ones the whole is checked and is on disk when this returns.

    Refuses `not_found`, `too_large`, `bad_hash`, `bad_image`, `bad_strokes`, `bad_pdf`; raises
    ProtocolError `wrong_offset`. To a complete blob nothing is added, and that is no error: its
    last answer may have been lost.
    """
    found = await look(store, site, sha256)
    if found is None:
        raise Refusal("not_found", field="sha256", value=sha256, mend="POST /blobs first")
    _check_not_refused(found)
    if found.state == COMPLETE:
        return found
    if offset + len(data) > found.size:
        raise Refusal("too_large", field="upload-offset", value=offset + len(data))
    have = await _in_thread(blob_files.append, file_of(store, site, sha256), offset, data)
    found = msgspec.structs.replace(found, have=have)
    return await _end(store, found) if have == found.size else found


async def check_goes_on(store: Store, *, site: str, sha256: str, offset: int) -> None:
    """Raises ProtocolError `wrong_offset` for a chunk that `append` would not take, before it is
    read: browsers repeat a chunk that was cut by themselves, and from its old beginning."""
    found = await look(store, site, sha256)
    if found is not None and found.state == PARTIAL and found.have != offset:
        raise blob_files.wrong(offset, have=found.have)


def _check_not_refused(found: Blob) -> None:
    if found.state == REFUSED:
        raise Refusal(found.refused or "bad_image", field="sha256", value=found.sha256)


async def _end(store: Store, found: Blob) -> Blob:
    """Check everything and say what became of it, in the file system and then in the row."""
    try:
        await _in_thread(_judge, file_of(store, found.site, found.sha256), found.mime)
    except Refusal as refusal:
        if refusal.code != "bad_hash":
            await _set(store, found, state=REFUSED, have=0, refused=refusal.code)
        raise
    return await _set(store, found, state=COMPLETE, have=found.size)


def _judge(file: BlobFile, mime: str) -> None:
    try:
        _judge_part(file, mime)
    except FileNotFoundError:
        if not file.whole.exists():  # else another sender ended it while this one waited
            raise


def _judge_part(file: BlobFile, mime: str) -> None:
    with blob_files.open_part(file) as part:
        if not blob_files.holds_its_hash(file, part):
            part.truncate(0)
            raise Refusal("bad_hash", field="sha256", value=file.sha256, mend="send it again")
        try:
            _check_content(file, mime)
        except Refusal:
            blob_files.forget(file)
            raise
        blob_files.seal(file, part)


def _check_content(file: BlobFile, mime: str) -> None:
    if mime == strokes.MIME:
        strokes.read_strokes(file.part.read_bytes())
    elif mime == pdf_bytes.MIME:
        pdf_bytes.check(file.part.read_bytes())
    else:
        pictures.take_in(file.part, mime, file.shown)


async def _set(store: Store, found: Blob, **values: Any) -> Blob:
    def job(tx: Tx) -> None:
        here = _is(found.site, found.sha256)
        changed = tx.conn.execute(
            sa.update(blob).where(here, blob.c.state == PARTIAL).values(values)
        )
        if changed.rowcount and values["state"] == COMPLETE:
            for tell in _ON_COMPLETE:
                tell(tx, found.site, found.sha256)

    await store.run(job)
    return msgspec.structs.replace(found, **values)


def _is(site: str, sha256: str) -> sa.ColumnElement[bool]:
    return sa.and_(blob.c.site == site, blob.c.sha256 == sha256)


async def read(store: Store, found: Blob, *, original: bool = False) -> bytes:
    """What is shown of a complete blob (a JPEG drawn here, or the strokes), or its own bytes."""
    file = file_of(store, found.site, found.sha256)
    own = original or found.mime in AS_THEY_CAME
    return await _in_thread((file.whole if own else file.shown).read_bytes)


async def keep(store: Store, site: str, device: str, data: bytes, mime: str) -> str:
    """Bytes that were made here, at once and whole; the reference to them. Who keeps the same
    bytes at the same moment does the same thing twice."""
    sha256 = hashlib.sha256(data).hexdigest()
    await _in_thread(blob_files.put, file_of(store, site, sha256), data)
    values = {"site": site, "sha256": sha256, "device": device, "size": len(data), "mime": mime}
    await store.run(lambda tx: tx.conn.execute(_KEPT, {**values, "at": tx.now}))
    return f"{_PREFIX}{sha256}"


_KEPT = sa.text(
    "INSERT INTO blob (site, sha256, device, size, have, state, mime, at)"
    " VALUES (:site, :sha256, :device, :size, :size, 'complete', :mime, :at)"
    " ON CONFLICT (site, sha256) DO UPDATE SET have = excluded.have, size = excluded.size,"
    " state = excluded.state, mime = excluded.mime, refused = NULL"
)


async def collect_orphans(store: Store) -> int:
    """Forget parts that nobody has added to for a day; how many. To be called now and then."""
    before_s = (store.clock() - ORPHAN_MS) / 1000
    gone = await _in_thread(blob_files.forget_old, store.blobs, before_s)

    def job(tx: Tx) -> None:
        for site, sha256 in gone:
            tx.conn.execute(sa.delete(blob).where(_is(site, sha256), blob.c.state == PARTIAL))

    if gone:
        await store.run(job)
    return len(gone)


async def _in_thread(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    call = partial(fn, *args, **kwargs)
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, call)
    except FileNotFoundError as gone:
        raise Refusal("not_found", mend="POST /blobs first") from gone
    except OSError as trouble:
        raise Unavailable(f"the disk: {trouble.errno}") from trouble
