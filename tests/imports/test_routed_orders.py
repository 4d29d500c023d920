"""Orders that bring where and when they are wanted."""

import json

import pytest
import sqlalchemy as sa

from server.orders.tables import orders
from tests.imports.importing import Site
from tests.imports.test_bad_files import rejected

COLUMNS = (
    "ref,sku,name,qty,price,placed_at,customer,customer_name,ship_to_name,street,city,postcode,"
    "province,country,phone,email,lat,lon,deliver_from,deliver_to"
)


def row(**changes: str) -> str:
    values = {
        "ref": "A-1",
        "sku": "MUG",
        "qty": "2",
        "price": "2.50",
        "placed_at": "2026-01-05 08:00:00",
        "customer": "C1",
        "customer_name": "Corner Shop",
        "ship_to_name": "Corner Shop",
        "street": "Mill Lane 1",
        "city": "Berlin",
        "postcode": "10115",
        "country": "DE",
        "lat": "52.520008",
        "lon": "13.404954",
        "deliver_from": "2026-01-07 09:00:00",
        "deliver_to": "2026-01-07 12:00:00",
    } | changes
    return ",".join(values.get(name, "") for name in COLUMNS.split(","))


def test_position_and_window_of_an_order_are_taken_in(site: Site) -> None:
    site.items("MUG")
    report = site.take("orders", site.file(COLUMNS, row()), "routed-orders")
    assert report.made == {"orders": 1}
    [(ship_to, opens, closes)] = site.rows(
        sa.select(orders.c.ship_to, orders.c.deliver_from, orders.c.deliver_to)
    )
    to = json.loads(ship_to)
    assert (to["lat"], to["lon"]) == ("52.520008", "13.404954")
    assert closes - opens == 3 * 3_600_000


def test_an_order_without_either_is_as_good(site: Site) -> None:
    site.items("MUG")
    plain = row(lat="", lon="", deliver_from="", deliver_to="")
    assert site.take("orders", site.file(COLUMNS, plain), "routed-orders").made == {"orders": 1}
    assert site.rows(sa.select(orders.c.deliver_to)) == [(0,)]


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"lat": "91"}, "lat", "not_degrees"),
        ({"lon": "13,4"}, "lon", "not_degrees"),
        ({"lon": "1e2"}, "lon", "not_degrees"),
        ({"lat": ""}, "ship_to.lat", "missing"),
        ({"deliver_to": "2026-01-07 08:00:00"}, "deliver_to", "after deliver_from"),
        ({"deliver_from": "soon"}, "deliver_from", "not_a_date"),
    ],
)
def test_half_a_position_or_a_window_the_wrong_way_round_is_rejected(
    site: Site, changes: dict[str, str], field: str, rule: str
) -> None:
    site.items("MUG")
    changed = row(**{name: f'"{value}"' for name, value in changes.items()})
    report = site.take("orders", site.file(COLUMNS, changed), "routed-orders")
    assert report.made == {}
    [found] = rejected(site)
    assert (found["field"], found["rule"]) == (field, rule)
