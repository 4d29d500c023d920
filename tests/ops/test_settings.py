"""A setting that the domain it belongs to could not read is refused where it is put."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.catalog.ops import PutSetting
from server.catalog.queries import get_setting
from server.store.store import Store
from tests.floor_site import SITE, build, system
from tests.stores import open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as opened:
        build(opened)
        yield opened


WRONG: list[tuple[str, Any, str]] = [
    ("runs", {"timezone": "Mars/Base"}, "value"),
    ("runs", {"hours": {"opens": "8 o'clock"}}, "value.hours.opens"),
    ("runs", {"stop_s": -1}, "value.stop_s"),
    ("places", {"DE": {"10115": [52.5]}}, "value[...][...]"),
    ("carriers", {"timezone": "../etc/passwd"}, "value"),
    ("promises", {"timezone": "Europe/Atlantis"}, "value"),
    ("priority", {"vip": "much"}, "value.vip"),
    ("cart", {"totes": "eight"}, "value.totes"),
    ("second_check", {"mode": "now and then"}, "value.mode"),
    ("substitutes", {"allow": "now and then"}, "value.allow"),
]


@pytest.mark.parametrize(("key", "value", "field"), WRONG)
def test_a_setting_that_cannot_be_read_is_refused_with_its_place(
    store: Store, key: str, value: Any, field: str
) -> None:
    before = store.run_sync(lambda tx: get_setting(tx.conn, SITE, key, None))
    verdict = system(store, "catalog.put_setting.v1", PutSetting(key=key, value=value))
    told = verdict.data or {}
    assert (str(verdict.outcome), verdict.code) == ("refused", "malformed")
    assert (told["field"], told["value"]) == (field, key)
    assert told["mend"]
    assert store.run_sync(lambda tx: get_setting(tx.conn, SITE, key, None)) == before


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Shanghai"])
@pytest.mark.parametrize("key", ["runs", "carriers", "promises"])
def test_time_zones_that_the_system_knows_are_taken(store: Store, key: str, zone: str) -> None:
    wanted = PutSetting(key=key, value={"timezone": zone})
    assert str(system(store, "catalog.put_setting.v1", wanted).outcome) == "applied"
