"""What a consignment costs, by own vans and by rate table, to the last minor unit."""

import datetime as dt
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.errors import Refusal
from server.pod.carriers.adapter import Carrier, NullCarrier
from server.pod.carriers.money import each_begun, share, shares
from server.pod.carriers.own_fleet import OwnVans
from server.pod.carriers.promise import arrives_by
from server.pod.carriers.rate_table import ByRateTable
from server.pod.carriers.rules import compare, door
from server.pod.carriers.shapes import Box, Consignment, Part, Quote, Rates, Window
from server.pod.carriers.tariffs import Carriers, Numbers
from server.pod.carriers.waybills import is_waybill, waybill_number
from server.pod.carriers.zones import chargeable_g, zone_of

UTC = ZoneInfo("UTC")
MONDAY_NOON = int(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC).timestamp() * 1000)
DAY_MS = 86_400_000
SETTING: dict[str, Any] = {
    "currency": "GBP",
    "own": {
        "name": "Our vans",
        "areas": [{"country": "GB", "prefix": "LS", "km": 12}, {"country": "GB", "km": 90}],
        "stop": 250,
        "km": 30,
        "kg": 15,
    },
    "rate_tables": [
        {
            "id": "swift",
            "name": "Swift Parcels",
            "divisor": 5000,
            "fuel_bp": 1275,
            "insurance_bp": 50,
            "insurance_least": 100,
            "most_mm": 1750,
            "extras": {
                "remote": 900,
                "remote_places": [{"country": "GB", "prefix": "HS"}],
                "dangerous": 1500,
                "cold": 700,
                "cod": 300,
                "cod_bp": 200,
            },
            "zones": [
                {
                    "id": "home",
                    "places": [{"country": "GB"}],
                    "breaks": [{"to_g": 1000, "price": 399}, {"to_g": 5000, "price": 599}],
                    "per_kg": 80,
                    "days": {"eco": 3, "fast": 1},
                },
                {
                    "id": "isles",
                    "places": [{"country": "GB", "prefix": "HS"}],
                    "breaks": [{"to_g": 10000, "price": 1299}],
                    "days": {"eco": 5},
                },
            ],
            "services": [
                {"id": "eco", "name": "Economy", "abilities": ["dangerous", "cod"]},
                {"id": "fast", "name": "Next day", "factor_bp": 15000, "abilities": ["cold"]},
            ],
            "numbers": {"prefix": "SW", "first": 10000000, "last": 10000002, "suffix": "GB"},
        }
    ],
}
SITE = msgspec.convert(SETTING, Carriers)


def goods(**said: Any) -> Consignment:
    usual: dict[str, Any] = {
        "country": "GB",
        "postcode": "LS1 4AP",
        "boxes": (Box(number="P-00000001", weight_g=900),),
        "ready_at": MONDAY_NOON,
        "value": 5_000,
        "currency": "GBP",
    }
    return Consignment(**usual | said)


def swift() -> ByRateTable:
    counter = count(1)
    return ByRateTable(SITE.rate_tables[0], SITE, lambda _: next(counter))


def vans() -> OwnVans:
    assert SITE.own is not None
    return OwnVans(SITE.own, SITE)


def parts(quote: Quote) -> dict[str, int]:
    return {part.what: part.amount for part in quote.parts}


def test_a_price_is_base_and_fuel_and_insurance_each_rounded_half_up() -> None:
    eco, fast = swift().rates(goods()).quotes
    assert parts(eco) == {"base": 399, "fuel": 51, "insurance": 100}
    assert parts(fast) == {"base": 599, "fuel": 76, "insurance": 100}
    assert eco.total == 550


def test_half_a_unit_is_rounded_up() -> None:
    assert [share(1, 4_999), share(1, 5_000), share(3, 5_000)] == [0, 1, 2]


@given(st.integers(0, 10**9), st.integers(0, 100_000))
def test_a_share_is_never_further_off_than_half_a_unit(amount: int, points: int) -> None:
    assert abs(2 * 10_000 * share(amount, points) - 2 * amount * points) <= 10_000


def test_shipments_to_one_door_share_a_waybill_to_the_last_unit() -> None:
    assert shares(100, 3) == [34, 33, 33]
    assert shares(0, 2) == [0, 0]


def test_each_kilogram_begun_above_the_last_break_costs() -> None:
    heavy = goods(boxes=(Box(number="P-1", weight_g=5_001),))
    assert parts(swift().rates(heavy).quotes[0])["base"] == 599 + 80
    assert each_begun(80, 2_000, 1_000) == 160


def test_a_light_parcel_of_great_volume_weighs_by_its_volume() -> None:
    pillow = Box(number="P-1", weight_g=900, length_mm=400, width_mm=300, height_mm=300)
    assert chargeable_g([pillow], 5_000) == 7_200
    brick = Box(number="P-2", weight_g=9_000, length_mm=400, width_mm=300, height_mm=300)
    assert chargeable_g([pillow, brick], 5_000) == 16_200
    assert parts(swift().rates(goods(boxes=(pillow,))).quotes[0])["base"] == 599 + 3 * 80


