"""The log as EPCIS 2.0: valid by GS1's schema, and the same event twice is one event."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import sqlalchemy as sa

from server.catalog.ops import PutSetting
from server.cli import main
from server.insights.epcis.document import Wanted, document
from server.insights.epcis.hashing import context_names, hash_uri, prehash
from server.insights.epcis.mapping import Correction, Known, Told, epcis_event
from server.insights.epcis.uris import canonical_uri, is_sscc
from server.pod.ops import Arrive
from server.store.store import Store
from server.store.tables import event
from tests.asked import Asked, asking
from tests.data import data
from tests.evidence_work import on_the_road
from tests.floor_site import ITEMS, build, good, order, scalar, system, table
from tests.stores import open_store

SCHEMA = "schema/EPCIS-JSON-Schema.json"


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def validated(told: dict[str, Any]) -> dict[str, Any]:
    """Refuses what GS1's schema refuses; nothing is fetched for it."""
    schema = json.loads(data("epcis2", SCHEMA).read_text(encoding="utf-8"))
    kind = jsonschema.Draft7Validator
    kind(schema, format_checker=kind.FORMAT_CHECKER).validate(told)
    return told


def exported(store: Store, **asked: Any) -> dict[str, Any]:
    wanted = Wanted(site="main", **asked)
    told = store.run_sync(lambda tx: b"".join(document(tx.conn, wanted, 1_700_000_000_000)))
    found: dict[str, Any] = json.loads(told)
    return found


