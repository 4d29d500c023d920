"""A carrier is chosen, fetches, and tells where a parcel is; books and orders follow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.catalog.ops import PutSetting
from server.documents.papers import label_of
from server.pod.carriers.adapter import NullCarrier
from server.pod.carriers.api import quotes_of
from server.pod.carriers.asking import hand_in
from server.pod.carriers.ops import BookPickup, ChooseCarrier
from server.pod.carriers.shapes import Reported
from server.pod.ops import PlanRun
from server.store.dispatch import Verdict
from server.store.store import Store
from tests import carrier_work
from tests.carrier_work import CARRIERS, bill, set_carriers, spoil, told
from tests.floor_site import SITE, build, good, order, scalar, system, table
from tests.floor_work import assert_stock_adds_up, kinds, state
from tests.stores import open_store

HOUR_MS = 3_600_000


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        set_carriers(opened)
        yield opened


def packed(store: Store) -> list[str]:
    """None is due soon, so that every carrier would be in time."""
    far = "UPDATE orders SET due_at = 9999999999999"
    store.run_sync(lambda tx: tx.conn.exec_driver_sql(far))
    return carrier_work.packed(store)


def choose(store: Store, *shipments: str, **said: Any) -> Verdict:
    asked = ChooseCarrier(shipments=list(shipments), **said)
    return system(store, "pod.choose_carrier.v1", asked)


def refused(verdict: Verdict) -> tuple[str, str | None]:
    return verdict.outcome.value, verdict.code


def shipment_state(store: Store, shipment: str) -> str:
    return str(scalar(store, "SELECT state FROM shipment WHERE id = :s", s=shipment))


def on_hand(store: Store, sku: str) -> dict[str, int]:
    found = table(store, "SELECT bin, qty FROM stock WHERE sku = :s AND qty <> 0", s=sku)
    return {"CARRIER" if r["bin"].startswith("CARRIER/") else r["bin"]: r["qty"] for r in found}


def row(store: Store, shipment: str) -> dict[str, Any] | None:
    wanted = "SELECT body FROM feed WHERE kind = 'consignment' AND key = :k"
    body = scalar(store, wanted, k=shipment)
    return msgspec.json.decode(body) if body else None


def test_the_cheapest_is_taken_and_its_waybill_stands_in_the_order_s_story(store: Store) -> None:
    order_id = order(store, "R-1", MUG=2)
    (one,) = packed(store)
    good(choose(store, one))
    kept = bill(store, one)
    assert (kept["carrier"], kept["service"], kept["total"]) == ("swift", "eco", 440)
    assert [p["amount"] for p in msgspec.json.decode(kept["parts"])] == [400, 40]
    events = table(store, "SELECT body FROM event WHERE kind = 'pod.carrier_chosen'")
    said = msgspec.json.decode(events[0]["body"])
    assert (said["order"], said["number"], said["total"]) == (order_id, kept["number"], 440)
    shown = row(store, one)
    assert shown is not None
    assert (shown["number"], shown["carrier_name"]) == (kept["number"], "Swift Parcels")
    assert shown["parcels"] == 1


def test_the_waybill_number_is_on_the_parcel_s_label(store: Store) -> None:
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    parcel = scalar(store, "SELECT number FROM parcel")
    assert label_of_parcel(store, parcel) == "Standard"
    good(choose(store, one))
    assert label_of_parcel(store, parcel) == f"Swift Parcels · {bill(store, one)['number']}"
    good(choose(store, one, carrier="own"))
    assert label_of_parcel(store, parcel) == "Our vans"


def label_of_parcel(store: Store, parcel: str) -> str:
    return store.run_sync(lambda tx: label_of(tx.conn, SITE, parcel, "en").service)


def test_an_urgent_order_goes_with_the_fastest(store: Store) -> None:
    order(store, "R-1", MUG=2)
    store.run_sync(lambda tx: tx.conn.exec_driver_sql("UPDATE orders SET type = 'urgent'"))
    (one,) = packed(store)
    good(choose(store, one))
    assert bill(store, one)["service"] == "fast"


def test_another_choice_before_loading_makes_the_first_waybill_void(store: Store) -> None:
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    good(choose(store, one))
    first = bill(store, one)["number"]
    good(choose(store, one, carrier="own"))
    assert bill(store, one)["carrier"] == "own"
    assert bill(store, one)["number"].startswith("P-")
    assert scalar(store, "SELECT state FROM waybill WHERE number = :n", n=first) == "void"
    good(system(store, "pod.plan_run.v1", PlanRun()))
    assert refused(choose(store, one)) == ("refused", "shipment_not_waiting")


def test_what_a_carrier_fetches_goes_onto_no_run(store: Store) -> None:
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    good(choose(store, one))
    assert refused(system(store, "pod.plan_run.v1", PlanRun())) == ("refused", "nothing_to_ship")


def test_nobody_who_fits_is_refused_with_what_to_mend(store: Store) -> None:
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    store.run_sync(lambda tx: tx.conn.exec_driver_sql("UPDATE parcel SET weight_g = 40000"))
    verdict = choose(store, one, carrier="swift")
    assert refused(verdict) == ("refused", "no_carrier_fits")
    assert verdict.data is not None
    assert verdict.data["because"] == "too_heavy"
    assert "31500 g" in verdict.data["mend"]
    nobody = choose(store, one, carrier="nobody")
    assert refused(nobody) == ("refused", "no_carrier_fits")
    assert nobody.data is not None
    assert nobody.data["mend"] == "own van"
    assert refused(choose(store, "elsewhere")) == ("refused", "shipment_unknown")


def test_a_setting_that_cannot_be_read_is_told_and_stops_no_fact(store: Store) -> None:
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    good(choose(store, one))
    number = bill(store, one)["number"]
    spoil(store, "carriers", '{"currency": "pounds"}')
    assert refused(choose(store, one)) == ("refused", "carriers_unreadable")
    good(told(store, number, "Delivered"))
    assert shipment_state(store, one) == "closed"


def test_a_setting_that_nobody_could_read_is_not_taken(store: Store) -> None:
    said = PutSetting(key="carriers", value=CARRIERS | {"currency": "pounds"})
    assert refused(system(store, "catalog.put_setting.v1", said)) == ("refused", "malformed")


def test_a_carton_of_the_site_weighs_by_its_volume(store: Store) -> None:
    big = {"code": "XL", "name": "XL", "max_g": 30_000}
    sizes = {"length_mm": 600, "width_mm": 400, "height_mm": 500}
    cartons = PutSetting(key="cartons", value=[big | sizes])
    good(system(store, "catalog.put_setting.v1", cartons))
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    store.run_sync(lambda tx: tx.conn.exec_driver_sql("UPDATE parcel SET carton = 'XL'"))
    verdict = choose(store, one, carrier="swift")  # 24 kg by volume; its zone ends at 5
    assert refused(verdict) == ("refused", "no_carrier_fits")


def test_two_shipments_to_one_door_share_a_waybill_and_two_doors_do_not(store: Store) -> None:
    order(store, "R-1", MUG=2)
    order(store, "R-2", TEE=1)
    one, two = packed(store)
    good(choose(store, one, two))
    assert bill(store, one)["id"] == bill(store, two)["id"]
    assert bill(store, one)["total"] == 440
    store.run_sync(lambda tx: tx.conn.exec_driver_sql("UPDATE orders SET customer = ref"))
    assert refused(choose(store, one, two)) == ("refused", "not_one_door")
    good(choose(store, one))
    assert bill(store, two) == {}


def test_a_rule_of_the_site_chooses_when_the_last_parcel_is_sealed(store: Store) -> None:
    set_carriers(store, by_itself=True)
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    assert bill(store, one)["carrier"] == "swift"
    assert bill(store, one)["by_rule"]


def test_what_the_rule_cannot_place_goes_onto_the_exceptions_desk(store: Store) -> None:
    set_carriers(store, by_itself=True, own=None, rate_tables=[])
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    assert shipment_state(store, one) == "packed"
    assert kinds(store) == ["no_carriers"]


def test_quotes_say_what_each_price_is_made_of_and_use_up_no_number(store: Store) -> None:
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    asked = [
        store.run_sync(lambda tx: quotes_of(tx.conn, SITE, [one], store.clock())) for _ in range(2)
    ]
    found = asked[-1]
    assert [(o.quote.carrier, o.total) for o in found.offers] == [
        ("swift", 440),
        ("own", 500),
        ("swift", 880),
    ]
    assert [(p.what, p.amount) for p in found.offers[0].quote.parts] == [
        ("base", 400),
        ("fuel", 40),
    ]
    good(choose(store, one))
    assert bill(store, one)["number"] == "SW100000009"


def test_used_up_numbers_refuse_the_choice_and_keep_the_old_waybill(store: Store) -> None:
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    for _ in range(6):
        good(choose(store, one, carrier="swift"))
    last = bill(store, one)["number"]
    assert refused(choose(store, one, carrier="swift")) == ("refused", "waybills_used_up")
    assert bill(store, one)["number"] == last


def test_a_pickup_is_booked_for_all_that_waits_for_the_carrier(store: Store) -> None:
    order(store, "R-1", MUG=2)
    (one,) = packed(store)
    now = store.clock()

    def book(opens: int, closes: int, carrier: str = "swift") -> tuple[str, str | None]:
        asked = BookPickup(carrier=carrier, opens_at=now + opens, closes_at=now + closes)
        return refused(system(store, "pod.book_pickup.v1", asked))

    assert book(HOUR_MS, 2 * HOUR_MS) == ("refused", "nothing_to_fetch")
    good(choose(store, one))
    assert book(2 * HOUR_MS, HOUR_MS) == ("refused", "bad_window")
    assert book(-2 * HOUR_MS, -HOUR_MS) == ("refused", "bad_window")
    assert book(HOUR_MS, 2 * HOUR_MS, "own") == ("refused", "nothing_to_fetch")
    assert book(HOUR_MS, 2 * HOUR_MS) == ("applied", None)
    shown = row(store, one)
    assert shown is not None
    assert shown["pickup_at"] == now + HOUR_MS
    assert book(HOUR_MS, 2 * HOUR_MS) == ("refused", "nothing_to_fetch")  # all are fetched already


def sent(store: Store) -> tuple[str, str, str]:
    """Order, shipment and waybill number of three mugs that wait for the carrier."""
    order_id = order(store, "R-1", MUG=3)
    (one,) = packed(store)
    good(choose(store, one, carrier="swift"))
    return order_id, one, bill(store, one)["number"]


def test_the_carrier_s_word_moves_shipment_order_and_books(store: Store) -> None:
    order_id, one, number = sent(store)
    seen = []
    for at, text in enumerate(
        ("Shipment picked up", "Arrived at hub", "Out for delivery", "Delivered"), 1
    ):
        good(told(store, number, text, ref=str(at), happened_at=at))
        seen.append((shipment_state(store, one), state(store, order_id)))
    assert seen == [
        ("in_transit", "shipped"),
        ("in_transit", "shipped"),
        ("out_for_delivery", "out_for_delivery"),
        ("closed", "delivered"),
    ]
    assert on_hand(store, "MUG") == {"A01-1-1": 47}
    line = table(store, "SELECT shipped, delivered FROM order_line")[0]
    assert line == {"shipped": 3, "delivered": 3}
    assert row(store, one) is None
    assert kinds(store) == []
    assert_stock_adds_up(store)


def test_a_repeated_event_is_told_once(store: Store) -> None:
    order_id, _, number = sent(store)
    for _ in range(3):
        good(told(store, number, "Shipment picked up", happened_at=5))
    assert scalar(store, "SELECT COUNT(*) FROM carrier_event") == 1
    wanted = "SELECT COUNT(*) FROM event WHERE kind = 'pod.carrier_reported' AND key = :o"
    assert scalar(store, wanted, o=order_id) == 1
    assert_stock_adds_up(store)


def test_a_late_event_is_recorded_and_flagged_and_moves_nothing(store: Store) -> None:
    _, one, number = sent(store)
    good(told(store, number, "Out for delivery", happened_at=50))
    good(told(store, number, "Departed from hub", happened_at=40))
    assert shipment_state(store, one) == "out_for_delivery"
    flags = table(store, "SELECT state, late FROM carrier_event ORDER BY happened_at")
    assert [(r["state"], bool(r["late"])) for r in flags] == [
        ("in_transit", True),
        ("out_for_delivery", False),
    ]
    assert bill(store, one)["state"] == "out_for_delivery"


def test_a_delivery_counts_however_late_it_is_told_and_scans_after_it_do_not(store: Store) -> None:
    order_id, one, number = sent(store)
    good(told(store, number, "Departed from hub", happened_at=90))
    good(told(store, number, "Delivered", happened_at=80))
    good(told(store, number, "Package scanned at carrier facility", happened_at=95))
    assert (shipment_state(store, one), state(store, order_id)) == ("closed", "delivered")
    assert kinds(store) == []


def test_a_failed_attempt_is_seen_and_the_next_day_goes_on(store: Store) -> None:
    order_id, one, number = sent(store)
    good(told(store, number, "Out for delivery", happened_at=1))
    good(told(store, number, "Delivery failed: nobody home", happened_at=2))
    assert shipment_state(store, one) == "in_transit"
    assert kinds(store) == ["carrier_attempt_failed"]
    good(told(store, number, "Out for delivery", happened_at=3))
    good(told(store, number, "Delivered", happened_at=4))
    assert state(store, order_id) == "delivered"


def test_what_comes_back_is_looked_at_where_returns_are(store: Store) -> None:
    _, one, number = sent(store)
    good(told(store, number, "Shipment picked up", happened_at=1))
    assert on_hand(store, "MUG") == {"A01-1-1": 47, "CARRIER": 3}
    good(told(store, number, "Being returned to the sender", happened_at=2))
    assert shipment_state(store, one) == "returning"
    good(told(store, number, "Returned to sender", happened_at=3))
    assert shipment_state(store, one) == "returned"
    assert on_hand(store, "MUG") == {"A01-1-1": 47, "RETURNS": 3}
    assert kinds(store) == ["delivery_failed"]
    good(told(store, number, "Delivered", happened_at=4))
    assert shipment_state(store, one) == "returned"
    assert kinds(store) == ["carrier_against_books", "delivery_failed"]
    assert_stock_adds_up(store)


def test_the_site_s_table_of_codes_counts(store: Store) -> None:
    set_carriers(store, codes={"swift": {"77": "out_for_delivery"}})
    _, one, number = sent(store)
    good(told(store, number, "Ihr Paket", code="77"))
    assert shipment_state(store, one) == "out_for_delivery"


def test_a_number_that_nobody_gave_is_kept_for_a_person(store: Store) -> None:
    sent(store)
    for number, why in (("SW100000023", "waybill_unknown"), ("SW100000024", "waybill_mistyped")):
        assert refused(told(store, number, "Delivered")) == ("diverted", why)
    assert kinds(store) == ["waybill_mistyped", "waybill_unknown"]


def test_news_of_a_void_waybill_moves_no_shipment(store: Store) -> None:
    _, one, number = sent(store)
    good(choose(store, one, carrier="own"))
    good(told(store, number, "Delivered"))
    assert shipment_state(store, one) == "packed"


def test_what_a_carrier_is_asked_for_comes_in_its_order_and_asking_again_tells_nothing_twice(
    store: Store,
) -> None:
    order_id, one, number = sent(store)
    swift = NullCarrier("swift")
    for at, text in ((30, "Delivered"), (10, "Shipment picked up"), (20, "Out for delivery")):
        swift.told.append(Reported(number=number, ref=str(at), text=text, at=at))
    swift.told.append(Reported(number="SW100000016", ref="x", text="Delivered", at=1))
    for taken in (3, 0):
        assert store.run_sync(lambda tx: hand_in(tx, SITE, "swift", number, swift.told)) == taken
    told_states = table(store, "SELECT state, late FROM carrier_event ORDER BY happened_at")
    assert [(r["state"], bool(r["late"])) for r in told_states] == [
        ("picked_up", False),
        ("out_for_delivery", False),
        ("delivered", False),
    ]
    assert (shipment_state(store, one), state(store, order_id)) == ("closed", "delivered")
    assert_stock_adds_up(store)
