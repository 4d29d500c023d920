"""Item masters, stock, layouts and maps: what is taken, what is refused, what a repeat does."""

import json
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.tables import item, item_code
from server.demo.site import layout
from server.imports import maps
from server.imports.gtin import own_ean13
from server.imports.stock import spread
from server.inventory.tables import bin_, lot, stock
from server.kernel.gs1 import has_check_digit
from server.picking.geometry import Layout
from tests.imports.importing import Site

NO_DEPOT = {"aisles": 1, "gap": 9, "block_lengths": [10], "depot": {"aisle": 3, "cross": 0}}
ITEM_HEAD = "sku,name,price,code,weight_g,weight_class"


def test_an_item_master_brings_codes_as_scans_resolve_them(site: Site) -> None:
    file = site.file(
        ITEM_HEAD,
        "A1,Mug,8.95,4006381333931,240,light",
        "A2,Tea 茶,3,,100,",
        "A3,Pot,1,XYZ-1,9,heavy",
    )
    assert site.take("items", file, "items").made == {"items": 3}
    codes = {sku: code for code, sku in site.rows(sa.select(item_code.c.code, item_code.c.sku))}
    assert codes == {"A1": "04006381333931", "A2": "0" + own_ean13("A2"), "A3": "XYZ-1"}
    assert site.take("items", file, "items").already == {"items": 3}


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("A1,Mug,8.95,4006381333930,240,light", "bad_check_digit"),
        ("A1,,8.95,4006381333931,240,light", "missing"),
        ("A1,Mug,8.95,4006381333931,-1,light", "out_of_range"),
        ("A1,Mug,8.95,4006381333931,240,huge", "unknown"),
        (f"A1,{'x' * 121},1,,1,light", "too_long"),
    ],
)
def test_a_bad_item_is_rejected(site: Site, row: str, rule: str) -> None:
    report = site.take("items", site.file(ITEM_HEAD, row), "items")
    assert report.rejected == {rule: 1}
    assert site.count(item) == 0


def test_a_code_of_another_item_is_refused_and_the_rest_goes_on(site: Site) -> None:
    file = site.file(ITEM_HEAD, "A1,Mug,,4006381333931,,", "A2,Cup,,4006381333931,,", "A3,J,,,,")
    report = site.take("items", file, "items")
    assert report.made == {"items": 2}
    assert report.rejected == {"code_belongs_to_another_item": 1}


def test_stock_is_received_once_a_delivery(site: Site) -> None:
    site.bins()
    site.items("A1")
    file = site.file("sku,bin,qty,lot", "A1,A01-01-1,5,", "A1,A01-01-1,7,L2", "a1,A01-02-1,1,")
    assert site.take("stock", file, "stock").made == {"receipts": 3}
    assert site.take("stock", file, "stock").already == {"receipts": 3}
    assert site.rows(sa.select(sa.func.sum(stock.c.qty))) == [(13,)]
    site.take("stock", file, "stock", ref="second lorry")
    assert site.rows(sa.select(sa.func.sum(stock.c.qty))) == [(26,)]


def test_stock_of_unknown_items_and_bins_is_rejected(site: Site) -> None:
    site.bins()
    site.items("A1")
    file = site.file("sku,bin,qty,lot", "A1,Z99,5,", "B1,A01-01-1,5,", "A1,A01-01-1,0,")
    report = site.take("stock", file, "stock")
    assert report.rejected == {"unknown_bin": 1, "unknown_item": 1, "out_of_range": 1}
    assert site.count(stock) == 0


def test_a_layout_becomes_bins_and_a_setting_without_them(site: Site) -> None:
    path = site.folder / "layout.json"
    path.write_bytes(msgspec.json.encode(layout()))
    assert site.take("layout", path).made == {"bins": 384, "layouts": 1}
    assert site.take("layout", path).already == {"bins": 384, "layouts": 1}
    assert site.count(bin_) == 384
    kept = site.store.run_sync(lambda tx: get_setting(tx.conn, "main", "layout", None))
    assert msgspec.convert(kept, Layout) == msgspec.structs.replace(layout(), bins=())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "malformed"),
        ("{", "malformed"),
        ('{"aisles": 0}', "malformed"),
        (json.dumps(NO_DEPOT), "layout.out_of_range"),
    ],
)
def test_a_layout_nobody_could_walk_is_refused_whole(site: Site, body: str, code: str) -> None:
    path = site.folder / "layout.json"
    path.write_text(body)
    status, text = site.tell("layout", path)
    assert status == 2
    assert code in text
    assert site.count(bin_) == 0


def test_goods_are_spread_over_all_bins_and_no_piece_is_lost() -> None:
    places = [f"B{n}" for n in range(10)]
    used = [spread(at, 10, places) for at in range(20)]
    assert all(sum(qty for _, qty in parts) == 10 for parts in used)
    assert {code for parts in used for code, _ in parts} == set(places)
    assert [len(parts) for parts in used[:6]] == [2, 1, 1, 1, 1, 2]
    assert spread(0, 1, places) == [("B0", 1)]


