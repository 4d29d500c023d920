"""The audit log holds, and names the first row that somebody has touched by hand."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.cli import main
from server.insights import audit_books
from server.insights.audit_books import audit_findings
from server.store import audit, audit_heads
from server.store.backup import backup, restore
from server.store.sealer import HEAD_MS, Sealer
from server.store.store import Store
from tests.floor_site import Handheld, build, good, order, release_wave, table
from tests.floor_work import pick_all, take
from tests.stores import open_store

NOW = 1_800_000_000_000


class Clock:
    now = NOW

    def __call__(self) -> int:
        self.now += 1
        return self.now


@dataclass(frozen=True)
class Site:
    store: Store
    clock: Clock

    def work(self, ref: str) -> None:
        order(self.store, ref, MUG=2)
        good(release_wave(self.store))
        picker = Handheld(self.store, "picker", f"dev-{ref}")
        pick_all(picker, take(picker, "pick"))

    def seal(self) -> None:
        self.clock.now += HEAD_MS
        asyncio.run(Sealer(self.store).seal())

    def found(self) -> list[tuple[str, str]]:
        return [(f.rule, f.what) for f in audit_findings(self.store)[0]]

    def by_hand(self, statement: str, **values: Any) -> None:
        def job(tx: Any) -> None:
            tx.conn.execute(sa.text(statement), values)

        self.store.run_sync(job)

    def picks(self) -> list[dict[str, Any]]:
        picked = "SELECT * FROM op WHERE kind LIKE 'picking.confirm_pick%' ORDER BY ver, seq"
        return table(self.store, picked)


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _opened(kind: str, folder: Path) -> Iterator[Site]:
    clock = Clock()
    with open_store(kind, folder, clock) as store:
        store.signer()
        build(store)
        site = Site(store, clock)
        site.work("A-1")
        site.work("A-2")
        site.seal()
        yield site


@pytest.fixture
def either(kind: str, tmp_path: Path) -> Iterator[Site]:
    yield from _opened(kind, tmp_path)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    yield from _opened("sqlite", tmp_path)


def test_a_working_site_holds_and_says_what_is_not_sealed_yet(either: Site) -> None:
    assert audit_findings(either.store) == ([], 0)
    either.work("A-3")
    bad, fresh = audit_findings(either.store)
    assert bad == []
    assert fresh > 0
    either.seal()
    assert audit_findings(either.store) == ([], 0)
    sealed = sum(len(r["rows"]) > 2 for r in table(either.store, "SELECT rows FROM audit_link"))
    assert sealed > audit.AT_ONCE, "more than one commit was needed"


def _edit(s: Site) -> tuple[str, str]:
    p = s.picks()[1]
    s.by_hand("UPDATE op SET body = replace(body, 'qty', 'qtx') WHERE ver = :v", v=p["ver"])
    return "row_is_what_was_sealed", _named(p)


def _who(s: Site) -> tuple[str, str]:
    p = s.picks()[0]
    s.by_hand("UPDATE op SET person = 'somebody' WHERE ver = :v", v=p["ver"])
    return "row_is_what_was_sealed", _named(p)


def _when(s: Site) -> tuple[str, str]:
    p = s.picks()[0]
    s.by_hand("UPDATE op SET recv_at = recv_at - 3600000 WHERE ver = :v", v=p["ver"])
    return "row_is_what_was_sealed", _named(p)


def _event(s: Site) -> tuple[str, str]:
    e = table(s.store, "SELECT * FROM event WHERE kind = 'OrderMoved' OR kind LIKE 'orders.%'")[-1]
    s.by_hand("UPDATE event SET key = 'x' WHERE ver = :v AND seq = :q", v=e["ver"], q=e["seq"])
    return "row_is_what_was_sealed", f"{e['site']}, version {e['ver']}, event {e['seq']}"


def _delete(s: Site) -> tuple[str, str]:
    p = s.picks()[1]
    s.by_hand("DELETE FROM op WHERE ver = :v", v=p["ver"])
    s.by_hand("DELETE FROM event WHERE ver = :v", v=p["ver"])
    return "row_is_what_was_sealed", _named(p)


def _delete_with_its_link(s: Site) -> tuple[str, str]:
    p = s.picks()[1]
    for name in ("op", "event", "audit_link"):
        s.by_hand(f"DELETE FROM {name} WHERE ver = :v", v=p["ver"])  # noqa: S608
    links = "SELECT min(ver) AS ver FROM audit_link WHERE site = :s AND ver > :v"
    after = table(s.store, links, s=p["site"], v=p["ver"])[0]["ver"]
    return "links_follow_each_other", f"{p['site']}, version {after}"


def _take_a_link(s: Site) -> tuple[str, str]:
    """Its rows stay, and nothing vouches for them any more."""
    p = s.picks()[1]
    s.by_hand("DELETE FROM audit_link WHERE ver = :v", v=p["ver"])
    return "row_was_sealed", _named(p)


def _reorder(s: Site) -> tuple[str, str]:
    p, q = s.picks()[:2]
    for ver, to in ((p["ver"], -1), (q["ver"], p["ver"]), (-1, q["ver"])):
        s.by_hand("UPDATE op SET ver = :t WHERE ver = :v", t=to, v=ver)
    return "row_is_what_was_sealed", _named(p)


def _put_in(s: Site) -> tuple[str, str]:
    p = s.picks()[0]
    columns = ", ".join(c for c in p if c != "n")
    s.by_hand(
        f"INSERT INTO op (n, {columns}) SELECT 999, {columns} FROM op WHERE ver = :v",  # noqa: S608
        v=p["ver"],
    )
    return "row_was_sealed", f"{p['site']}, version {p['ver']}, {p['device']}/999"


def _cut(s: Site) -> tuple[str, str]:
    """Rows, events and links: what is left is a sound chain, only shorter than was signed."""
    p, last = s.picks()[1], table(s.store, "SELECT max(ver) AS ver FROM audit_link")[0]["ver"]
    for name in ("op", "event", "audit_link"):
        s.by_hand(f"DELETE FROM {name} WHERE ver >= :v", v=p["ver"])  # noqa: S608
    return "chain_reaches_its_signed_head", f"{p['site']}, version {last}"


def _seal_again(s: Site) -> tuple[str, str]:
    """A row edited, and the whole chain made anew behind it."""
    p, last = s.picks()[0], table(s.store, "SELECT max(ver) AS ver FROM audit_link")[0]["ver"]
    s.by_hand("UPDATE op SET person = 'somebody' WHERE ver = :v", v=p["ver"])
    s.by_hand("DELETE FROM audit_link")
    while s.store.run_sync(audit.seal):
        pass
    return "chain_is_what_was_signed", f"{p['site']}, version {last}"


def _named(p: dict[str, Any]) -> str:
    return f"{p['site']}, version {p['ver']}, {p['device']}/{p['n']}"


BY_HAND: list[Callable[[Site], tuple[str, str]]] = [
    _edit,
    _who,
    _when,
    _event,
    _delete,
    _delete_with_its_link,
    _take_a_link,
    _reorder,
    _put_in,
    _cut,
    _seal_again,
]


@pytest.mark.parametrize("touch", BY_HAND, ids=lambda f: f.__name__.strip("_"))
def test_the_first_bad_row_is_named(either: Site, touch: Callable[[Site], tuple[str, str]]) -> None:
    named = touch(either)
    assert either.found() == [named]


def test_without_the_signed_heads_a_cut_would_not_be_seen(site: Site) -> None:
    _cut(site)
    (site.store.keys.folder / audit_heads.FILE).unlink()
    assert site.found() == []


def test_a_check_that_did_not_look_at_rows_would_miss_an_edit(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _edit(site)
    monkeypatch.setattr(audit_books, "_row", lambda *_: None)
    assert site.found() == []


def test_a_head_that_nobody_signed_is_told_by_its_line(site: Site) -> None:
    path = site.store.keys.folder / audit_heads.FILE
    path.write_bytes(path.read_bytes().replace(b'"ver":', b'"ver":1') + b"no line\n")
    assert ("head_is_signed", "audit.heads, line 1") in site.found()
    assert ("head_is_signed", "audit.heads, line 2") in site.found()


def test_the_command_names_the_row(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "audit", "--db", site.store.url]) == 0
    assert "is what was sealed" in capsys.readouterr().out
    _, what = _edit(site)
    assert main(["check", "audit", "--db", site.store.url]) == 1
    assert what in capsys.readouterr().out


def test_after_a_restore_the_chain_goes_on(site: Site, tmp_path: Path) -> None:
    """What the old store had signed since the backup is gone with it, and is no tampering."""
    backup(site.store.url, site.store.blobs, tmp_path / "backup")
    site.work("A-3")
    site.seal()
    keys = site.store.keys.folder
    url = f"sqlite:///{tmp_path / 'new.db'}"
    restore(tmp_path / "backup", url, tmp_path / "blobs2", site.clock(), keys)
    again = Site(Store(url, tmp_path / "blobs2", site.clock, keys), site.clock)
    try:
        assert again.found() == []
        again.work("A-4")
        again.seal()
        assert audit_findings(again.store) == ([], 0)
        rule, _ = _cut(again)
        assert [found for found, _ in again.found()] == [rule]
    finally:
        again.store.close()


def test_an_old_file_put_back_by_hand_is_noticed(site: Site, tmp_path: Path) -> None:
    path = site.store.url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as live, sqlite3.connect(tmp_path / "old.db") as old:
        live.backup(old)
    site.work("A-3")
    site.seal()
    older = Store(f"sqlite:///{tmp_path / 'old.db'}", site.store.blobs, site.clock)
    try:
        assert [rule for rule, _ in Site(older, site.clock).found()] == [
            "chain_reaches_its_signed_head"
        ]
    finally:
        older.close()
