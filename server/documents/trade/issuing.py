"""A paper is issued: drawn once, kept by its hash, written down with its number and version.

What has not changed since is not drawn again: the same bytes come back, for ever. What has changed
gets the next version, and the older ones stay readable.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from server.documents.errors import PrintError
from server.documents.trade.drawing import Drawn, Sheet, draw
from server.documents.trade.gathering import dossier_of
from server.documents.trade.kinds import Facts, facts_of
from server.documents.trade.templates import Template, own_template
from server.documents.words import Language
from server.kernel.errors import ProtocolError, Refusal, code
from server.kernel.ops import Outcome
from server.pod.paperwork.ops import VERSION_TAKEN, IssuePaper
from server.pod.paperwork.rules import number_of
from server.pod.paperwork.tables import order_paper
from server.store import blobs, pdf_bytes
from server.store.store import Store
from server.store.submit import submit

CANNOT_PRINT = code("cannot_print")
TRIES = 3
"""Others issue, too; who comes second looks again."""
_DEVICE = "documents"
# The typesetter draws one at a time; a second thread keeps it fed.
_threads = ThreadPoolExecutor(2, thread_name_prefix="papers")


class Issued(msgspec.Struct, frozen=True):
    """`id`: under which its bytes are to be had. `fault`: of the site's template, this time."""

    id: str
    paper: str
    number: str
    version: int
    fault: str = ""


class _Found(NamedTuple):
    """What is to be issued, and the papers of its kind that were, the newest first."""

    number: str
    facts: Facts
    stamp: str
    kept: Sequence[Any]


class _Next(NamedTuple):
    version: int
    at: int


async def issue(
    store: Store, site: str, order_id: str, paper: str, language: Language, by: str
) -> Issued:
    """Refuses `not_found`; raises ProtocolError `order_cancelled`, `not_packed_yet`,
    `not_released_yet`, `cannot_print` (409)."""
    own = await asyncio.to_thread(own_template, store.blobs, site, paper)
    for _ in range(TRIES):
        found = await store.read(lambda conn: _look(conn, site, order_id, paper))
        digest = digest_of(paper, found.facts, own)
        now = store.clock()
        again, there = _place(found.kept, digest, language, now)
        if there is not None:
            return Issued(there.id, paper, there.number, there.version)
        sheet = Sheet(
            paper, number_of(found.number, paper, again.version), again.at, found.facts, language
        )
        drawn = await _drawn(sheet, own)
        device = f"sys:{site}:{_DEVICE}"
        blob = await blobs.keep(store, site, device, drawn.pdf, pdf_bytes.MIME)
        op = IssuePaper(
            order=order_id,
            paper=paper,
            version=again.version,
            lang=language,
            blob=blob,
            facts=digest,
            stamp=found.stamp,
            at=again.at,
            fault=drawn.fault,
        )
        if made := await _write_down(store, site, by, op):
            return msgspec.structs.replace(made, fault=drawn.fault)
    raise ProtocolError(VERSION_TAKEN, 409, field="paper", value=paper, mend="try again")


def digest_of(paper: str, facts: Facts, own: Template | None) -> str:
    """Of all that it says, in whatever language, and of the site's template for it."""
    said = [paper, facts, own.sha256 if own else ""]
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def _look(conn: sa.Connection, site: str, order_id: str, paper: str) -> _Found:
    of = dossier_of(conn, site, order_id)
    kept = (
        sa.select(order_paper)
        .where(order_paper.c.order_id == order_id, order_paper.c.paper == paper)
        .where(order_paper.c.source == "issued")
        .order_by(order_paper.c.version.desc(), order_paper.c.at)
    )
    return _Found(of.number, facts_of(paper, of), of.stamp, conn.execute(kept).all())


def _place(kept: Sequence[Any], digest: str, lang: str, now: int) -> tuple[_Next, Any]:
    """The version to issue and its date, and the paper that is there already, if it is."""
    if not kept or kept[0].facts != digest:
        return _Next(kept[0].version + 1 if kept else 1, now), None
    same = [r for r in kept if r.version == kept[0].version]
    there = next((r for r in same if r.lang == lang), None)
    return _Next(kept[0].version, same[0].at), there


async def _drawn(sheet: Sheet, own: Template | None) -> Drawn:
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_threads, partial(draw, sheet, own))
    except PrintError as error:
        raise ProtocolError(
            CANNOT_PRINT, 409, field=error.field, value=error.value, mend=error.mend
        ) from error


async def _write_down(store: Store, site: str, by: str, op: IssuePaper) -> Issued | None:
    """None where somebody else took the version meanwhile."""
    verdict = await store.run(lambda tx: submit(tx, site, _DEVICE, "pod.issue_paper.v1", op, by=by))
    if verdict.code == VERSION_TAKEN:
        return None
    if verdict.outcome is not Outcome.APPLIED:
        raise Refusal(verdict.code or "internal", **(verdict.data or {}))
    made = sa.select(order_paper).where(
        order_paper.c.order_id == op.order,
        order_paper.c.paper == op.paper,
        order_paper.c.source == "issued",
        order_paper.c.version == op.version,
        order_paper.c.lang == op.lang,
    )
    r = await store.read(lambda conn: conn.execute(made).one())
    return Issued(r.id, op.paper, r.number, r.version)
