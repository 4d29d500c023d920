"""The device's re-routing is held to the server's by vectors: these are what the server makes."""

from tests.rules.reroute_cases import VECTORS, written


def test_the_servers_routes_are_those_of_the_vectors() -> None:
    assert VECTORS.read_bytes() == written()
