"""What loading asks for, and what follows from how a stop's parcels were loaded. Pure."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

Wish = Literal["must", "may", "off"]
SHORT = ("missing", "damaged")
"""Parcels that were looked for and do not go along, each with a reason."""


class LoadRules(msgspec.Struct, frozen=True, kw_only=True):
    """The site's setting `loading`. `papers`: without which no parcel of an order is loaded
    (`packing_list`, `delivery_note`, …); none: nothing is asked for. `plates`: to choose from."""

    papers: Annotated[tuple[Annotated[str, Meta(max_length=32)], ...], Meta(max_length=20)] = ()
    signature: Wish = "may"
    photo: Wish = "may"
    plates: Annotated[tuple[Annotated[str, Meta(max_length=20)], ...], Meta(max_length=200)] = ()


def lacking(rules: LoadRules, *, signed: bool, photos: int) -> list[str]:
    """What a departure should have brought along and did not."""
    asked = {"signature": (rules.signature, signed), "photo": (rules.photo, photos > 0)}
    return [what for what, (wish, is_there) in asked.items() if wish == "must" and not is_there]


class Verdict(NamedTuple):
    """`goes`: something of the stop is aboard and nothing is unexplained. `short`: parcels that do
    not go along. `why`: what the stop is closed with where nothing goes."""

    goes: bool
    short: tuple[str, ...]
    why: str


def judged(parcels: Mapping[str, str]) -> Verdict | None:
    """`parcels`: number -> planned, loaded, missing or damaged. None where one was not looked for:
    the whole stop stays at the dock until somebody says why."""
    if "planned" in parcels.values():
        return None
    short = tuple(sorted(number for number, state in parcels.items() if state in SHORT))
    goes = len(short) < len(parcels)
    return Verdict(goes, short, "" if goes or not short else parcels[short[0]])
