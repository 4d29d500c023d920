"""What loading asks for, and what follows from how a stop's parcels were loaded."""

from server.pod.load_rules import LoadRules, judged, lacking


def test_a_stop_goes_when_every_parcel_is_aboard_or_accounted_for() -> None:
    assert judged({"A": "loaded", "B": "loaded"}) == (True, (), "")
    assert judged({"A": "loaded", "B": "missing"}) == (True, ("B",), "")


def test_a_stop_of_which_nothing_is_aboard_is_closed_with_the_first_reason() -> None:
    assert judged({"A": "missing"}) == (False, ("A",), "missing")
    assert judged({"B": "missing", "A": "damaged"}) == (False, ("A", "B"), "damaged")


def test_a_parcel_that_nobody_looked_for_keeps_the_whole_stop_at_the_dock() -> None:
    assert judged({"A": "loaded", "B": "planned"}) is None


def test_what_the_site_wants_and_did_not_get_is_named() -> None:
    strict = LoadRules(signature="must", photo="must")
    assert lacking(strict, signed=False, photos=0) == ["signature", "photo"]
    assert lacking(strict, signed=True, photos=1) == []
    assert lacking(LoadRules(), signed=False, photos=0) == []
