"""A partner's software is told by interchanges: read back with the project's own reader."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.edi.reading import Interchange, Message, read
from server.kernel.sscc import is_sscc
from server.notices.channels.edi import EdiFolder
from server.notices.channels.port import ConsoleChannel, Outgoing
from server.notices.edi.inbox import read_inbox
from server.notices.edi.partners import Partner
from server.notices.ops import ResendNotice
from server.notices.sender import LEASE_MS
from server.notices.settings import NoticeRules
from server.orders.address import ChangeAddress
from server.orders.ops import CancelOrder
from server.orders.validation import ShipTo
from server.pod.events import DelayForeseen
from server.store.replay import check_replay
from server.store.store import Store
from tests.floor_site import ITEMS, Handheld, scalar, table
from tests.floor_work import APPLIED, evidence, to_the_van
from tests.notices.post import Post, order_for
from tests.notices.test_words import wish
from tests.packing_work import furnish
from tests.stores import open_store

pytestmark = pytest.mark.anyio
OURS, THEIRS = "4012345000009", "9521234000006"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        furnish(opened)
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "edi"


@pytest.fixture
def post(store: Store, folder: Path) -> Post:
    made = Post(store, edi={"id": OURS})
    made.channels["edi"] = EdiFolder(folder)
    return made


def partner(store: Store, **more: Any) -> None:
    """The customer is known by an order that comes to nothing."""
    gone = CancelOrder(order=order_for(store, "PO-0"), reason="asked")
    assert Handheld(store, "service", "desk-0").say("orders.cancel_order.v1", gone) == APPLIED
    told = Partner(id=THEIRS, **more)
    assert wish(store, channels=["edi", "mail"], edi=told) == APPLIED


def written(folder: Path) -> list[Interchange]:
    return [read(path.read_bytes()) for path in sorted((folder / "out" / THEIRS).iterdir())]


def files(folder: Path) -> list[Path]:
    return list(folder.rglob("*.edi"))


def in_the_way(folder: Path, *, gone: bool = False) -> None:
    """A file where the folder should be."""
    if gone:
        folder.unlink()
    else:
        folder.write_text("", encoding="utf-8")


def kinds(folder: Path) -> list[str]:
    return [one(i).kind for i in written(folder)]


def one(found: Interchange) -> Message:
    (message,) = found.messages
    return message


def values(message: Message, tag: str) -> list[tuple[str, ...]]:
    return [tuple("|".join(e) for e in s.elements) for s in message.of(tag)]


async def test_a_partner_is_told_the_whole_life_of_an_order(
    store: Store, post: Post, folder: Path
) -> None:
    partner(store)
    made = order_for(store, "PO-2")
    driver, stop = to_the_van(store, made)
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "full")) == APPLIED
    await post.deliver()
    assert kinds(folder) == ["ORDRSP", "DESADV", "IFTSTA", "IFTSTA"]
    confirmed, shipped, leaving, there = map(one, written(folder))
    number = str(scalar(store, "SELECT number FROM orders WHERE id = :o", o=made))
    for message in (confirmed, shipped, leaving, there):
        assert {("ON|PO-2",), (f"VN|{number}",)} <= set(values(message, "RFF"))
    assert values(confirmed, "BGM")[0][2] == "29"
    assert values(confirmed, "LIN") == [("1", "5", f"{ITEMS['MUG'][1:]}|EN")]
    assert ("21|3",) in values(confirmed, "QTY")
    (box,) = table(store, "SELECT * FROM parcel")
    assert is_sscc(box["number"])
    assert values(shipped, "GIN") == [("BJ", box["number"])]
    assert values(shipped, "QTY") == [("12|3",)]
    assert ("CN|" + box["number"],) in values(shipped, "RFF")
    assert [values(m, "STS") for m in (leaving, there)] == [[("1", "31")], [("1", "21")]]
    assert [r["channel"] for r in post.rows("survey")] == ["mail"], "no message says that"
    assert check_replay(store.url).differences == []


async def test_an_order_that_is_changed_late_or_cancelled(
    store: Store, post: Post, folder: Path
) -> None:
    partner(store)
    made = order_for(store, "PO-3")
    desk = Handheld(store, "service")
    row = table(store, "SELECT ship_to FROM orders WHERE id = :o", o=made)[0]
    seen = msgspec.json.decode(row["ship_to"], type=ShipTo)
    moved = ChangeAddress(
        order=made, seen=seen, ship_to=msgspec.structs.replace(seen, street="2 New St"), reason="x"
    )
    assert desk.say("orders.change_address.v1", moved) == APPLIED
    delay(store, made)
    assert desk.say("orders.cancel_order.v1", CancelOrder(order=made, reason="asked")) == APPLIED
    await post.deliver()
    assert kinds(folder) == ["ORDRSP", "ORDRSP", "IFTSTA", "ORDRSP"]
    _, changed, late, cancelled = map(one, written(folder))
    assert values(changed, "BGM")[0][2] == "4"
    assert values(late, "STS") == [("1", "6", "17")], "it has not left yet"
    assert values(cancelled, "BGM")[0][2] == "27"
    assert values(cancelled, "LIN")[0][1] == "7"
    assert values(cancelled, "MOA") == [("8|0.15|GBP",)], "2 % of 7.50"
    assert b"Mia" not in b"".join(p.read_bytes() for p in (folder / "out" / THEIRS).iterdir())


def delay(store: Store, order_id: str) -> None:
    from server.kernel.ops import OpContext
    from server.notices.reactions import delayed

    def act(tx: Any) -> None:
        ctx = OpContext(tx=tx, site="main", device="sys:main:x", n=1, at=tx.now)
        delayed(DelayForeseen(order=order_id, stop="", promised=tx.now, eta=tx.now), ctx)

    store.run_sync(act)


async def test_what_a_partner_does_not_take_goes_by_the_next_way(
    store: Store, post: Post, folder: Path
) -> None:
    partner(store, messages=("DESADV",))
    order_for(store, "PO-4")
    await post.deliver()
    assert [r["channel"] for r in post.rows("confirmed")][-1] == "mail"
    assert not (folder / "out").exists()


async def test_sent_again_it_has_the_same_number_and_the_same_bytes(
    store: Store, post: Post, folder: Path
) -> None:
    """As after a kill between the folder and our mark, with and without the file there still."""
    partner(store)
    order_for(store, "PO-5")
    (row,) = [r for r in post.rows() if r["channel"] == "edi"]
    sender, told = post.sender, []
    told.append(await sender._sent(row))
    (path,) = (folder / "out" / THEIRS).iterdir()
    first, inode = path.read_bytes(), path.stat().st_ino
    told.append(await sender._sent(row))
    assert path.stat().st_ino == inode, "it lies there still: nobody touches it"
    path.unlink()
    told.append(await sender._sent(row))
    assert path.read_bytes() == first
    assert read(first).reference == path.stem == row["reference"]
    assert told == [None, None, None]
    assert list((folder / "tmp").iterdir()) == []


async def test_no_interchange_is_written_over_another(
    store: Store, post: Post, folder: Path
) -> None:
    partner(store)
    order_for(store, "PO-6")
    (row,) = [r for r in post.rows() if r["channel"] == "edi"]
    other = folder / "out" / THEIRS / f"{row['reference']}.edi"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"of somebody else")
    await post.deliver()
    assert other.read_bytes() == b"of somebody else"
    assert [(r["state"], r["why"]) for r in post.rows() if r["channel"] == "edi"] == [
        ("failed", "refused")
    ]


async def test_each_interchange_to_a_partner_has_a_number_of_its_own(
    store: Store, post: Post, folder: Path
) -> None:
    partner(store)
    for at in range(3):
        order_for(store, f"PO-{at + 10}")
    await post.deliver()
    (row, *_) = [r for r in post.rows() if r["channel"] == "edi"]
    again = ResendNotice(notice=row["id"])
    assert Handheld(store, "service").say("notices.resend_notice.v1", again) == APPLIED
    await post.deliver()
    numbers = [i.reference for i in written(folder)]
    assert len(numbers) == len(set(numbers)) == 4
    assert {len(n) for n in numbers} == {14}
    bodies = [one(i).segments[2:] for i in written(folder)]
    assert [b.tag for b in bodies[3]] == [b.tag for b in bodies[0]]
    assert values(one(written(folder)[3]), "RFF") == values(one(written(folder)[0]), "RFF")


@pytest.mark.parametrize(
    ("rules", "ref", "state", "why"),
    [
        ({"edi": None}, "PO-7", "failed", "not_set_up"),
        ({}, "P" * 36, "failed", "not_writable"),
        ({}, "订单", "failed", "not_writable"),
    ],
)
async def test_what_cannot_be_written_says_why(
    store: Store, post: Post, folder: Path, rules: dict[str, Any], ref: str, state: str, why: str
) -> None:
    partner(store)
    post.set(**({"edi": {"id": OURS}} | rules))
    order_for(store, ref)
    await post.deliver()
    found = [(r["state"], r["why"]) for r in post.rows() if r["channel"] == "edi"]
    assert found == [(state, why)]
    assert files(folder) == []


async def test_a_folder_that_is_gone_is_tried_again(store: Store, post: Post, folder: Path) -> None:
    partner(store)
    order_for(store, "PO-8")
    in_the_way(folder)
    await post.deliver()
    (row,) = [r for r in post.rows() if r["channel"] == "edi"]
    assert (row["state"], row["why"], row["tried"]) == ("queued", "no_folder", 1)
    in_the_way(folder, gone=True)
    post.later(120_000)
    await post.deliver()
    assert kinds(folder) == ["ORDRSP"]
    assert written(folder)[0].reference == row["reference"]


async def test_in_utf8_a_partner_reads_chinese(store: Store, post: Post, folder: Path) -> None:
    partner(store, charset="UNOW", test=True)
    order_for(store, "订单*9")
    await post.deliver()
    (found,) = written(folder)
    assert ("ON|订单*9",) in values(one(found), "RFF")
    assert found.head.value(10) == "1", "for a trial only"


def contrl(reference: str, action: str, own: str = "C1", sender: str = THEIRS) -> bytes:
    """As a partner's software answers."""
    body = f"UCI+{reference}+{OURS}:14+{THEIRS}:14+{action}{'+12' if action == '4' else ''}'"
    return (
        f"UNB+UNOA:3+{sender}:14+{OURS}:14+260304:0910+{own}'UNH+1+CONTRL:D:3:UN'"
        f"{body}UNT+3+1'UNZ+1+{own}'"
    ).encode()


