"""Which address a station has, and when a label is sent again."""

from typing import Any

import msgspec
import pytest

from server.packing.print_rules import HOPELESS, Next, after
from server.packing.printers import Printing, Station


def station(**said: Any) -> Station:
    return msgspec.convert({"id": "b1", "name": "Bench 1", "kind": "network"} | said, Station)


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("10.0.0.21", "10.0.0.21", 9100),
        ("10.0.0.21:6101", "10.0.0.21", 6101),
        ("zebra-1.dock.example", "zebra-1.dock.example", 9100),
        ("[fe80::1]:9100", "fe80::1", 9100),
        ("[fe80::1]", "fe80::1", 9100),
    ],
)
def test_an_address_is_a_host_and_maybe_a_port(address: str, host: str, port: int) -> None:
    found = station(address=address)
    assert (found.host, found.port) == (host, port)


@pytest.mark.parametrize(
    "said",
    [
        {"address": ""},
        {"address": ":9100"},
        {"address": "10.0.0.21:0"},
        {"address": "10.0.0.21:70000"},
        {"address": "http://10.0.0.21"},
        {"address": "10.0.0.21/x"},
        {"address": "a b"},
        {"address": "a\nb"},
        {"kind": "browser", "address": "10.0.0.21"},
        {"address": "10.0.0.21", "dpi": 600},
        {"address": "10.0.0.21", "id": "a b"},
    ],
)
def test_what_is_no_station_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        station(**said)


def test_two_stations_of_one_name_are_refused() -> None:
    one = {"id": "b1", "name": "Bench", "kind": "browser"}
    with pytest.raises(msgspec.ValidationError, match="same id"):
        msgspec.convert({"stations": [one, one]}, Printing)


def test_a_fault_waits_twice_as_long_each_time_until_the_tries_are_over() -> None:
    waits = [after("no_answer", tried, 1_000, tries=4, wait_s=3) for tried in (1, 2, 3, 4)]
    assert waits == [
        Next("queued", 4_000),
        Next("queued", 7_000),
        Next("queued", 13_000),
        Next("failed", 1_000),
    ]


@pytest.mark.parametrize("fault", sorted(HOPELESS))
def test_what_no_further_try_would_mend_fails_at_once(fault: str) -> None:
    assert after(fault, 1, 0, tries=9, wait_s=1).state == "failed"


def test_what_was_printed_is_printed() -> None:
    assert after("", 9, 5, tries=4, wait_s=3) == Next("printed", 5)
