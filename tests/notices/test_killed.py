"""A real server killed while the other side has the notice and we do not know it yet."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.floor_site import build, table
from tests.notices.post import order_for
from tests.notices.test_words import gateway
from tests.packing_work import put
from tests.serving import serving
from tests.stores import open_store

pytestmark = pytest.mark.faults


def until(true: Callable[[], bool], what: str, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def test_killed_at_the_worst_moment_it_goes_once_more_by_the_same_reference(
    tmp_path: Path,
) -> None:
    answers = threading.Event()
    with open_store("sqlite", tmp_path) as store, gateway(answers=answers) as (port, got):
        build(store)
        sms = {"url": f"http://127.0.0.1:{port}/sms"}
        quiet = {"quiet_from": "00:00", "quiet_to": "00:00"}
        put(store, "notices", {"on": True, "channels": ["sms"], "sms": sms} | quiet)
        with serving(store.url, tmp_path) as server:
            order_for(store)
            until(lambda: len(got) == 1, "the gateway has it")
            server.kill()
            answers.set()
            assert [r["state"] for r in table(store, "SELECT state FROM notice")] == ["queued"]
            over = sa.text("UPDATE lease SET until = 0")  # as if three minutes had passed
            store.run_sync(lambda tx: tx.conn.execute(over))
            server.start()
            sent = "SELECT state FROM notice WHERE state = 'sent'"
            until(lambda: len(table(store, sent)) == 1, "it is sent")
            order_for(store, "R-2")
            until(lambda: len(table(store, sent)) == 2, "and so is the next")
    references = [json.loads(body)["reference"] for _, body in got]
    assert references[0] == references[1]
    assert len(references) == 3
    assert len(set(references)) == 2
