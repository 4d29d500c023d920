"""Orders from the lines of a channel's export: the rows of one order stand together.

    rows -> lines -> an order or a cancellation -> one operation each, `(source, ref)` unique

Where a file ends in the middle of a row, the order around it may lack lines: it is rejected whole,
whatever the map says of bad lines, and comes in with the whole file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

import sqlalchemy as sa

from server.catalog.tables import item
from server.imports.fields import (
    BadField,
    Line,
    bounded,
    cell,
    degrees,
    is_not_goods,
    line,
    moment_or_none,
    takes_back,
)
from server.imports.groups import groups
from server.imports.maps import ColumnMap
from server.imports.reading import Row
from server.imports.report import Desk
from server.imports.submitting import GROUP, Wanted, is_repeat, problem_of, submit_all
from server.kernel.ops import Op
from server.orders.ops import CancelledLine, ImportOrder, RecordCancellation
from server.orders.validation import PROFILES, NewOrder, OrderLine, Problem, ShipTo, check
from server.store.store import Store
from server.store.submit import Outside

_ADDRESS = {"street": 120, "city": 120, "postcode": 20, "province": 64, "country": 64}
_ADDRESS |= {"phone": 40, "email": 120}
_DEGREES = {"lat": 90, "lon": 180}
_HEADS = {"customer": 64, "customer_name": 120, "ship_to_name": 120}


@dataclass
class Draft:
    """The rows of one order: good lines, bad rows, and how many are no goods."""

    ref: str
    back: bool
    lines: list[Line] = field(default_factory=list)
    bad: list[tuple[Row, Problem]] = field(default_factory=list)
    not_goods: int = 0

    @property
    def cut_off(self) -> bool:
        return any(row.cut_off for row, _ in self.bad)


def import_orders(
    rows: Iterable[Row], columns: ColumnMap, store: Store, site: str, desk: Desk
) -> None:
    """Reads as it goes: no more than one group of orders is held at a time."""
    intake = _Intake(columns, store, site, desk)
    ready = (made for draft in intake.drafts(rows) if (made := intake.judge(draft)) is not None)
    for some in groups(ready, GROUP):
        verdicts = submit_all(store, site, [wanted for _, wanted in some])
        for (draft, _), verdict in zip(some, verdicts, strict=True):
            problem = problem_of(verdict)
            if problem is not None:
                intake.reject_all(draft, problem)
            else:
                intake.count(draft, repeat=is_repeat(verdict))


class _Intake:
    def __init__(self, columns: ColumnMap, store: Store, site: str, desk: Desk) -> None:
        self._map, self._store, self._site, self._desk = columns, store, site, desk
        self._now = store.clock()
        self._names = store.run_sync(
            lambda tx: {r.sku: r.name for r in tx.conn.execute(sa.select(item.c.sku, item.c.name))}
        )
        self._seen: set[str] = set()

    def drafts(self, rows: Iterable[Row]) -> Iterator[Draft]:
        """Rows that follow each other and have one ref; an unreadable row belongs to the order
        that it stands in."""
        last = ""

        def ref_of(row: Row) -> str:
            nonlocal last
            self._desk.read()
            last = cell(row, self._map, "ref") or last
            return last

        for ref, together in groupby(rows, ref_of):
            yield self._draft(ref, together)

    def _draft(self, ref: str, rows: Iterable[Row]) -> Draft:
        draft = Draft(ref, takes_back(ref, self._map))
        for row in rows:
            try:
                if row.problem is None and is_not_goods(row, self._map):
                    draft.not_goods += 1
                else:
                    draft.lines.append(self._known(line(row, self._map)))
            except BadField as bad:
                draft.bad.append((row, bad.problem))
        return draft

    def _known(self, found: Line) -> Line:
        if not found.back and found.sku not in self._names:
            raise BadField("sku", found.sku, "unknown_item", "import the item first")
        return found

    def judge(self, draft: Draft) -> tuple[Draft, Wanted] | None:
        """What to submit for it; None when it was rejected or holds no goods."""
        self._desk.leave_out("not_goods", draft.not_goods)
        if draft.ref in self._seen:
            self.reject_all(draft, _apart(draft.ref))
            return None
        self._seen.add(draft.ref)
        if draft.bad and (self._map.on_bad_line == "reject_order" or draft.cut_off):
            self.reject_all(draft, _beside(draft.bad[0]))
            return None
        self._reject_bad(draft)
        if not draft.lines:
            return None
        try:
            self._check_head(draft)
            op = self._cancellation(draft) if draft.back else self._order(draft)
        except BadField as bad:
            self._reject_lines(draft, bad.problem)
            return None
        name = "orders.record_cancellation.v1" if draft.back else "orders.import_order.v1"
        return draft, Wanted(name, op, Outside(f"csv:{self._map.channel}", draft.ref))

    def reject_all(self, draft: Draft, problem: Problem) -> None:
        self._reject_bad(draft)
        self._reject_lines(draft, problem)

    def _reject_bad(self, draft: Draft) -> None:
        for row, problem in draft.bad:
            self._desk.reject(row, problem)
        if not draft.lines:
            things = self._desk.report.rejected_things if draft.bad else self._desk.report.no_goods
            things[_kind(draft)] += 1
        draft.bad.clear()

    def _reject_lines(self, draft: Draft, problem: Problem) -> None:
        for each in draft.lines:
            self._desk.reject(each.row, problem)
        if draft.lines:
            self._desk.report.rejected_things[_kind(draft)] += 1

    def count(self, draft: Draft, *, repeat: bool) -> None:
        self._desk.take(_kind(draft), len(draft.lines), repeat=repeat)
        self._desk.report.merged += len(draft.lines) - len(merged(draft.lines))

    def _order(self, draft: Draft) -> Op:
        first = draft.lines[0].row
        head = {f: bounded(f, cell(first, self._map, f), size) for f, size in _HEADS.items()}
        name = head["customer_name"] or self._map.customer_name.format(customer=head["customer"])
        address = {f: bounded(f, cell(first, self._map, f), size) for f, size in _ADDRESS.items()}
        address |= {f: degrees(first, self._map, f, most) for f, most in _DEGREES.items()}
        order = NewOrder(
            channel=self._map.channel,
            ref=draft.ref,
            customer=head["customer"],
            customer_name=name,
            ship_to=ShipTo(name=head["ship_to_name"] or head["customer_name"], **address),
            currency=self._map.currency,
            placed_at=min(each.at for each in draft.lines),
            lines=[self._line(each) for each in merged(draft.lines)],
            deliver_from=moment_or_none(first, self._map, "deliver_from"),
            deliver_to=moment_or_none(first, self._map, "deliver_to"),
        )
        self._check(order)
        return ImportOrder(**{f: getattr(order, f) for f in NewOrder.__struct_fields__})

    def _check_head(self, draft: Draft) -> None:
        """Who ordered is said in every row, and the same in each."""
        who = {cell(each.row, self._map, "customer"): each.row for each in draft.lines}
        if len(who) > 1:
            mend = f"one order has one customer; row {[*who.values()][1].no} names another"
            raise BadField("customer", [*who][1], "differs_in_order", mend)

    def _check(self, order: NewOrder) -> None:
        profile = PROFILES.get(order.channel)
        if profile is None:
            known = ", ".join(PROFILES)
            raise BadField("channel", order.channel, "unknown_channel", f"use one of {known}")
        for p in check(order, profile, self._now):
            raise BadField(p.field, p.value, "missing" if not p.value else p.rule, p.mend)

    def _line(self, each: Line) -> OrderLine:
        name = each.name or self._names[each.sku]
        return OrderLine(sku=each.sku, name=name, qty=each.qty, price=each.price)

    def _cancellation(self, draft: Draft) -> Op:
        first = draft.lines[0].row
        return RecordCancellation(
            channel=self._map.channel,
            ref=draft.ref,
            customer=bounded("customer", cell(first, self._map, "customer"), 64),
            at=min(each.at for each in draft.lines),
            lines=[
                CancelledLine(sku=each.sku, qty=each.qty, price=each.price)
                for each in merged(draft.lines)
            ],
        )


def merged(lines: Iterable[Line]) -> list[Line]:
    """One line per article and price, in the order they came: a picker goes to a bin once. Other
    prices stay other lines, or the order's total would change."""
    found: dict[tuple[str, int], Line] = {}
    for each in lines:
        key = each.sku, each.price
        before = found.get(key)
        if before is None:
            found[key] = each
        else:
            name, qty = before.name or each.name, before.qty + each.qty
            found[key] = replace(before, name=name, qty=qty)
    return list(found.values())


def _kind(draft: Draft) -> str:
    return "cancellations" if draft.back else "orders"


def _apart(ref: str) -> Problem:
    return Problem("ref", ref, "order_apart", "sort the file so that an order's rows are together")


def _beside(bad: tuple[Row, Problem]) -> Problem:
    row, problem = bad
    if row.cut_off:
        return Problem("", "", "cut_off", problem.mend)
    mend = f"mend row {row.no} of the same order ({problem.rule}), or let the map drop bad lines"
    return Problem("ref", "", "bad_line_in_order", mend)