def arrives(folder: Path, name: str, body: bytes, age_s: float = 60) -> Path:
    path = folder / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    then = time.time() - age_s
    os.utime(path, (then, then))
    return path


def story(store: Store) -> list[str]:
    told = "SELECT body FROM event WHERE kind = 'notices.answered' ORDER BY ver, seq"
    return [r["body"] for r in table(store, told)]


async def test_an_answer_is_told_once_and_a_refusal_is_somebodys_problem(
    store: Store, post: Post, folder: Path
) -> None:
    partner(store)
    order_for(store, "PO-20")
    await post.deliver()
    (row,) = [r for r in post.rows() if r["channel"] == "edi"]
    arrives(folder, "1.edi", contrl(row["reference"], "8"))
    assert await read_inbox(store, folder) == 1
    assert len(story(store)) == 1
    arrives(folder, "1.edi", contrl(row["reference"], "8"))
    assert await read_inbox(store, folder) == 1
    assert len(story(store)) == 1, "the same interchange of theirs"
    arrives(folder, "2.edi", contrl(row["reference"], "4", "C2"))
    await read_inbox(store, folder)
    (now,) = [r for r in post.rows() if r["channel"] == "edi"]
    assert (now["state"], now["why"]) == ("failed", "refused")
    problem = "SELECT body FROM discrepancy WHERE kind = 'edi_refused'"
    assert [msgspec.json.decode(r["body"])["fault"] for r in table(store, problem)] == ["12"]
    assert len(list((folder / "read").iterdir())) == 3
    assert list((folder / "in").iterdir()) == []


