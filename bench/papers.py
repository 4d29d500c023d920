"""A hundred papers of fifty lines with Chinese text, one core, and read back off the paper."""

import os
import time
from random import Random

import msgspec
import pypdfium2  # type: ignore[import-untyped]

from bench.figure import Figure, at_most, median, percentile, told
from server.documents.trade.drawing import Sheet, draw
from server.documents.trade.kinds import KINDS, facts_of
from server.documents.trade.shapes import Asked, Box, Dossier, Known, Party, Walk
from server.pod.paperwork.rules import number_of

PAPERS, LINES, MOST_MS = 100, 50, 50.0
HAN = (
    "陶瓷马克杯手工釉面蓝色大号礼盒装不锈钢保温杯家用台灯护眼学习办公棉质圆领短袖防水背包旅行收纳"
    "竹制砧板厨房刀具套装羊毛围巾儿童积木拼图电热水壶毛巾床单枕头雨伞书架木质相框"
)
_PARTY = Party("杭州晨光文具贸易有限公司", ["文三路 478 号", "310012 杭州"], language="zh-Hans")


def _order(nth: int) -> Dossier:
    """Names of its own for each: nothing remembered from the one before helps."""
    chance = Random(nth)
    asked = [
        Asked(no, f"S{nth}-{no}", "".join(chance.choices(HAN, k=12)), qty, chance.randint(1, 10**6))
        for no in range(1, LINES + 1)
        for qty in [chance.randint(1, 99)]
    ]
    picked = [msgspec.structs.replace(line, picked=line.qty) for line in asked]
    known = {a.sku: Known(a.name, chance.randint(50, 5000), "CN", "691200") for a in asked}
    return Dossier(
        order=str(nth),
        number=f"2025-EC-{nth:06d}",
        ref=f"PO-{nth}",
        state="packed",
        type="standard",
        transport="road",
        currency="CNY",
        placed_at=1_764_000_000_000,
        due_at=1_764_300_000_000,
        customer="C-1",
        seller=_PARTY,
        ship_to=_PARTY,
        asked=picked,
        items=known,
        boxes=[Box(f"P-{nth:08d}", [(a.sku, a.qty) for a in picked], "L", 9_000)],
        walks=[Walk(f"A{a.no:02}-1-1", a.sku, a.name, a.qty, a.qty, "done") for a in picked],
    )


def run() -> list[Figure]:
    core = min(os.sched_getaffinity(0))
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        first = _timed(_sheet(0))
        made = [_timed(_sheet(nth)) for nth in range(1, PAPERS + 1)]
    finally:
        os.sched_setaffinity(0, before)
    cpu = [each.cpu_ms for each in made]
    wrong = sum(not _reads_back(nth, each.pdf) for nth, each in enumerate(made, 1))
    unlike = sum(_timed(_sheet(nth)).pdf != made[nth - 1].pdf for nth in range(1, 9))
    return [
        at_most("papers: 50 Chinese lines, mean CPU", sum(cpu) / len(cpu), "ms", MOST_MS),
        at_most("papers: 50 Chinese lines, slowest of 100, CPU", max(cpu), "ms", MOST_MS),
        told("papers: 50 Chinese lines, median CPU", median(cpu), "ms"),
        told("papers: 50 Chinese lines, p95 by the clock", percentile(_wall(made), 95), "ms"),
        told("papers: the first, with its fonts, CPU", first.cpu_ms, "ms"),
        told("papers: size", sum(len(each.pdf) for each in made) / len(made) / 1024, "KiB"),
        at_most("papers: whose text is not right", wrong, "papers", 0),
        at_most("papers: other bytes when drawn again", unlike, "papers", 0),
    ]


class _Made(msgspec.Struct, frozen=True):
    pdf: bytes
    cpu_ms: float
    wall_ms: float


def _wall(made: list[_Made]) -> list[float]:
    return [each.wall_ms for each in made]


def _kind(nth: int) -> str:
    return list(KINDS)[nth % len(KINDS)]


def _sheet(nth: int) -> Sheet:
    order = _order(nth)
    kind = _kind(nth)
    facts = facts_of(kind, order)
    return Sheet(kind, number_of(order.number, kind, 1), 1_764_150_000_000, facts, "zh-Hans")


def _timed(sheet: Sheet) -> _Made:
    wall, cpu = time.perf_counter(), time.process_time()
    pdf = draw(sheet).pdf
    cpu_ms = 1e3 * (time.process_time() - cpu)
    return _Made(pdf, cpu_ms, 1e3 * (time.perf_counter() - wall))


def _reads_back(nth: int, pdf: bytes) -> bool:
    """Every name and every number of pieces, as somebody copies them off the paper."""
    pages = pypdfium2.PdfDocument(pdf)
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in pages)
    order = _order(nth)
    pieces = f"{sum(a.qty for a in order.asked):,}"
    return pieces in text and order.number in text and all(a.name in text for a in order.asked)