def test_extras_are_asked_for_by_the_goods_and_the_place() -> None:
    asked = goods(needs=("cod", "dangerous"), cod=10_000)
    assert parts(swift().rates(asked).quotes[0]) == {
        "base": 399,
        "fuel": 51,
        "insurance": 100,
        "dangerous": 1500,
        "cod": 300 + 200,
    }
    remote = swift().rates(goods(postcode="hs1 2xx")).quotes[0]
    assert parts(remote)["remote"] == 900
    assert parts(remote)["base"] == 1299


def test_the_longest_prefix_of_a_postcode_is_the_zone_however_it_is_written() -> None:
    zones = SITE.rate_tables[0].zones
    for code, zone in (("HS1", "isles"), ("hs-2 1a", "isles"), ("LS1", "home"), ("", "home")):
        found = zone_of(zones, "gb", code)
        assert found is not None
        assert found.id == zone
    assert zone_of(zones, "FR", "75001") is None


def test_a_country_of_its_own_comes_before_the_rest_of_the_world() -> None:
    world = msgspec.to_builtins(SITE.rate_tables[0].zones[0]) | {
        "id": "world",
        "places": [{"country": "*", "prefix": "LS1"}, {"country": "*"}],
    }
    zones = [msgspec.convert(world, type(SITE.rate_tables[0].zones[0])), *SITE.rate_tables[0].zones]
    assert [z.id for c in ("GB", "FR") if (z := zone_of(zones, c, "LS1"))] == ["home", "world"]


@pytest.mark.parametrize(
    ("said", "why", "field"),
    [
        ({"country": "FR", "postcode": "75001"}, "place_not_served", "ship_to"),
        ({"boxes": (Box(number="P-1", weight_g=31_501),)}, "too_heavy", "weight_g"),
        (
            {"postcode": "HS1", "boxes": (Box(number="P-1", weight_g=10_001),)},
            "too_heavy",
            "weight_g",
        ),
        ({"boxes": (Box(number="P-1", weight_g=1, length_mm=1_751),)}, "too_long", "length_mm"),
        ({"currency": "EUR"}, "other_currency", "currency"),
    ],
)
def test_what_cannot_be_carried_is_told_with_the_reason_and_the_mend(
    said: dict[str, Any], why: str, field: str
) -> None:
    rates = swift().rates(goods(**said))
    assert rates.quotes == ()
    (no,) = rates.refused
    assert (no.why, no.field) == (why, field)
    assert no.mend


def test_own_vans_cost_a_stop_and_kilometres_and_each_kilogram_begun() -> None:
    quote = vans().rates(goods(boxes=(Box(number="P-1", weight_g=2_100),))).quotes[0]
    assert parts(quote) == {"stop": 250, "km": 360, "kg": 45}
    assert vans().rates(goods(country="FR")).refused[0].why == "place_not_served"
    assert vans().rates(goods(postcode="B1")).quotes[0].total == 250 + 2_700 + 15


def test_the_cheapest_goes_first_and_the_fastest_where_it_is_urgent() -> None:
    told = [vans().rates(goods(postcode="B1")), swift().rates(goods(postcode="B1"))]
    cheap = compare(goods(), told, "GBP").offers
    assert [q.service for q in cheap] == ["eco", "fast", "van"]
    urgent = compare(goods(urgent=True), told, "GBP").offers
    assert [q.service for q in urgent] == ["fast", "van", "eco"]


def test_a_cheap_offer_that_comes_too_late_is_taken_only_where_all_do() -> None:
    told = [swift().rates(goods())]
    in_two_days = goods(due_at=MONDAY_NOON + 2 * DAY_MS)
    assert compare(in_two_days, told, "GBP").offers[0].service == "fast"
    assert compare(goods(due_at=MONDAY_NOON), told, "GBP").offers[0].service == "eco"


def test_who_lacks_an_ability_is_out_at_any_price() -> None:
    asked = goods(needs=("cold",))
    found = compare(asked, [swift().rates(asked), vans().rates(asked)], "GBP")
    assert [q.service for q in found.offers] == ["fast"]
    assert {(no.carrier, no.service, no.why, no.value) for no in found.refused} == {
        ("swift", "eco", "cannot_carry", "cold"),
        ("own", "van", "cannot_carry", "cold"),
    }


def test_equal_offers_are_told_apart_by_their_names_in_any_order() -> None:
    pair = [NullCarrier(name, currency="GBP").rates(goods()) for name in ("zeta", "alpha")]
    for told in (pair, pair[::-1]):
        assert [q.carrier for q in compare(goods(), told, "GBP").offers] == ["alpha", "zeta"]


