"""Handhelds and nodes are upgraded one after the other: what either does not know yet waits, and
what an older build has queued is brought up to the newest shape."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.kernel import ops
from server.kernel.build import is_newer
from server.kernel.errors import Unavailable
from server.kernel.ops import FACT, Op, OpContext, operation, upcast
from server.kernel.values import Role
from server.store.store import Store
from server.sync import exchange
from tests.floor_site import Handheld, build, table
from tests.stores import open_store


class Weigh(Op):
    """As the newest build says it: v1 said `pounds`, v2 `grams` of one thing, v3 of several."""

    grams: list[int]


@pytest.fixture
def weighed(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """An operation in its third version; what its handler was given."""
    monkeypatch.setattr(ops, "REGISTRY", dict(ops.REGISTRY))
    monkeypatch.setattr(ops, "_UPCASTS", dict(ops._UPCASTS))
    given: list[list[int]] = []

    @operation("tests.weigh.v3", kind=FACT, roles={Role.PICKER})
    def weigh(op: Weigh, _ctx: OpContext) -> None:
        given.append(op.grams)

    @upcast("tests.weigh", 1)
    def pounds_to_grams(body: dict[str, Any]) -> dict[str, Any]:
        return {"grams": round(body["pounds"] * 453.59237)}

    @upcast("tests.weigh", 2)
    def one_to_several(body: dict[str, Any]) -> dict[str, Any]:
        return {"grams": [body["grams"]]}

    return given


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def test_what_older_builds_have_queued_is_brought_up_and_kept_as_it_came(
    store: Store, weighed: list[list[int]]
) -> None:
    picker = Handheld(store, "picker")
    assert picker.say("tests.weigh.v1", {"pounds": 2}) == ("applied", None)
    assert picker.say("tests.weigh.v2", {"grams": 500}) == ("applied", None)
    assert picker.say("tests.weigh.v3", {"grams": [1, 2]}) == ("applied", None)
    assert weighed == [[907], [500], [1, 2]]
    kept = table(store, "SELECT v, body FROM op WHERE kind = 'tests.weigh' ORDER BY n")
    assert [(r["v"], r["body"]) for r in kept][:2] == [(1, '{"pounds":2}'), (2, '{"grams":500}')]


def send(picker: Handheld, app: str, *names: str) -> int:
    said = [picker.envelope(name, {"n": 1}) for name in names]
    frame = msgspec.structs.replace(picker.frame(*said), app=app)
    return picker.store.run_sync(lambda tx: exchange.push(tx, picker.id, frame).last)


@pytest.mark.parametrize("unknown", ["floor.acknowledge.v2", "floor.dance.v1"])
def test_what_only_a_later_build_knows_waits_until_the_node_is_upgraded(
    store: Store, unknown: str
) -> None:
    picker = Handheld(store, "picker")
    assert send(picker, "99.0.0", "floor.acknowledge.v1", unknown, "floor.acknowledge.v1") == 1
    picker.n = 1
    with pytest.raises(Unavailable):
        send(picker, "99.0.0", unknown)
    assert table(store, "SELECT n FROM op WHERE device = :d", d=picker.id) == [{"n": 1}]


@pytest.mark.parametrize("app", ["0.0.1", "", "newest"])
def test_what_no_build_knows_is_refused_and_the_queue_goes_on(store: Store, app: str) -> None:
    picker = Handheld(store, "picker")
    assert send(picker, app, "floor.dance.v1", "floor.acknowledge.v1") == 2
    told = table(store, "SELECT outcome, code FROM op WHERE device = :d ORDER BY n", d=picker.id)
    assert told[0] == {"outcome": "refused", "code": "unknown_operation"}


def test_builds_are_compared_by_their_numbers() -> None:
    assert is_newer("2.10.0", than="2.9.3")
    assert is_newer("1.0.1", than="1.0")
    assert not is_newer("2.9.3", than="2.9.3")
    assert not is_newer("2.9.3", than="2.10.0")
    assert not is_newer("2.x", than="1.0")