def test_codes_of_the_house_are_restricted_numbers_and_never_given_twice() -> None:
    taken: set[str] = set()
    for sku in ("85123A", "85123A", "x", "茶"):
        code = own_ean13(sku, taken)
        assert 20 <= int(code[:2]) <= 29
        assert has_check_digit(code)
        assert code not in taken
        taken.add(code)


@pytest.mark.parametrize("path", sorted(maps.BUILT_IN.glob("*.toml")), ids=lambda p: p.stem)
def test_every_built_in_map_loads(path: Path) -> None:
    kind = path.stem.rpartition("-")[2]
    assert maps.load(path.stem, kind).kind == kind  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing required field `kind`"),
        ('kind = "items"\n[columns]\nsku="a"', "which column holds name"),
        ('kind = "items"\n[columns]\nsku="a"\nname="b"\ncolour="c"', "knows no colour"),
        ('kind = "orders"\n[columns]\nsku="a"', "use one for items"),
        ('kind = "items"\nencoding = "utf-7"\n[columns]\nsku="a"\nname="b"', "encoding"),
        ('kind = "items"\ntimezone = "Mars/Base"\n[columns]\nsku="a"\nname="b"', "time zone"),
        ('kind = "items"\n[columns]\nsku="a"\nname="b"\n[not_goods]\npattern="("', "pattern"),
        ("kind = ", "Invalid value"),
    ],
)
def test_a_map_that_cannot_be_used_says_why(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text)
    with pytest.raises(maps.MapProblem, match=says):
        maps.load(str(path), "items")


def test_a_map_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(maps.MapProblem, match="uci-items"):
        maps.load("nothing", "items")


def test_items_and_stock_say_what_must_be_scanned_and_when_it_expires(site: Site) -> None:
    site.bins()
    head = f"{ITEM_HEAD},tracks_lot,tracks_expiry,tracks_serial"
    file = site.file(head, "A1,Tea,3,,100,,yes,yes,no", "A2,Clock,9,,1,,,,maybe")
    report = site.take("items", file, "tracked-items")
    assert (report.made, report.rejected) == ({"items": 1}, {"unknown": 1})
    flags = sa.select(item.c.tracks_lot, item.c.tracks_expiry, item.c.tracks_serial)
    assert site.rows(flags) == [(True, True, False)]
    lots = site.file(
        "sku,bin,qty,lot,expiry", "A1,A01-01-1,5,L1,2027-03-31", "A1,A01-01-1,5,L2,31.3.27"
    )
    assert site.take("stock", lots, "lots-stock").rejected == {"not_a_date": 1}
    assert site.rows(sa.select(lot.c.lot, lot.c.expiry)) == [("L1", "2027-03-31")]


def test_goods_kept_by_lot_are_rejected_without_one_and_no_lot_is_guessed(site: Site) -> None:
    site.bins()
    head = f"{ITEM_HEAD},tracks_lot,tracks_expiry,tracks_serial"
    file = site.file(head, "A1,Tea,3,,100,,yes,no,no")
    site.take("items", file, "tracked-items")
    known = site.file("sku,bin,qty,lot,expiry", "A1,A01-01-1,5,L1,2027-03-31")
    site.take("stock", known, "lots-stock")
    nameless = site.file("sku,bin,qty,lot,expiry", "A1,A01-01-1,5,,2027-03-31")
    report = site.take("stock", nameless, "lots-stock", ref="second lorry")
    assert report.rejected == {"lot_missing": 1}
    assert site.rows(sa.select(stock.c.lot, stock.c.qty)) == [("L1", 5)]


def test_items_say_their_size_and_how_they_are_packed(site: Site) -> None:
    head = f"{ITEM_HEAD},length_mm,width_mm,height_mm,upright,liquid,apart,temperature,dangerous"
    file = site.file(
        head,
        "A1,Oil,3,,1350,,80,80,310,yes,yes,food,,no",
        "A2,Rod,9,,1900,,25000,60,60,,,,,",
        "A3,Ice,9,,900,,100,100,100,,,,cold,",
        "A4,Box,9,,900,,1.5,100,100,,,,,",
        "A5,Pen,9,,45,,,,,,,,,yes",
    )
    report = site.take("items", file, "sized-items")
    assert report.made == {"items": 2}
    assert report.rejected == {"out_of_range": 1, "unknown": 1, "not_a_whole_number": 1}
    columns = ("length_mm", "height_mm", "upright", "liquid", "apart", "dangerous")
    found = sa.select(*(item.c[c] for c in columns)).order_by(item.c.sku)
    assert site.rows(found) == [
        (80, 310, True, True, "food", False),
        (0, 0, False, False, "", True),
    ]
    assert site.take("items", file, "sized-items").already == {"items": 2}
