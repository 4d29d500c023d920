"""How far it is, and where an address is, without asking anybody outside."""

import json
import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from server.pod import distances as d
from server.pod.distances import Door, NoMatrix, Osrm, Speeds, Spot, crow, great_circle_m
from server.pod.geocoding import AsOrdered, Centres, Chain, Delivered, NoGeocoder, key_of
from tests.data import data

BERLIN, POTSDAM = Spot(525200080, 134049540), Spot(523906000, 130645000)
SPEEDS = Speeds(road_percent=130, km_h=36, unknown_m=10_000, same_postcode_m=500)


def test_a_great_circle_is_as_long_as_geodesists_say() -> None:
    """Paris to Berlin 878 km; a degree of latitude 111.2 km on the mean sphere."""
    paris = Spot(488566000, 23522000)
    assert great_circle_m(paris, BERLIN) == pytest.approx(878_000, rel=0.005)
    assert great_circle_m(Spot(0, 0), Spot(10**7, 0)) == pytest.approx(111_195, abs=5)
    assert great_circle_m(BERLIN, BERLIN) == 0
    antipode = Spot(-BERLIN.lat_e7, BERLIN.lon_e7 - 1_800_000_000)
    assert great_circle_m(BERLIN, antipode) == pytest.approx(math.pi * d.EARTH_M, rel=1e-6)


def test_roads_are_longer_by_the_site_s_factor() -> None:
    table = crow([Door(spot=BERLIN), Door(spot=POTSDAM)], SPEEDS)
    straight = great_circle_m(BERLIN, POTSDAM)
    assert table.m[0][1] == round(straight * 1.3)
    assert table.s[0][1] == round(table.m[0][1] / 10)
    assert table.m[0][0] == 0


def test_doors_that_nobody_can_place_are_near_by_postcode_and_far_otherwise() -> None:
    doors = [Door(spot=BERLIN), *(Door(spot=None, postcode=code) for code in ("A", "A", "B", ""))]
    m = crow(doors, SPEEDS).m
    assert m[1][2] == 500
    assert m[1][3] == m[0][1] == m[4][1] == 10_000
    assert m[1][1] == 0


class Roads(BaseHTTPRequestHandler):
    """Answers as OSRM's table service does: 7 m and 3 s a step of the place's number."""

    broken = ""
    asked: list[str] = []

    def do_GET(self) -> None:
        Roads.asked.append(self.path)
        url = urlsplit(self.path)
        lons = [float(pair.split(",")[0]) for pair in url.path.rsplit("/", 1)[1].split(";")]
        query = parse_qs(url.query)
        rows, columns = (
            [lons[int(at)] for at in query[name][0].split(";")]
            for name in ("sources", "destinations")
        )
        step = [[round(abs(a - b) * 10) for b in columns] for a in rows]
        body: dict[str, Any] = {
            "code": "Ok",
            "distances": [[7.2 * n for n in row] for row in step],
            "durations": [[3.1 * n for n in row] for row in step],
        }
        if self.broken == "code":
            body["code"] = "NoTable"
        if self.broken == "null":
            body["distances"][0][-1] = None
        self.send_response(500 if self.broken == "500" else 200)
        self.end_headers()
        self.wfile.write(b"<html>" if self.broken == "html" else json.dumps(body).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def roads() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Roads)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Roads.broken, Roads.asked = "", []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def spots(n: int) -> list[Spot]:
    """Each a tenth of a degree east of the one before: one step of the answering server."""
    return [Spot(525000000, 130000000 + at * 1_000_000) for at in range(n)]


def test_a_matrix_server_is_asked_in_blocks_that_it_takes(roads: str) -> None:
    told = Osrm(roads).table(spots(120))
    assert told is not None
    metres, seconds = told
    assert metres[0][119] == round(7.2 * 119)
    assert seconds[119][0] == round(3.1 * 119)
    assert [metres[i][i] for i in range(120)] == [0] * 120
    assert len(Roads.asked) == 9
    assert all(path.count(";") < 2 * d.AT_ONCE + 100 for path in Roads.asked)


@pytest.mark.parametrize("broken", ["code", "null", "500", "html"])
def test_a_matrix_that_fails_is_replaced_by_the_crow(roads: str, broken: str) -> None:
    Roads.broken = broken
    doors = [Door(spot=spot) for spot in spots(3)]
    table = d.distances(doors, SPEEDS, Osrm(roads))
    assert table == crow(doors, SPEEDS)


def test_nobody_answers_and_nobody_is_asked() -> None:
    doors = [Door(spot=spot) for spot in spots(3)]
    assert d.distances(doors, SPEEDS, Osrm("http://127.0.0.1:9")) == crow(doors, SPEEDS)
    assert d.distances(doors, SPEEDS, NoMatrix()) == crow(doors, SPEEDS)


def test_unknown_doors_keep_their_guess_beside_a_matrix(roads: str) -> None:
    first, last = spots(2)
    doors = [Door(spot=first), Door(spot=None, postcode="X"), Door(spot=last)]
    table = d.distances(doors, SPEEDS, Osrm(roads))
    assert (table.by, table.m[0][2], table.m[0][1]) == ("matrix", 7, 10_000)


ADDRESS = {"country": "GB", "postcode": "ls1 4ap", "city": "Leeds", "street": "1 Mill Lane"}


def known(*rows: tuple[str, str, str, int, int]) -> Delivered:
    names = ("country", "postcode", "street", "lat_e7", "lon_e7")
    return Delivered([SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows])


def test_the_surest_source_of_a_position_wins() -> None:
    delivered = known(
        ("gb", "ls14ap", "1milllane", 10, 20),
        ("gb", "ls14ap", "3milllane", 30, 40),
    )
    centres = Centres({"gb": {"LS1 4AP": (1.0, 2.0), "leeds": (3.0, 4.0)}})
    chain = Chain(NoGeocoder(), AsOrdered(), delivered, centres)

    def found(**changes: str) -> tuple[Spot, str] | None:
        where = chain.find(ADDRESS | changes)
        return (where.spot, where.by) if where else None

    assert found(lat="52.5", lon="-1.25") == (Spot(525000000, -12500000), "order")
    assert found() == (Spot(10, 20), "address")
    assert found(street="9 Mill Lane") == (Spot(20, 30), "postcode")
    assert found(postcode="LS2") == (Spot(30000000, 40000000), "city")
    assert found(postcode="LS2", city="York") is None
    assert found(country="FR") is None


@pytest.mark.data
def test_real_addresses_are_found_by_what_was_delivered_to_their_neighbours() -> None:
    """Real addresses with coordinates: learn from every second one, ask for the others. The middle
    of a postcode is near enough to plan by: within 15 km for nine of ten."""
    path = data("addresses/us_real_geocoded.jsonl")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    made = [
        (
            {"country": "US", "postcode": r["postalCode"], "street": r["address1"]},
            Spot(round(r["coordinates"]["lat"] * 1e7), round(r["coordinates"]["lng"] * 1e7)),
        )
        for r in rows
        if "coordinates" in r
    ]
    delivered = known(*((*key_of(a), *spot) for a, spot in made[::2]))
    far = [
        great_circle_m(found.spot, spot)
        for address, spot in made[1::2]
        if (found := delivered.find(address)) is not None
    ]
    assert len(far) > 300
    assert sorted(far)[int(0.9 * len(far))] < 15_000
