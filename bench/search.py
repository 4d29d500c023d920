"""An order is found among a million, by each of six keys, over HTTP with eight people searching.

Baseline: the same people ask the same server who they are. The site is seeded once, copied to
PostgreSQL, and both are kept (`bench/many.py`). `DOCKHAND_MANY` asks for another number of orders.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import sqlalchemy as sa

from bench.figure import Figure, at_most, percentile, told
from bench.many import made, postgres_of
from bench.search_load import Plan, Seen
from bench.server_process import ROOT, serving
from bench.site import Device
from server.auth.sessions import COOKIE, open_session
from server.auth.tables import grant, person
from server.catalog.tables import item_code
from server.kernel.values import Role
from server.orders.tables import order_line, orders
from server.packing.tables import parcel
from server.store import tables as t
from server.store.engines import reader_engine
from server.store.store import Store
from server.store.tx import Tx

ORDERS = int(os.environ.get("DOCKHAND_MANY", "1000000"))
CLIENTS, EACH, TARGET_MS = 8, 200, 100
WHO = "who"
"""The baseline's key."""


def run(orders_wanted: int = ORDERS) -> list[Figure]:
    folder = made(orders_wanted)
    figures = _measured("sqlite", f"sqlite:///{folder / 'site.db'}")
    with postgres_of(orders_wanted) as url:
        return figures + _measured("postgres", url)


def _measured(name: str, url: str) -> list[Figure]:
    count, asks = _asks(url)
    seen = _search(url, asks)
    baseline = [1000 * w for w in seen.waits.pop(WHO)]
    figures = [told(f"search: {name}, orders", count, "orders")]
    for key, waits in seen.waits.items():
        ms = [1000 * w for w in waits]
        figures += [
            at_most(
                f"search: {name}, by {key}, p95",
                percentile(ms, 95),
                "ms",
                TARGET_MS,
                percentile(baseline, 95),
            ),
            told(
                f"search: {name}, by {key}, p50", percentile(ms, 50), "ms", percentile(baseline, 50)
            ),
        ]
    empty = sum(seen.empty.values())
    return [*figures, at_most(f"search: {name}, what is there and was not found", empty, "asks", 0)]


def _search(url: str, asks: dict[str, list[str]]) -> Seen:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(url, folder / "blobs")
        desk = store.run_sync(_sign_in)
        store.close()
        with serving(folder, url=url) as (port, _):
            plan = Plan(port, desk.cookie, desk.sid, CLIENTS, asks)
            done = subprocess.run(
                [sys.executable, "-m", "bench.search_load"],
                cwd=ROOT,
                input=msgspec.json.encode(plan),
                stdout=subprocess.PIPE,
                check=True,
            )
    return msgspec.json.decode(done.stdout, type=Seen)


def _sign_in(tx: Tx) -> Device:
    """Who searches; the same each time that the kept site is searched."""
    desk = Device("bench-desk", "bench-desk", Role.SERVICE, "")
    if not tx.conn.execute(sa.select(person.c.id).where(person.c.id == desk.person)).first():
        site = {"site": "main", "name": "Desk"}
        who = {"id": desk.person, "badge": "B-BENCH", "role": desk.role, "pin_hash": ""}
        tx.conn.execute(sa.insert(person).values(**site, **who))
        tx.conn.execute(sa.insert(t.device).values(**site, id=desk.id, enrolled_at=tx.now))
        given: dict[str, Any] = {
            "sid": desk.sid,
            "device": desk.id,
            "person": desk.person,
            "role": desk.role,
        }
        given |= {"site": "main", "issued_at": tx.now, "expires_at": tx.now + 10**12}
        tx.conn.execute(sa.insert(grant).values(**given))
    desk.cookie = f"{COOKIE}={open_session(tx, desk.id)}"
    return desk


def _asks(url: str) -> tuple[int, dict[str, list[str]]]:
    """What people say of orders that are there, drawn by chance from all of them."""
    engine = reader_engine(url, 1)
    chance = Random(1)
    with engine.connect() as conn:
        count = int(conn.execute(sa.select(sa.func.count()).select_from(orders)).scalar_one())
        drawn = list(_drawn(conn, chance, count))
        codes = dict(conn.execute(sa.select(item_code.c.sku, item_code.c.code)).tuples().all())
    engine.dispose()
    said = {
        "number": [chance.choice((r.number, r.number[5:], r.number[-6:])) for r in drawn],
        "name": [_of_name(r.customer_name, chance) for r in drawn],
        "phone": [_of_phone(msgspec.json.decode(r.ship_to)["phone"], chance) for r in drawn],
        "tracking": [chance.choice((r.parcel, f"https://s.test/t/{r.parcel}")) for r in drawn],
        "item": [chance.choice((r.sku, r.item.split(",")[0], r.item[:9].strip())) for r in drawn],
        "barcode": [_scan(codes[r.sku], chance) for r in drawn],
    }
    return count, {WHO: [""] * len(drawn)} | said


def _drawn(conn: sa.Connection, chance: Random, count: int) -> Iterator[Any]:
    columns = (orders.c.number, orders.c.customer_name, orders.c.ship_to)
    found = (
        sa.select(*columns, parcel.c.number.label("parcel"), order_line.c.sku)
        .add_columns(order_line.c.name.label("item"))
        .join(parcel, parcel.c.order_id == orders.c.id)
        .join(order_line, order_line.c.order_id == orders.c.id)
        .where(orders.c.id >= sa.bindparam("id"))
        .order_by(orders.c.id)
        .limit(1)
    )
    for _ in range(CLIENTS * EACH // 4):
        row = conn.execute(found, {"id": f"{chance.randrange(count * 9 // 10):08x}"}).one()
        yield row


def _of_name(name: str, chance: Random) -> str:
    words = name.split()
    if len(words) == 1:
        return chance.choice((name, name[:1], name[1:]))
    return chance.choice((name, words[0], words[1], words[1][:3], f"{words[1]} {words[0]}"))


def _of_phone(phone: str, chance: Random) -> str:
    return chance.choice((phone, phone.replace(" ", ""), phone[-7:], phone[3:]))


def _scan(code: str, chance: Random) -> str:
    forms = (code, f"]d201{code}10L7", f"(01){code}", f"https://id.shop.test/01/{code}/10/L7")
    return chance.choice(forms)