async def test_what_is_no_answer_of_ours_changes_nothing(
    store: Store, post: Post, folder: Path
) -> None:
    partner(store)
    order_for(store, "PO-21")
    await post.deliver()
    (row,) = [r for r in post.rows() if r["channel"] == "edi"]
    good_one = contrl(row["reference"], "4")
    arrives(folder, "cut.edi", good_one[:-20])
    arrives(folder, "order.edi", good_one.replace(b"CONTRL", b"ORDERS"))
    arrives(folder, "big.edi", b"x" * 1_000_001)
    arrives(folder, "stranger.edi", contrl(row["reference"], "4", sender="SOMEBODY"))
    arrives(folder, "unknown.edi", contrl("26010100000009", "4", "C9"))
    arrives(folder, ".hidden", good_one)
    arrives(folder, "still-written.edi", good_one, age_s=0)
    assert await read_inbox(store, folder) == 5
    assert story(store) == []
    assert [r["state"] for r in post.rows() if r["channel"] == "edi"] == ["sent"]
    assert sorted(p.name for p in (folder / "bad").iterdir()) == ["big.edi", "cut.edi", "order.edi"]
    assert sorted(p.name for p in (folder / "in").iterdir()) == [".hidden", "still-written.edi"]


async def test_nothing_personal_is_asked_of_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    """The twin for whoever tries Dockhand shows which message it would be."""
    out = Outgoing("n", "shipped", THEIRS, "en", "DESADV 2026-EC-1 7", "", "DESADV 2026-EC-1 7", "",
                   (), "", reference="7")  # fmt: skip
    ConsoleChannel("edi").send(out, NoticeRules())
    assert "edi to 9521234000006: DESADV 2026-EC-1 7" in capsys.readouterr().out


