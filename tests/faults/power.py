"""A disk that loses power: every write and sync of SQLite is recorded, and the disk is built as it
would be found after a cut at any moment.

What was synced is there. Of what was not, either the first few writes are there (prefix) or any
of them (reordered): a drive with a cache promises no more. `kill -9` cannot show this: the
kernel keeps what a dead process has written.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SYNC = -1


@dataclass(frozen=True, slots=True)
class Write:
    """`offset` SYNC: everything before is on the platter. `content` None: cut off at `offset`."""

    name: str
    offset: int
    content: bytes | None = None


class RecordingDisk(apsw.VFS):
    """SQLite's own VFS with a witness of what it is told to do, in order."""

    def __init__(self, name: str) -> None:
        self.log: list[Write] = []
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802  apsw's name
        return _RecordingFile(self.log, name, flags)


class _RecordingFile(apsw.VFSFile):
    def __init__(self, log: list[Write], name: Any, flags: list[int]) -> None:
        self._log = log
        self._name = Path(name.filename() if hasattr(name, "filename") else str(name)).name
        super().__init__("", name, flags)

    def xWrite(self, content: bytes, offset: int) -> None:  # noqa: N802
        self._log.append(Write(self._name, offset, bytes(content)))
        super().xWrite(content, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._log.append(Write(self._name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._log.append(Write(self._name, SYNC))


@dataclass
class Shift:
    """A run of commits: `acknowledged` holds (how long the log was when told, how many rows)."""

    log: list[Write]
    start: dict[str, bytes]
    acknowledged: list[tuple[int, int]] = field(default_factory=list)

    def promised(self, moment: int) -> int:
        return max((rows for at, rows in self.acknowledged if at <= moment), default=0)

    def disk_after(self, moment: int, chance: random.Random, reordered: bool) -> dict[str, bytes]:
        files = {name: bytearray(content) for name, content in self.start.items()}
        for name in {w.name for w in self.log} | set(files):
            done = [w for w in self.log[:moment] if w.name == name]
            synced = max((i for i, w in enumerate(done) if w.offset == SYNC), default=-1)
            survives = _reordered if reordered else _prefix
            for write in done[: synced + 1] + survives(done[synced + 1 :], chance):
                _apply(files.setdefault(name, bytearray()), write)
        return {name: bytes(content) for name, content in files.items()}


def _prefix(writes: list[Write], chance: random.Random) -> list[Write]:
    return writes[: chance.randint(0, len(writes))]


def _reordered(writes: list[Write], chance: random.Random) -> list[Write]:
    return [w for w in writes if chance.random() < 0.5]


def _apply(content: bytearray, write: Write) -> None:
    if write.offset == SYNC:
        return
    if write.content is None:
        del content[write.offset :]
        return
    content.extend(bytes(max(0, write.offset - len(content))))
    content[write.offset : write.offset + len(write.content)] = write.content


def work_a_shift(folder: Path, pragmas: tuple[str, ...], chance: random.Random) -> Shift:
    """Commits of one to twelve rows, as the writer groups them, with checkpoints among them."""
    folder.mkdir()
    disk = RecordingDisk(f"recording-{folder}")
    db = apsw.Connection(str(folder / "site.db"), vfs=f"recording-{folder}")
    db.execute("PRAGMA locking_mode=EXCLUSIVE")  # apsw's files have no shared memory
    for pragma in pragmas:
        db.execute(f"PRAGMA {pragma}")
    db.execute("CREATE TABLE op (n INTEGER PRIMARY KEY, body BLOB)")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    disk.log.clear()
    shift = Shift(disk.log, {p.name: p.read_bytes() for p in folder.iterdir()})
    db.execute(f"PRAGMA wal_autocheckpoint={chance.choice((5, 20, 1_000))}")
    rows = 0
    for _ in range(30):
        db.execute("BEGIN IMMEDIATE")
        for _ in range(chance.randint(1, 12)):
            rows += 1
            db.execute("INSERT INTO op VALUES (?, ?)", (rows, chance.randbytes(300)))
        db.execute("COMMIT")
        shift.acknowledged.append((len(disk.log), rows))
    shift.log = list(disk.log)
    db.close()
    return shift


def found_after(folder: Path, files: dict[str, bytes]) -> tuple[int, str]:
    """How many rows are there without a gap, and what the integrity check says."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(content)
    db = apsw.Connection(str(folder / "site.db"))
    try:
        count, last = next(db.execute("SELECT COUNT(*), COALESCE(MAX(n), 0) FROM op"))
        says = str(next(db.execute("PRAGMA integrity_check"))[0])
    except apsw.Error as error:
        return -1, repr(error)
    else:
        return (count if count == last else -1), says
    finally:
        db.close()
