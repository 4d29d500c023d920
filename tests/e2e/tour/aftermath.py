"""What the tour's site has to show of problems and their ends, of customers who were told and
asked, and of figures: by the same operations as everything else."""

import asyncio
import io
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
from PIL import Image, ImageDraw

from server.catalog.ops import PutSetting
from server.exceptions.ops import SettleCase
from server.insights.measures.following import catch_up
from server.notices.channels.port import NullChannel
from server.notices.sender import Sender
from server.orders.address import ChangeAddress
from server.orders.validation import ShipTo
from server.store.store import Store
from server.survey.ops import Answer
from tests.evidence_work import send_blob
from tests.floor_site import Handheld, good, scalar, system, table
from tests.floor_work import APPLIED

ORIGIN = "https://wms.shop.example"
SAID = "Came a day late, and one corner of the box was wet."
HELPED = "Moved the rest up from the pallet behind, and had the bin counted"
SHORTS = """SELECT c.id, c.rev FROM exception_case c JOIN discrepancy d ON d.id = c.id
  WHERE d.kind = 'short_pick' ORDER BY d.at, d.id"""
ABROAD = """SELECT o.id FROM orders o JOIN shipment s ON s.order_id = o.id WHERE o.state = 'packed'
  AND (o.ship_to LIKE '%"JP"%' OR o.ship_to LIKE '%"NO"%') ORDER BY o.number"""
"""Orders whose export has to be declared."""
TELLS = {"on": True, "shop": "Corner Shop", "quiet_from": "00:00", "quiet_to": "00:00"}


def aside(work: Callable[[], Any]) -> Any:
    """Where a loop may run: the tour is made while a browser is driven by one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def begin_to_tell(store: Store) -> None:
    """Customers are told from now on."""
    good(system(store, "catalog.put_setting.v1", PutSetting(key="notices", value=TELLS)))


def shelf(width: int = 640, height: int = 480) -> bytes:
    """A picture of one that has little on it, as a JPEG."""
    drawn = Image.new("RGB", (width, height), "#8d99a6")
    draw = ImageDraw.Draw(drawn)
    boards = (height // 4, height * 7 // 12, height * 11 // 12)
    for y in boards:
        draw.rectangle((20, y, width - 20, y + 14), fill="#35506b")
    side = height * 11 // 48
    for x, foot in ((width // 3, boards[1]), (width // 2, boards[1]), (width * 3 // 5, boards[2])):
        draw.rectangle((x, foot - side, x + side, foot), fill="#c9a36a", outline="#7d6238", width=4)
    made = io.BytesIO()
    drawn.save(made, "JPEG", quality=80)
    return made.getvalue()


def empty_shelf(handheld: Handheld) -> str:
    """A photo of it that has arrived; its reference."""
    sent = aside(lambda: send_blob(handheld.store, shelf(), "image/jpeg", handheld.id))
    return str(sent)


def follow(store: Store, found: dict[str, str]) -> None:
    """The first short is settled and the last is not; a customer has been told, and has answered;
    what has been written is counted. Adds `settled` and `open` to `found`."""
    first, *_, last = table(store, SHORTS)
    chief = Handheld(store, "supervisor")
    settle = SettleCase(case=first["id"], expects=first["rev"], note=HELPED, cause="process")
    assert chief.say("exceptions.settle_case.v1", settle) == APPLIED
    abroad = str(scalar(store, ABROAD))
    found |= {"settled": first["id"], "open": last["id"], "abroad": abroad}
    answer = Answer(
        order=found["delivered"], on_time=False, complete=True, courtesy=4, comment=SAID
    )
    good(system(store, "survey.answer.v1", answer))
    aside(lambda: asyncio.run(_send(store)))
    assert scalar(store, "SELECT COUNT(*) FROM notice WHERE state = 'sent'") > 0
    catch_up(store)


def readdress(store: Store, order: str) -> None:
    """The customer has rung somebody else at the same time."""
    now = msgspec.json.decode(
        str(scalar(store, "SELECT ship_to FROM orders WHERE id = :o", o=order)), type=ShipTo
    )
    moved = msgspec.structs.replace(now, street="12 Harbour Row")
    said = ChangeAddress(order=order, seen=now, ship_to=moved, reason="Has moved")
    clerk = Handheld(store, "service", "Desk 4")
    assert clerk.say("orders.change_address.v1", said) == APPLIED


def _send(store: Store) -> Coroutine[Any, Any, None]:
    ways = {name: NullChannel() for name in ("mail", "sms", "push")}
    sender = Sender(store, "tour", ways, ORIGIN)

    async def all_due() -> None:
        while await sender.send_due():
            pass

    return all_due()
