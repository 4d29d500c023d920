"""Layout files: bins by rule, and every mistake told with line, field, value and mend."""

import json
import string
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from server.cli import main
from server.imports.layout_file import BadLayout, layout_of, read_layout
from server.inventory.tables import bin_
from server.picking.geometry import Layout, Spot
from server.picking.routes import Stop, route_anywhere
from tests.imports.importing import Site

EXAMPLE = Path(__file__).parents[2] / "docs/guide/layout.example.toml"
FLOOR = """\
aisles = 2
gap = 40
block_lengths = [100, 60]
depot = { aisle = 0, cross = 0 }
"""
SHELF = """
[[shelves]]
code = "A{aisle:02}-{position:02}-{level}"
bay = 20
bays = 3
levels = 2
"""


def found(text: str, *, toml: bool = True) -> list[tuple[int, str, object, str]]:
    with pytest.raises(BadLayout) as caught:
        layout_of(text, toml=toml)
    assert all(finding.mend for finding in caught.value.findings)
    return [(f.line, f.field, f.value, f.code) for f in caught.value.findings]


def test_the_example_is_sound_and_its_bins_have_places_and_zones() -> None:
    layout = read_layout(EXAMPLE)
    assert len(layout.bins) == 6 * 4 * 2 * 3 + 6 * 3 * 2 * 2 + 1
    by_code = {b.code: b for b in layout.bins}
    first = by_code["A01-01-1"]
    assert (first.aisle, first.block, first.offset, first.side) == (0, 0, 15, "L")
    assert (first.level, first.zone) == (1, "heavy")
    assert (by_code["B05-02R-2"].block, by_code["B05-02R-2"].zone) == (1, "fragile")
    assert (by_code["PALLET-1"].kind, by_code["PALLET-1"].capacity) == ("bulk", 800)


def test_positions_count_along_the_whole_aisle_odd_ones_on_the_left() -> None:
    layout = layout_of(FLOOR + SHELF, toml=True)
    front, back = layout.bins[0], layout.bins[-1]
    assert (front.code, front.side, front.block) == ("A01-01-1", "L", 0)
    assert (back.code, back.side, back.block) == ("A02-12-2", "R", 1)
    assert layout.at(back.aisle, back.block, back.offset) == Spot(1, 150)


def test_json_and_toml_say_the_same() -> None:
    shelf = {"code": "A{aisle:02}-{position:02}-{level}", "bay": 20, "bays": 3, "levels": 2}
    floor = {"aisles": 2, "gap": 40, "block_lengths": [100, 60], "depot": {"aisle": 0, "cross": 0}}
    as_json = json.dumps({**floor, "shelves": [shelf]})
    assert layout_of(as_json, toml=False) == layout_of(FLOOR + SHELF, toml=True)


def test_all_that_does_not_fit_is_told_at_once() -> None:
    text = """\
aisles = "two"
block_lengths = [100]
gpa = 40
[depot]
aisle = 0
[[bins]]
code = "A"
aisle = 0
block = 0
offset = 5
side = "X"
"""
    assert found(text) == [
        (1, "aisles", "two", "malformed"),
        (1, "gap", None, "missing"),
        (3, "gpa", None, "unknown_field"),
        (4, "depot.cross", None, "missing"),
        (11, "bins[0].side", "X", "malformed"),
    ]


