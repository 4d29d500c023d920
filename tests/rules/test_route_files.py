"""`dockhand route FILE`: the formats it reads, the lines it prints, the files it refuses."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from server.cli import main
from server.picking.routes import Policy

HOUSE = {
    "aisles": 3,
    "aisle_gap": 40,
    "block_lengths": [300],
    "depot": {"aisle": 0, "cross": 0},
}
PICKS = [
    {"id": 7, "aisle": 1, "block": 0, "offset": 200, "class": "light"},
    {"id": 8, "aisle": 0, "block": 0, "offset": 100, "class": "heavy"},
    {"id": 9, "aisle": 1, "block": 0, "offset": 50, "class": "heavy"},
]
VARIANTS = {
    "open_end": {"start": {"aisle": 0, "cross": 0}, "end": {"aisle": 2, "cross": 1}},
    "reroute": {
        "start": {"aisle": 1, "block": 0, "offset": 200},
        "end": {"aisle": 0, "cross": 0},
        "remaining": [8, 9],
    },
    "heavy_first": {"best": 1},
}


def _file(folder: Path, kind: str, **instance: Any) -> str:
    path = folder / f"{kind}.json"
    whole = {"id": "one", "warehouse": HOUSE, **instance}
    path.write_text(json.dumps({"format": f"pick-{kind}/1", "instances": [whole]}), "utf-8")
    return str(path)


def _lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["route", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_route_gives_a_line_for_each_variant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _lines(capsys, _file(tmp_path, "route", picks=PICKS, variants=VARIANTS))
    assert [line["variant"] for line in lines] == ["closed", "open_end", "reroute", "heavy_first"]
    closed, open_end, reroute, heavy = lines
    assert set(closed) == {
        "id", "variant", "policy", "order", "length", "proven", "s_shape", "ms"
    }  # fmt: skip
    assert (closed["length"], closed["proven"], closed["s_shape"]) == (680, True, 680)
    assert (open_end["order"], open_end["length"]) == ([8, 9, 7], 2 * 100 + 40 + 300 + 40)
    assert (reroute["order"], reroute["length"]) == ([9, 8], 150 + 50 + 40 + 200)
    assert (heavy["order"], heavy["length"]) == ([8, 9, 7], 200 + 40 + 2 * 200 + 40)


@pytest.mark.parametrize("policy", get_args(Policy))
def test_every_policy_can_be_asked_for(
    policy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = _file(tmp_path, "route", picks=PICKS)
    (line,) = _lines(capsys, "--policy", policy, name)
    assert line["policy"] == policy
    assert sorted(line["order"]) == [7, 8, 9]
    assert line["length"] >= 680


def test_a_one_way_file_keeps_the_directions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = {**HOUSE, "aisle_direction": [1, -1, 1]}
    (line,) = _lines(capsys, _file(tmp_path, "oneway", picks=PICKS, warehouse=house))
    assert (line["variant"], line["order"], line["length"]) == ("oneway", [8, 7, 9], 680)


def test_a_scattered_file_gives_the_places_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    near, far = {"aisle": 0, "block": 0, "offset": 30}, {"aisle": 2, "block": 0, "offset": 9}
    lines = [
        {"id": "a", "qty": 1, "locations": [far, near]},
        {"id": "b", "qty": 3, "locations": [{**near, "qty": 2}, {**near, "offset": 40, "qty": 1}]},
    ]
    (line,) = _lines(capsys, _file(tmp_path, "scattered", lines=lines))
    assert (line["variant"], line["chosen"]) == ("scattered", [1, [0, 1]])
    assert (line["order"].count("b"), line["length"]) == (2, 80)


def test_a_wave_file_gives_each_order_to_one_cart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [
        {"id": at, "lines": [{"aisle": at % 2, "block": 0, "offset": 200}], "weight_g": 5}
        for at in range(4)
    ]
    (line,) = _lines(capsys, _file(tmp_path, "wave", orders=orders, cart={"orders": 2}))
    assert sorted(map(sorted, line["batches"])) == [[0, 2], [1, 3]]
    assert (line["variant"], line["length"]) == ("wave", 2 * 200 + 2 * 240)


def _route_with(**fields: Any) -> dict[str, Any]:
    return {"id": 1, "warehouse": {**HOUSE, **fields.pop("house", {})}, "picks": PICKS, **fields}


@pytest.mark.parametrize(
    ("instance", "told"),
    [
        ({"id": 1}, "missing required field `warehouse`"),
        (_route_with(picks=[{**PICKS[0], "aisle": 3}]), "picks[0].aisle: 3: use 0 to 2"),
        (_route_with(picks=[{**PICKS[0], "block": 1}]), "picks[0].block: 1: use 0 to 0"),
        (_route_with(picks=[{**PICKS[0], "offset": -1}]), "picks[0].offset: -1: use 0 to 300"),
        (_route_with(picks=[PICKS[0], PICKS[0]]), "picks[1].id: 7"),
        (_route_with(picks=[{"id": 1}]), "missing required field `aisle`"),
        (_route_with(house={"aisles": 0}), "Expected `int` >= 1"),
        (_route_with(house={"block_lengths": []}), "length >= 1"),
        (_route_with(house={"depot": {"aisle": 5, "cross": 0}}), "warehouse.depot.aisle: 5"),
        (_route_with(house={"aisle_direction": [1, 1, 1]}), "aisle_direction: 1"),
        (_route_with(variants={"reroute": {"remaining": [5]}}), "variants.reroute.remaining: 5"),
        (_route_with(variants={"open_end": {"end": {"aisle": 0, "cross": 2}}}), "end.cross: 2"),
    ],
)
def test_a_bad_instance_is_refused_with_its_place_and_what_mends_it(
    instance: dict[str, Any], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = _file(tmp_path, "route")
    Path(name).write_text(json.dumps({"format": "pick-route/1", "instances": [instance]}), "utf-8")
    assert main(["route", name]) == 2
    err = capsys.readouterr().err
    assert told in err
    assert f"{name}: instances[0]" in err


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"format": "pick-route/2", "instances": []}', '{"instances": []}', "\xff"],
)
def test_what_is_no_such_file_is_refused(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(text.encode("latin-1"))
    assert main(["route", str(path)]) == 2
    assert str(path) in capsys.readouterr().err
    assert main(["route", str(tmp_path / "none.json")]) == 2
    assert main(["route", str(tmp_path)]) == 2


def test_lines_that_hold_too_little_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = {"aisle": 0, "block": 0, "offset": 30, "qty": 2}
    lines = [{"id": "a", "qty": 3, "locations": [place]}]
    assert main(["route", _file(tmp_path, "scattered", lines=lines)]) == 2
    assert "lines[0]: 'a': the locations hold less than qty 3" in capsys.readouterr().err