async def test_killed_between_the_folder_and_our_mark_another_node_writes_the_same(
    store: Store, post: Post, folder: Path
) -> None:
    class Dies(EdiFolder):
        def send(self, out: Outgoing, rules: NoticeRules) -> None:
            super().send(out, rules)
            raise RuntimeError("the machine is gone")

    partner(store)
    await post.deliver()
    order_for(store, "PO-32")
    post.channels["edi"] = Dies(folder)
    await post.sender.send_due()
    (path,) = (folder / "out" / THEIRS).iterdir()
    first = path.read_bytes()
    path.unlink()  # their carrier has it
    assert [r["state"] for r in post.rows() if r["channel"] == "edi"] == ["queued"]
    post.channels["edi"] = EdiFolder(folder)
    assert await post.another("there").send_due() == 0, "it is the dead one's for a while"
    post.later(LEASE_MS + 1)
    assert await post.another("there").send_due() == 1
    assert path.read_bytes() == first
    assert [r["state"] for r in post.rows() if r["channel"] == "edi"] == ["sent"]


async def test_sabotaged_a_number_given_as_it_is_sent_makes_two_of_one(
    store: Store, post: Post, folder: Path
) -> None:
    """What the number in the outbox is for."""

    class NumberedLate(EdiFolder):
        def send(self, out: Outgoing, rules: NoticeRules) -> None:
            super().send(out._replace(reference=f"{time.monotonic_ns()}"[-14:]), rules)

    post.channels["edi"] = NumberedLate(folder)
    partner(store)
    order_for(store, "PO-30")
    (row,) = [r for r in post.rows() if r["channel"] == "edi"]
    for _ in range(2):
        assert await post.sender._sent(row) is None
    assert len({i.reference for i in written(folder)}) == 2


async def test_sabotaged_a_file_that_is_moved_in_place_is_written_over(
    store: Store, post: Post, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the link is for."""
    monkeypatch.setattr(os, "link", os.replace)
    partner(store)
    order_for(store, "PO-31")
    (row,) = [r for r in post.rows() if r["channel"] == "edi"]
    other = folder / "out" / THEIRS / f"{row['reference']}.edi"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"of somebody else")
    await post.deliver()
    assert other.read_bytes() != b"of somebody else"
