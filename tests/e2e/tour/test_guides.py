"""The guides say what stands on the screen: words in bold are the catalogue's, pictures are the
tour's."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.e2e.tour.pictures import GUIDE, LANGUAGES, MOST_BYTES, SIZES, name_of
from tests.e2e.tour.tour import TOUR
from tests.e2e.tour.words import PLACEHOLDER, words

ROLES = ("picker", "packer", "driver", "supervisor", "service", "admin")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
RULES = re.compile(r"```json\n(.*?)```", re.DOTALL)
PICTURE = re.compile(r"!\[[^\]]+\]\(\.\./(img/[^)]+)\)")


@cache
def on_screen(language: str) -> frozenset[str]:
    """Messages without what fills them."""
    return frozenset(PLACEHOLDER.sub("…", message) for message in words(language).values())


def guide(language: str, role: str) -> str:
    return (GUIDE / language / f"{role}.md").read_text("utf-8")


def strangers(text: str, language: str) -> list[str]:
    """What the guide quotes and no screen says."""
    quoted = (" ".join(each.split()) for each in BOLD.findall(text))
    return [each for each in quoted if each not in on_screen(language)]


def expected_pictures() -> Iterator[str]:
    for language in LANGUAGES:
        for journey in TOUR:
            for stop in journey.stops:
                for size in SIZES:
                    yield f"img/{language}/{name_of(journey.role, stop.name, size)}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_a_guide_quotes_the_screens(role: str, language: str) -> None:
    text = guide(language, role)
    assert len(BOLD.findall(text)) > 10
    assert strangers(text, language) == []


def test_a_button_that_does_not_exist_is_found() -> None:
    """The sabotaged twin."""
    text = guide("en", "picker").replace("**Take the next task**", "**Take the next job**")
    assert strangers(text, "en") == ["Take the next job"]
    assert strangers("**领取下一个任务**", "en") == ["领取下一个任务"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_the_pictures_of_a_guide_are_of_stops_of_the_tour(role: str, language: str) -> None:
    shown = PICTURE.findall(guide(language, role))
    assert len(shown) >= 7
    assert [each for each in shown if each not in set(expected_pictures())] == []
    assert [each for each in shown if not (GUIDE / each).exists()] == []


@pytest.mark.parametrize("role", ROLES)
def test_both_languages_show_the_same(role: str) -> None:
    names = [[Path(p).name for p in PICTURE.findall(guide(each, role))] for each in LANGUAGES]
    assert names[0] == names[1]


def test_the_rules_of_the_exceptions_desk_have_a_chinese_twin() -> None:
    """What it quotes stands on the screen, its pictures are there, and its figures are the same."""
    english, chinese = guide(".", "exceptions"), guide("zh-Hans", "exceptions")
    assert strangers(chinese, "zh-Hans") == []
    shown = PICTURE.findall(chinese)
    assert shown
    assert [each for each in shown if not (GUIDE / each).exists()] == []
    assert RULES.findall(english) == RULES.findall(chinese) != []
    assert english.count("\n## ") == chinese.count("\n## ")


def test_no_picture_is_left_of_a_stop_that_is_gone_and_none_is_large() -> None:
    kept = [path for language in LANGUAGES for path in (GUIDE / "img" / language).iterdir()]
    known = {GUIDE / each for each in expected_pictures()}
    assert [path.name for path in kept if path not in known] == []
    assert max(path.stat().st_size for path in kept) < MOST_BYTES
