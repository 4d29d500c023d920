"""The folder in which partners' answers arrive: `in`. What was read goes to `read`, what nobody can
read to `bad`; both are the site's to empty."""

import asyncio
import logging
import time
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from server.edi.reading import BadEdifact, Interchange, read
from server.notices.edi.answers import Answer, TellAnswer, answers
from server.notices.tables import notice
from server.store.store import Store
from server.store.submit import Outside, submit
from server.store.tx import Tx

IN, READ, BAD = "in", "read", "bad"
SETTLED_S = 5.0
"""So long nobody has written to a file that is complete."""
MOST_BYTES = 1_000_000
"""Of an answer; an interchange of orders may be larger, and is none."""
_log = logging.getLogger(__name__)


async def read_inbox(store: Store, folder: Path) -> int:
    """How many files were read. Killed half way, it reads the same again; an answer counts once."""
    files = await asyncio.to_thread(settled, folder / IN, time.time())
    for path in files:
        await _one(store, path)
    return len(files)


def settled(folder: Path, now_s: float) -> list[Path]:
    """By name. What begins with a dot is somebody's who still writes it."""
    try:
        names = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
        return [p for p in names if p.is_file() and p.stat().st_mtime <= now_s - SETTLED_S]
    except OSError:  # no such folder, or a file that was taken away meanwhile
        return []


async def _one(store: Store, path: Path) -> None:
    try:
        found, told = await asyncio.to_thread(_read, path)
        for at, answer in enumerate(told):
            await store.run(partial(_tell, answer=answer, mark=f"{found.reference}/{at}"))
        await asyncio.to_thread(_move, path, READ)
    except BadEdifact as why:
        _log.warning("the inbox has %s, which is no answer: %s", path.name, why)
        await asyncio.to_thread(_move, path, BAD)


def _read(path: Path) -> tuple[Interchange, list[Answer]]:
    with path.open("rb") as file:
        body = file.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise BadEdifact("too_large")
    found = read(body)
    if not answers(found):
        raise BadEdifact("no_answer", found=found.reference)
    return found, answers(found)


def _tell(tx: Tx, answer: Answer, mark: str) -> None:
    site = _site_of(tx.conn, answer)
    if site is None:
        _log.warning("%s answers %s, which is none of ours", answer.partner, answer.reference)
        return
    op = TellAnswer(
        partner=answer.partner,
        reference=answer.reference,
        accepted=answer.accepted,
        fault=answer.fault if answer.fault.isalnum() else "",
    )
    once = Outside("edi", f"{answer.partner}/{mark}")
    submit(tx, site, "edi", "notices.tell_answer.v1", op, once)


def _site_of(conn: Any, answer: Answer) -> str | None:
    same = notice.c.reference == answer.reference, notice.c.target == answer.partner
    found = sa.select(notice.c.site).where(notice.c.channel == "edi", *same).limit(1)
    site: str | None = conn.execute(found).scalar()
    return site


def _move(path: Path, where: str) -> None:
    """Beside what was called the same before."""
    folder = path.parent.parent / where
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    if target.exists():
        target = folder / f"{path.stem}-{time.time_ns()}{path.suffix}"
    path.rename(target)