def test_an_offer_in_another_currency_is_never_compared() -> None:
    found = compare(goods(), [NullCarrier("null", 1, "EUR").rates(goods())], "GBP")
    assert found.offers == []
    assert found.refused[0].why == "other_currency"


def test_days_are_working_days_and_start_anew_after_the_cut_off() -> None:
    def said(hour: int, days: int, day: int = 23) -> str:
        ready = dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)
        end = arrives_by(int(ready.timestamp() * 1000), days, "16:00", UTC, (1, 2, 3, 4, 5))
        return dt.datetime.fromtimestamp(end / 1000 - 1, dt.UTC).strftime("%a %d")

    assert said(15, 1) == "Tue 24"
    assert said(16, 1) == "Wed 25"
    assert said(12, 1, day=27) == "Mon 30"  # Friday
    assert said(12, 0, day=28) == "Mon 30"  # Saturday


def test_the_promise_goes_by_the_site_s_clock() -> None:
    ready = int(dt.datetime(2026, 11, 23, 15, 30, tzinfo=dt.UTC).timestamp() * 1000)
    berlin = arrives_by(ready, 0, "16:00", ZoneInfo("Europe/Berlin"), (1, 2, 3, 4, 5))
    assert berlin == int(dt.datetime(2026, 11, 24, 23, tzinfo=dt.UTC).timestamp() * 1000)


def test_waybill_numbers_come_from_the_range_until_it_is_used_up() -> None:
    carrier = swift()
    made = [carrier.ship(goods(), "eco").number for _ in range(3)]
    assert made == ["SW100000009GB", "SW100000016GB", "SW100000023GB"]
    assert all(carrier.valid_number(number) for number in made)
    with pytest.raises(Refusal, match="waybills_used_up") as refused:
        carrier.ship(goods(), "eco")
    assert refused.value.data["mend"]


@pytest.mark.parametrize("check", ["gs1", "s10", "mod7"])
def test_a_mistyped_digit_is_noticed(check: str) -> None:
    numbers = msgspec.convert({"first": 0, "last": 99_999_999, "check": check}, Numbers)
    missed = 0
    for serial in range(1, 4_000, 37):
        number = waybill_number(numbers, serial)
        assert number is not None
        assert is_waybill(numbers, number)
        for at, digit in enumerate(number):
            for other in set("0123456789") - {digit}:
                missed += is_waybill(numbers, number[:at] + other + number[at + 1 :])
    # Modulo 7 takes d and d + 7 for the same: at most one of nine other digits.
    assert missed == 0 if check == "gs1" else missed <= 109 * 9


def test_the_check_digits_are_those_of_the_standards() -> None:
    s10 = msgspec.convert(
        {"prefix": "RB", "first": 47312482, "last": 47312482, "suffix": "GB", "check": "s10"},
        Numbers,
    )
    assert waybill_number(s10, 1) == "RB473124829GB"  # the example of UPU S10
    gs1 = msgspec.convert({"first": 629104150021, "last": 629104150021}, Numbers)
    assert waybill_number(gs1, 1) == "6291041500213"  # the example of GS1's calculator


@pytest.mark.parametrize("text", ["", "SW", "SW10000000GB", "SW100000008GB", "XX100000009GB", "é"])
def test_other_forms_are_no_waybill(text: str) -> None:
    assert not swift().valid_number(text)


def test_a_customer_s_door_is_the_same_however_it_is_written() -> None:
    here = door("C1", {"street": "1 Mill Lane", "postcode": "LS1", "country": "GB"})
    same = door("C1", {"street": "1 mill-lane", "postcode": "ls 1", "country": "gb"})
    other = door("C2", {"street": "1 Mill Lane", "postcode": "LS1", "country": "GB"})
    assert here == same != other


def test_every_adapter_is_a_carrier_and_the_null_twin_keeps_what_it_was_asked() -> None:
    null = NullCarrier()
    adapters: list[Carrier] = [null, vans(), swift()]
    for adapter in adapters:
        assert isinstance(adapter.rates(goods()), Rates)
        number = adapter.ship(goods(), "only").number
        assert adapter.valid_number(number)
        assert adapter.pickup(Window(1, 2)).window == Window(1, 2)
        assert adapter.track(number) == []
    assert null.shipped == [goods()]
    assert null.windows == [Window(1, 2)]


def test_a_setting_with_a_field_that_nobody_knows_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="fuel"):
        msgspec.convert(
            SETTING | {"rate_tables": [{**SETTING["rate_tables"][0], "fuel": 3}]}, Carriers
        )


def test_a_part_of_a_price_says_what_it_is() -> None:
    assert parts(vans().rates(goods()).quotes[0]).keys() == {"stop", "km", "kg"}
    assert Part("base", 1) in NullCarrier("n", 1).rates(goods()).quotes[0].parts
