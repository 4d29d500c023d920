"""What a connection promises does not depend on how somebody has set the database up."""

from pathlib import Path

import psycopg
import pytest

from server.store import engines
from server.store.engines import connection_options
from server.store.store import Store
from tests.stores import Postgres


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("default", "used"),
    [("off", "on"), ("local", "on"), ("remote_write", "on"), ("remote_apply", "remote_apply")],
)
def test_a_commit_is_flushed_whatever_the_default_of_the_database(
    tmp_path: Path, default: str, used: str
) -> None:
    url = Postgres.fresh_database()
    with psycopg.connect(url, autocommit=True) as conn:
        name = conn.info.dbname
        conn.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = {default}')
    store = Store(url, tmp_path)
    try:
        shown = store.run_sync(
            lambda tx: tx.conn.exec_driver_sql("SHOW synchronous_commit").scalar()
        )
    finally:
        store.close()
    assert shown == used


def test_both_ways_to_write_two_hosts_are_understood() -> None:
    ask = "target_session_attrs=read-write"
    short = connection_options(f"postgresql://me:pw@a:1,b:2/wms?{ask}")
    long = connection_options(f"postgresql://me:pw@/wms?host=a,b&port=1,2&{ask}")
    assert short == long
    assert (short["host"], short["port"], short["connect_timeout"]) == ("a,b", "1,2", 3)


def test_what_the_url_says_of_patience_goes_before_what_is_usual() -> None:
    assert connection_options("postgresql://a/wms?connect_timeout=9")["connect_timeout"] == "9"


@pytest.mark.postgres
@pytest.mark.parametrize("limited", [True, False])
def test_a_node_that_stops_in_the_middle_of_a_write_keeps_the_others_out_for_moments_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limited: bool
) -> None:
    """The twin: without the limit on its silence the lock stays where it is."""
    monkeypatch.setattr(engines, "IDLE_IN_WRITE_S", 1)
    store = Store(Postgres.fresh_database(), tmp_path)
    stopped = engines.writer_engine(store.url)
    try:
        with stopped.connect() as conn:
            if not limited:
                conn.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
            conn.exec_driver_sql("SELECT 1")  # it writes, and is not heard of again
            waiting = store.writer.run(lambda tx: tx.next_number("main", "wave"))
            if limited:
                assert waiting.result(timeout=4) == 1
            else:
                with pytest.raises(TimeoutError):
                    waiting.result(timeout=4)
            conn.invalidate()
        assert waiting.result(timeout=4) == 1
    finally:
        store.close()
        stopped.dispose()
