"""The end of a day, checked by somebody who trusts no rule of the server: what its tables say, held
against each other, against the file that the orders came from, and against the shelves.

`complaints` is pure: a test may falsify what was read, and must then hear of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from server.store.store import Store
from tests.day.shop import Opening
from tests.day.walks import Floor, metres_of
from tests.floor_site import table

Row = dict[str, Any]
Place = tuple[str, str, str]
"""Bin, article, lot."""
NOWHERE = frozenset({"WORLD"})
BELOW_ZERO = frozenset({"DISCREPANCY"})
DONE = frozenset({"picked", "packing", "packed"})
OUTCOMES = frozenset({"applied", "diverted", "refused"})
PICKS = ("picking.confirm_pick",)
SHORTS = (
    "picking.report_short",
    "picking.pick_elsewhere",
    "picking.pick_substitute",
    "picking.await_stock",
)
ASKED = {
    "movement": "SELECT * FROM movement",
    "stock": "SELECT * FROM stock",
    "order": "SELECT * FROM orders",
    "order_line": "SELECT * FROM order_line",
    "pick_line": "SELECT * FROM pick_line",
    "task": "SELECT * FROM task",
    "op": "SELECT device, n, kind, body, outcome, code FROM op ORDER BY device, n",
    "device": "SELECT id, last_n FROM device",
    "discrepancy": "SELECT * FROM discrepancy",
    "count_line": "SELECT * FROM count_line",
    "walk": "SELECT key, body FROM feed WHERE kind = 'walk' AND body IS NOT NULL",
}


class Books(msgspec.Struct, frozen=True):
    """`rows`: by table. `there`: what lies where; `lost`: before the day, unknown to anybody."""

    rows: dict[str, list[Row]]
    opening: Opening
    there: dict[tuple[str, str], int]
    lost: dict[tuple[str, str], int]
    floor: Floor

    def of(self, name: str) -> list[Row]:
        return self.rows[name]

    def without(self, name: str, row: Row) -> "Books":
        kept = [r for r in self.rows[name] if r is not row]
        return replace(self, rows={**self.rows, name: kept})

    def besides(self, name: str, *more: Row) -> "Books":
        return replace(self, rows={**self.rows, name: [*self.rows[name], *more]})

    def changed(self, name: str, row: Row, **values: Any) -> "Books":
        return self.without(name, row).besides(name, {**row, **values})


def read(
    store: Store,
    opening: Opening,
    there: dict[tuple[str, str], int],
    lost: dict[tuple[str, str], int],
) -> Books:
    rows = {name: table(store, asked) for name, asked in ASKED.items()}
    return Books(rows, opening, there, lost, Floor.of(store))


def complaints(books: Books) -> list[str]:
    """Everything that does not hold; empty when the day is sound."""
    return [each for rule in RULES for each in rule(books)]


# --- goods


def _sums(books: Books) -> dict[Place, int]:
    sums: dict[Place, int] = defaultdict(int)
    for m in books.of("movement"):
        sums[m["from_bin"], m["sku"], m["lot"]] -= m["qty"]
        sums[m["to_bin"], m["sku"], m["lot"]] += m["qty"]
    return {place: qty for place, qty in sums.items() if qty and place[0] not in NOWHERE}


def stock_adds_up(books: Books) -> Iterator[str]:
    """Opening and movements give what the bins have, place by place and lot by lot."""
    sums = _sums(books)
    have = {(s["bin"], s["sku"], s["lot"]): s["qty"] for s in books.of("stock") if s["qty"]}
    for place in sorted(sums.keys() | have.keys()):
        if sums.get(place, 0) != have.get(place, 0):
            moved = sums.get(place, 0)
            yield f"stock: {place} has {have.get(place, 0)}, its movements give {moved}"
    for s in books.of("stock"):
        if s["qty"] < 0 and s["bin"] not in BELOW_ZERO:
            yield f"stock: {s['bin']} {s['sku']} is below zero"
        if s["allocated"] != 0 and s["bin"] not in BELOW_ZERO:
            yield f"stock: {s['allocated']} of {s['bin']} {s['sku']} are promised to nobody"


def opening_is_the_file(books: Books) -> Iterator[str]:
    """What came in is what the file's orders asked for, and the reserves."""
    came: Counter[str] = Counter()
    for m in books.of("movement"):
        if m["from_bin"] in NOWHERE:
            came[m["sku"]] += m["qty"]
    for sku in sorted(came.keys() | books.opening.received.keys()):
        if came[sku] != books.opening.received[sku]:
            yield f"opening: {came[sku]} of {sku} came, {books.opening.received[sku]} were sent"