def events(store: Store, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = exported(store, **asked)["epcisBody"]["eventList"]
    return found


def delivered(store: Store) -> tuple[str, str]:
    """Two orders by one van: one accepted in full, one in part."""
    first = order(store, "R-1", MUG=3, TEE=2)
    other = order(store, "R-2", LAMP=1)
    driver, stops = on_the_road(store, first, other)
    assert driver.handheld.say("pod.arrive.v1", Arrive(stop=stops[0]["id"]))[0] == "applied"
    driver.deliver(stops[0], "full")
    record = driver.record(stops[1], "partial", reason="missing")
    record["lines"][0]["delivered"] = 0
    driver.hand_in(record)
    return first, other


def test_a_day_s_work_is_valid_and_tells_every_step(store: Store) -> None:
    first, _ = delivered(store)
    told = validated(exported(store))
    assert all(URI.fullmatch(uri) for uri in uris(told))
    steps = Counter(e["bizStep"] for e in told["epcisBody"]["eventList"])
    assert steps == {"packing": 2, "loading": 2, "departing": 2, "arriving": 1, "accepting": 2}
    own = events(store, order=first)
    assert [e["bizStep"] for e in own] == [
        *("packing", "loading", "departing", "arriving", "accepting")
    ]
    packing, *_, accepting = own
    gtins = {f"https://id.gs1.org/01/{ITEMS[sku].zfill(14)}": n for sku, n in DELIVERED.items()}
    for goods in (packing["childQuantityList"], accepting["quantityList"]):
        assert {g["epcClass"]: g["quantity"] for g in goods} == gtins
    assert accepting["epcList"] == [packing["parentID"]]
    assert accepting["disposition"] == "completeness_verified"
    number = scalar(store, "SELECT number FROM orders WHERE id = :i", i=first)
    assert accepting["bizTransactionList"] == [
        {"type": "po", "bizTransaction": f"urn:dockhand:order:main:{number}"}
    ]


DELIVERED = {"MUG": 3, "TEE": 2}
URI = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+")


def uris(told: Any, name: str = "") -> Iterator[str]:
    """What the schema wants to be an address, which its own program checks only with help."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from uris(value, key)
    elif isinstance(told, list):
        for value in told:
            yield from uris(value, name)
    elif name in ("eventID", "parentID", "epcList", "epcClass", "id", "bizTransaction"):
        yield told


def test_what_was_not_accepted_shows_as_a_mismatch(store: Store) -> None:
    _, other = delivered(store)
    accepting = events(store, order=other)[-1]
    assert (accepting["bizStep"], accepting["disposition"]) == ("accepting", "mismatch_quantity")
    assert "quantityList" not in accepting


def test_the_same_event_exported_twice_has_the_same_id(store: Store) -> None:
    delivered(store)
    once, again = events(store), events(store)
    assert once == again
    ids = [e["eventID"] for e in once]
    assert len(set(ids)) == len(ids)
    for e in once:
        assert e["eventID"] == hash_uri(prehash(e, {}))
        later = e | {"recordTime": "2030-01-01T00:00:00.000Z", "eventID": "urn:uuid:1"}
        assert hash_uri(prehash(later, {})) == e["eventID"]
        assert hash_uri(prehash(e | {"bizStep": "holding"}, {})) != e["eventID"]


def test_nobody_s_name_address_or_position_is_in_it(store: Store) -> None:
    delivered(store)
    text = json.dumps(exported(store))
    for secret in ("Corner Shop", "Mill Lane", "Leeds", "A. Receiver", "52.52", "525200080"):
        assert secret not in text


def test_a_site_with_a_number_of_its_own_is_called_by_it(store: Store) -> None:
    shop = {"name": "Dock", "gln": "4006381000000"}
    good(system(store, "catalog.put_setting.v1", PutSetting(key="shop", value=shop)))
    delivered(store)
    assert events(store)[0]["readPoint"] == {"id": "https://id.gs1.org/414/4006381000000"}


def test_a_span_of_time_and_a_number_of_events_are_kept(store: Store) -> None:
    delivered(store)
    assert len(events(store, most=3)) == 3
    first = table(store, "SELECT min(at_est) AS at FROM op WHERE kind = 'pod.depart'")[0]["at"]
    assert {e["bizStep"] for e in events(store, since=first)} >= {"departing", "accepting"}
    assert "packing" not in {e["bizStep"] for e in events(store, since=first)}
    assert events(store, until=1) == []


CLOSED: dict[str, Any] = {
    "run": "r1",
    "stop": "s1",
    "outcome": "full",
    "reason": "",
    "hash": "a" * 64,
    "proof": "p1",
}


def closed(**named: Any) -> Told:
    return Told(
        place=(1, 1), kind="pod.stop_closed", at=5, recv_at=9, order="o1", body=CLOSED | named
    )


def as_document(*told: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00.000Z",
        "epcisBody": {"eventList": list(told)},
    }


@pytest.mark.parametrize(
    ("outcome", "reason", "said"),
    [
        ("full", "", ("accepting", "completeness_verified")),
        ("partial", "missing", ("accepting", "mismatch_quantity")),
        ("partial", "wrong_goods", ("accepting", "mismatch_class")),
        ("partial", "damaged", ("accepting", "damaged")),
        ("refused", "changed_mind", ("accepting", "returned")),
        ("refused", "wrong_goods", ("accepting", "mismatch_class")),
        ("failed", "nobody_home", ("transporting", "in_transit")),
    ],
)
def test_an_outcome_has_its_step_and_its_disposition(
    outcome: str, reason: str, said: tuple[str, str]
) -> None:
    known = Known(site="main", parcels=["P-1"])
    told = epcis_event(closed(outcome=outcome, reason=reason), known)
    assert told is not None
    assert (told["bizStep"], told["disposition"]) == said
    validated(as_document(told))


def test_a_corrected_event_stays_itself_and_is_declared_an_error() -> None:
    known = Known(site="main", parcels=["P-1"])
    right = epcis_event(closed(outcome="refused", corrects="a" * 64), known)
    plain = epcis_event(closed(), known)
    assert right is not None
    assert plain is not None
    mended = Correction(event_id=right["eventID"], at=99)
    told = epcis_event(closed(), msgspec.structs.replace(known, corrected_by=mended))
    assert told is not None
    declared = told.pop("errorDeclaration")
    assert told == plain
    assert declared == {
        "declarationTime": "1970-01-01T00:00:00.099Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": [right["eventID"]],
    }
    validated(as_document(told | {"errorDeclaration": declared}, right))


def test_a_later_record_that_names_an_earlier_one_makes_it_an_error(store: Store) -> None:
    """As records of a later version do; the log of this one is given such an event."""
    first, _ = delivered(store)
    newest = "SELECT max(ver) AS ver FROM event WHERE kind = 'pod.stop_closed' AND key = :k"
    told = table(store, newest, k=first)[0]

    def corrected(tx: Any) -> None:
        here = sa.and_(
            event.c.key == first, event.c.ver == told["ver"], event.c.kind == "pod.stop_closed"
        )
        row = dict(tx.conn.execute(sa.select(event).where(here)).mappings().one())
        body = json.loads(row["body"])
        mends = body | {"corrects": body["hash"], "hash": "c" * 64, "outcome": "refused"}
        row |= {"ver": row["ver"] + 1000, "body": json.dumps(mends)}
        tx.conn.execute(sa.insert(event).values(row))

    store.run_sync(corrected)
    told_again = [e for e in events(store, order=first) if e["bizStep"] == "accepting"]
    wrong, right = told_again
    assert wrong["errorDeclaration"]["correctiveEventIDs"] == [right["eventID"]]
    assert "errorDeclaration" not in right
    validated(exported(store))


def test_cartons_and_pallets_with_serial_numbers_go_by_them() -> None:
    carton, pallet = "040123450000001112", "040123450000002225"
    assert is_sscc(carton)
    assert not is_sscc("040123450000001113")
    assert not is_sscc("P-00000001")
    body = {"pallet": pallet, "parcels": [carton]}
    told = epcis_event(
        Told(place=(1, 1), kind="packing.pallet_built", at=5, recv_at=9, order="", body=body),
        Known(site="main"),
    )
    assert told is not None
    assert told["parentID"] == f"https://id.gs1.org/00/{pallet}"
    assert told["childEPCs"] == [f"https://id.gs1.org/00/{carton}"]
    validated(as_document(told))


STALE = {
    "epcisDocWithAllGS1Keys",
    "epcisDocWithDefaultSchemaInContext",
    "epcisDocHavingTooManyUserExtensions",
}
"""Whose hashes do not belong to their texts; see the README of the data."""


def vectors() -> list[str]:
    folder = data("epcis2", "event_hash")
    return sorted(p.stem for p in folder.glob("*.jsonld") if p.stem not in STALE)


def test_event_ids_agree_with_every_vector_in_json() -> None:
    """29 events of 12 documents; the rest of the vectors is XML, or stale in its source."""
    agreed = 0
    for stem in vectors():
        folder = data("epcis2", "event_hash")
        told = json.loads((folder / f"{stem}.jsonld").read_text(encoding="utf-8"))
        body = told["epcisBody"]
        listed = body.get("eventList") or body["queryResults"]["resultsBody"]["eventList"]
        hashes = (folder / f"{stem}.hashes").read_text(encoding="utf-8").split()
        for each in listed:
            names = context_names(told) | context_names(each)
            left_out = [n for n in each if n.partition(":")[2] in ("captureID", "hash")]
            assert hash_uri(prehash(each, names, left_out)) in hashes, stem
            agreed += 1
    assert agreed == 29


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("urn:epc:id:sscc:4012345.0000000333", "https://id.gs1.org/00/040123450000003338"),
        ("urn:epc:id:sgtin:4047023.077551.98", "https://id.gs1.org/01/04047023775511/21/98"),
        ("urn:epc:id:sgln:4012345.00011.0", "https://id.gs1.org/414/4012345000115"),
        (
            "https://id.gs1.de/01/04012345999990/21/X?a=1",
            "https://id.gs1.org/01/04012345999990/21/X",
        ),
        ("urn:dockhand:parcel:P-1", "urn:dockhand:parcel:P-1"),
        ("https://example.com/anything", "https://example.com/anything"),
        ("geo:50.9,6.9", "geo:50.9,6.9"),
    ],
)
def test_an_identifier_is_the_same_in_whatever_form_it_comes(given: str, canonical: str) -> None:
    assert canonical_uri(given) == canonical


def test_the_command_writes_a_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKHAND_BLOBS", str(tmp_path / "blobs"))
    with open_store("sqlite", tmp_path) as opened:
        build(opened)
        first, _ = delivered(opened)
        number = str(scalar(opened, "SELECT number FROM orders WHERE id = :i", i=first))
        url = opened.url
    assert main(["export", "epcis", "--db", url]) == 0
    whole = validated(json.loads(capsys.readouterr().out))
    assert len(whole["epcisBody"]["eventList"]) == 9
    assert main(["export", "epcis", "--order", number, "--db", url]) == 0
    assert len(json.loads(capsys.readouterr().out)["epcisBody"]["eventList"]) == 5
    assert main(["export", "epcis", "--order", "none", "--db", url]) == 2
    assert "no order none" in capsys.readouterr().err


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store("sqlite", tmp_path) as opened:
        build(opened)
        async with asking(opened, tmp_path) as asked:
            yield asked


@pytest.mark.anyio
async def test_customer_service_and_administrators_may_fetch_it(site: Asked) -> None:
    first, _ = delivered(site.store)
    path = f"/api/epcis?order={first}"
    assert (await site.http.get(path)).status_code == 401
    for role in ("picker", "packer", "driver", "supervisor"):
        assert (await site.browser(role).ask("GET", path)).status_code == 403
    for role in ("service", "admin"):
        answer = await site.browser(role).ask("GET", path)
        assert answer.headers["content-type"] == "application/ld+json"
        assert len(validated(answer.json())["epcisBody"]["eventList"]) == 5
    other = await site.browser("admin", "other").ask("GET", path)
    assert other.json()["epcisBody"]["eventList"] == []


@pytest.mark.anyio
@pytest.mark.parametrize("query", ["limit=0", "limit=5001", "since=x", "order=%20", "until=-1"])
async def test_what_cannot_be_asked_is_told(site: Asked, query: str) -> None:
    answer = await site.browser("service").ask("GET", f"/api/epcis?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed")
    assert answer.json()["error"]["field"] == query.partition("=")[0]