def test_all_that_nobody_could_walk_to_is_told_at_once() -> None:
    text = """\
aisles = 2
gap = 40
block_lengths = [100, 60]
no_turn = [7]
[depot]
aisle = 0
cross = 3
[[dropoffs]]
aisle = 2
cross = 0
[[bins]]
code = "A 1"
aisle = 0
block = 1
offset = 61
"""
    assert found(text) == [
        (4, "no_turn[0]", 7, "layout.out_of_range"),
        (7, "depot.cross", 3, "layout.out_of_range"),
        (9, "dropoffs[0].aisle", 2, "layout.out_of_range"),
        (12, "bins[0].code", "A 1", "layout.unreadable_code"),
        (15, "bins[0].offset", 61, "layout.out_of_range"),
    ]


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        (SHELF.replace("{level}", "{floor}"), "shelves[0].code", "layout.bad_code"),
        (SHELF.replace("{level}", "{level!r}"), "shelves[0].code", "layout.bad_code"),
        (SHELF.replace("{level}", "{level:{bay}}"), "shelves[0].code", "layout.bad_code"),
        (SHELF.replace("{level}", "{level.x}"), "shelves[0].code", "layout.bad_code"),
        (SHELF.replace("{level}", "{level"), "shelves[0].code", "layout.bad_code"),
        (SHELF.replace("-{level}", ""), "shelves[0].code", "layout.code_twice"),
        (SHELF.replace("A{", "货{"), "shelves[0].code", "layout.unreadable_code"),
        (SHELF.replace("bays = 3", "bays = 4"), "shelves[0].bays", "layout.too_long"),
        (SHELF.replace("bay = 20", "bay = 0"), "shelves[0].bay", "layout.empty_bay"),
        (SHELF + "aisles = [0, 2]", "shelves[0].aisles[1]", "layout.out_of_range"),
        (SHELF + SHELF, "shelves[1].code", "layout.code_twice"),
        (
            '[[zones]]\nname = "a"\naisles = [0]\n[[zones]]\nname = "b"\naisles = [0]',
            "zones[1]",
            "layout.zone_twice",
        ),
        ('[[zones]]\nname = "a"\naisles = [9]', "zones[0].aisles[0]", "layout.out_of_range"),
    ],
)
def test_a_rule_that_makes_no_sound_bins_is_told_by_its_field(
    more: str, field: str, code: str
) -> None:
    assert (field, code) in [(f[1], f[3]) for f in found(FLOOR + more)]


def test_a_file_cannot_make_more_bins_than_a_site_can_hold() -> None:
    text = FLOOR.replace("[100, 60]", "[100000]").replace("aisles = 2", "aisles = 900")
    shelf = SHELF.replace("bay = 20", "bay = 1").replace("bays = 3", "bays = 1000")
    assert "layout.too_many_bins" in [f[3] for f in found(text + shelf)]


@pytest.mark.parametrize(
    ("name", "body", "line"),
    [
        ("x.toml", b"aisles = 1\ngap = = 2", 2),
        ("x.json", b'{"aisles": 1,\n\n"gap" 2}', 3),
        ("x.json", b"[" * 100_000, 1),
        ("x.toml", b"a = " + b"[" * 100_000, 1),
        ("x.toml", b"\xff\xfe", 1),
        ("x.json", b"[1]", 1),
        ("x.json", b"", 1),
    ],
)
def test_a_file_that_is_none_names_the_line_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, body: bytes, line: int
) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    assert main(["layout", "check", str(path)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"{name}: line {line}: ")
    assert said.out == ""


def test_checking_says_what_the_file_describes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layout", "check", str(EXAMPLE)]) == 0
    assert "217, levels up to 3" in capsys.readouterr().out


@given(
    at=st.integers(0, len(FLOOR + SHELF)),
    put=st.text(alphabet=string.punctuation + "\n 01a", max_size=4),
    cut=st.integers(0, 12),
)
def test_no_spoiled_file_ends_in_a_trace(at: int, put: str, cut: int) -> None:
    text = FLOOR + SHELF
    try:
        made = layout_of(text[:at] + put + text[at + cut :], toml=True)
    except BadLayout as bad:
        assert str(bad)  # noqa: PT017
    else:
        assert isinstance(made, Layout)


def test_an_import_writes_kind_zone_and_capacity_of_each_bin(site: Site) -> None:
    assert site.take("layout", EXAMPLE).made == {"bins": 217, "layouts": 1}
    of = bin_.c
    wanted = sa.select(of.kind, of.zone, of.capacity, of.offset_dm)
    assert site.rows(wanted.where(of.code == "PALLET-1")) == [("bulk", "", 800, 120)]
    assert site.take("layout", EXAMPLE).already == {"bins": 217, "layouts": 1}


def test_an_import_of_a_bad_file_names_everything_and_writes_nothing(site: Site) -> None:
    path = site.file(FLOOR + "no_turn = [7, 8]", name="floor.toml")
    status, text = site.tell("layout", path)
    assert status == 2
    assert "no_turn[0]" in text
    assert "no_turn[1]" in text
    assert site.count(bin_) == 0


def test_a_walk_ends_at_the_nearest_of_several_drop_off_points() -> None:
    far = layout_of(FLOOR, toml=True)
    more = FLOOR + "dropoffs = [{aisle = 1, cross = 2}, {aisle = 0, cross = 2}]"
    near = layout_of(more, toml=True)
    stop = [Stop(Spot(1, 150))]
    assert route_anywhere(near, stop).length == 40 + 160
    assert route_anywhere(far, stop).length == 2 * (40 + 150)