def shelves_are_as_the_books_say(books: Books) -> Iterator[str]:
    """But for what was lost before the day where nobody has looked."""
    have: Counter[tuple[str, str]] = Counter()
    for s in books.of("stock"):
        if not s["bin"].startswith("TOTE/") and s["bin"] not in ("DISCREPANCY", "PUTBACK"):
            have[s["bin"], s["sku"]] += s["qty"]
    counted = {(c["bin"], c["sku"]) for c in books.of("count_line") if c["state"] == "counted"}
    doubted = _doubted(books)
    for place in sorted(have.keys() | books.there.keys()):
        off = have[place] - books.there.get(place, 0)
        unseen = books.lost.get(place, 0) if place not in counted else 0
        if off not in (0, unseen) and place not in doubted:
            yield f"shelves: {place} has {books.there.get(place, 0)}, its books {have[place]}"


def _doubted(books: Books) -> set[tuple[str, str]]:
    """Places of which the desk has been told that the books may be wrong there."""
    told = [d for d in books.of("discrepancy") if d["kind"] in ("stock_shortfall", "too_late")]
    details = [msgspec.json.decode(d["body"]) for d in told]
    return {(str(d.get("bin")), str(d.get("sku"))) for d in details}


def put_backs_are_home(books: Books) -> Iterator[str]:
    """What was picked and belonged to nobody was brought back to a shelf, piece by piece."""
    came: Counter[str] = Counter()
    went: Counter[str] = Counter()
    for m in books.of("movement"):
        if m["to_bin"] == "PUTBACK":
            came[m["sku"]] += m["qty"]
        if m["from_bin"] == "PUTBACK":
            went[m["sku"]] += m["qty"]
    for sku in sorted(came.keys() | went.keys()):
        if came[sku] != went[sku]:
            yield f"put-back: {came[sku]} of {sku} came loose, {went[sku]} were brought home"


# --- orders


def _order_of_totes(books: Books) -> dict[str, str]:
    found = {}
    for line in books.of("pick_line"):
        slot = f"/{line['slot']}" if line["slot"] else ""
        found[f"TOTE/{line['task']}{slot}"] = line["order_id"]
    return found


def _in_totes(books: Books) -> dict[tuple[str, str], int]:
    """By order and article what lies in its totes, by the movements."""
    whose = _order_of_totes(books)
    held: dict[tuple[str, str], int] = defaultdict(int)
    for (bin_code, sku, _), qty in _sums(books).items():
        if bin_code.startswith("TOTE/"):
            held[whose.get(bin_code, bin_code), sku] += qty
    return held


def every_order_of_the_file_is_there(books: Books) -> Iterator[str]:
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    for n in books.of("order_line"):
        lines[n["order_id"]][n["sku"]] += n["qty"]
    have = {o["ref"]: lines[o["id"]] for o in books.of("order")}
    for ref in sorted(have.keys() | books.opening.ordered.keys()):
        if have.get(ref) != books.opening.ordered.get(ref):
            yield f"order: {ref} is not what its invoice asks for"


def each_order_is_complete_or_explained(books: Books) -> Iterator[str]:
    held = _in_totes(books)
    told = {(d["order_id"], d["kind"]) for d in books.of("discrepancy") if d["state"] == "open"}
    cancelled = {_body(e)["order"] for e in books.of("op") if e["kind"] == "orders.cancel_order"}
    for order in books.of("order"):
        mine = {sku: qty for (whose, sku), qty in held.items() if whose == order["id"] and qty}
        state, name = order["state"], order["ref"]
        if state in DONE or (state, "nothing_picked") == ("hold", _why(told, order)):
            yield from _pieces(books, order, mine)
        elif state == "cancelled":
            if mine:
                yield f"order: {name} is cancelled, its totes hold {mine}"
            if order["id"] not in cancelled:
                yield f"order: {name} is cancelled and nobody asked for it"
        elif (state, _why(told, order)) != ("confirmed", "not_enough_stock") or mine:
            yield f"order: {name} is still {state}, its totes hold {mine}"


def _why(told: set[tuple[str, str]], order: Row) -> str:
    for kind in ("not_enough_stock", "nothing_picked"):
        if (order["id"], kind) in told:
            return kind
    return ""


def _pieces(books: Books, order: Row, mine: dict[str, int]) -> Iterator[str]:
    """Each piece that was asked for lies in the tote, or is short with a reason."""
    picks = [p for p in books.of("pick_line") if p["order_id"] == order["id"]]
    said: Counter[str] = Counter()
    for p in picks:
        said[p["sku"]] += p["picked"]
    if +said != Counter(mine):
        yield f"order: {order['ref']} has {dict(+said)} picked, its totes hold {mine}"
    for line in books.of("order_line"):
        if line["order_id"] != order["id"]:
            continue
        parts = [p for p in picks if p["order_line"] == line["no"]]
        got = sum(p["picked"] for p in parts)
        reasons = [p["reason"] for p in parts if p["state"] == "short" and p["reason"]]
        what = f"order: {order['ref']}/{line['no']} asks for {line['qty']}, {got} were picked"
        if got > line["qty"] or (got < line["qty"] and not reasons):
            yield f"{what}, for {reasons or 'no reason'}"
        if line["picked"] != got:
            yield f"{what}, its line says {line['picked']}"
        if any(p["state"] == "open" for p in parts):
            yield f"{what}, and is still open"


# --- operations and tasks


def nothing_was_picked_twice(books: Books) -> Iterator[str]:
    """What a line got is at most what it asked for, and each piece that a picker says was taken
    moved once: into the tote, or loose and from there home."""
    for p in books.of("pick_line"):
        if p["picked"] > p["qty"]:
            yield f"picked twice: {p['task']}/{p['no']} asks for {p['qty']}, got {p['picked']}"
    moved: Counter[tuple[str, int]] = Counter()
    for m in books.of("movement"):
        if m["to_bin"].startswith("TOTE/") or m["to_bin"] == "PUTBACK":
            moved[m["device"], m["n"]] += m["qty"]
    for e in books.of("op"):
        if e["kind"] in (*PICKS, *SHORTS):
            said = _body(e)["qty" if e["kind"] in PICKS else "found"]
            taken = said if e["outcome"] in ("applied", "diverted") else 0
            if moved[e["device"], e["n"]] != taken:
                did = moved[e["device"], e["n"]]
                yield f"picked twice: {e['device']}/{e['n']} took {taken}, {did} moved"


def each_operation_has_one_outcome(books: Books) -> Iterator[str]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for e in books.of("op"):
        numbers[e["device"]].append(e["n"])
        if e["outcome"] not in OUTCOMES or e["code"] in ("malformed", "unknown_operation"):
            yield f"operation: {e['kind']} {e['device']}/{e['n']} is {e['outcome']} {e['code']}"
    last = {d["id"]: d["last_n"] for d in books.of("device")}
    for device in sorted(numbers):
        if numbers[device] != list(range(1, last.get(device, 0) + 1)):
            yield f"operation: {device} has a gap or a double before {last.get(device)}"


def no_work_is_left(books: Books) -> Iterator[str]:
    for t in books.of("task"):
        if t["state"] not in ("done", "cancelled") and t["kind"] != "pack":
            yield f"task: {t['kind']} {t['title']} is still {t['state']}"


def metres_are_what_was_walked(books: Books) -> Iterator[str]:
    """Each task's own, and the board's hours as their sum."""
    said: Counter[str] = Counter()
    for task in books.of("task"):
        if task["kind"] != "pick":
            continue
        lines = [p for p in books.of("pick_line") if p["task"] == task["id"]]
        body = msgspec.json.decode(task["body"])
        walked = metres_of(books.floor, task, lines)
        if abs(body["metres"] - walked) > 0.01:
            yield f"metres: {task['title']} says {body['metres']}, {walked} were walked"
        said["metres"] += round(body["metres"] * 10)
        said["s_shape_metres"] += round(body["s_shape_metres"] * 10)
    for field, dm in said.items():
        shown = sum(round(msgspec.json.decode(w["body"])[field] * 10) for w in books.of("walk"))
        if shown != dm:
            yield f"metres: the board's {field} are {shown / 10}, the tasks' {dm / 10}"


def _body(e: Row) -> Row:
    found: Row = msgspec.json.decode(e["body"])
    return found


RULES = (
    stock_adds_up,
    opening_is_the_file,
    shelves_are_as_the_books_say,
    put_backs_are_home,
    every_order_of_the_file_is_there,
    each_order_is_complete_or_explained,
    nothing_was_picked_twice,
    each_operation_has_one_outcome,
    no_work_is_left,
    metres_are_what_was_walked,
)
