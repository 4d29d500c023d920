"""Every screen is accessible (WCAG 2.2 AA by axe), fits 320 px, speaks its reader's language and
can be hit with a glove on. The default run looks at every screen once, in the languages and themes
in turn; `soak` looks at all of them in every language and both themes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.e2e.tour.camera import filmed
from tests.e2e.tour.look import THEMES, axe, complaints, covered, cut, foreign, targets, too_wide
from tests.e2e.tour.site import TourSite, touring
from tests.e2e.tour.stop import Stop, Visit
from tests.e2e.tour.tour import TOUR, all_routes, arrive, opened, routes_of, visited, walk
from tests.e2e.tour.words import LANGUAGES, words

ROLES = list(dict.fromkeys(journey.role for journey in TOUR))
JOURNEYS = {journey.name: journey for journey in TOUR}


def language_of(role: str, turn: int = 0) -> str:
    return LANGUAGES[(ROLES.index(role) + turn) % len(LANGUAGES)]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("template")


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    flags = [*FLAGS, *filmed(tmp_path_factory.mktemp("film"))]
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
    yield running
    running.close()


@pytest.fixture(scope="module")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TourSite]:
    """Where each role has its own language."""
    spoken = {role: language_of(role) for role in ROLES}
    with touring(tmp_path_factory.mktemp("site"), template, spoken) as running:
        yield running


def look_over(name: str, site: TourSite, browser: Browser, turn: int, *, both: bool) -> list[str]:
    """All that is wrong on one journey. `both`: each stop in both themes."""
    journey = JOURNEYS[name]
    told: list[str] = []

    def see(on: Visit, stop: Stop, at: int) -> None:
        themes = THEMES if both else [THEMES[(at + turn) % len(THEMES)]]
        for theme in themes:
            found = complaints(on, theme, floor=journey.floor)
            told.extend(f"{stop.name}, {on.language}, {theme}: {each}" for each in found)

    walk(journey, site, browser, language_of(journey.role, turn), see)
    return told


@pytest.mark.parametrize("journey", JOURNEYS)
def test_nothing_is_wrong_with_any_screen(journey: str, site: TourSite, browser: Browser) -> None:
    assert look_over(journey, site, browser, 0, both=False) == []


@pytest.fixture(scope="module", params=range(len(LANGUAGES)))
def turned(
    request: pytest.FixtureRequest, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, TourSite]]:
    """The turn, and a site whose people speak as it says."""
    turn = int(request.param)
    spoken = {role: language_of(role, turn) for role in ROLES}
    with touring(tmp_path_factory.mktemp("turned"), template, spoken) as running:
        yield turn, running


@pytest.mark.soak
@pytest.mark.parametrize("journey", JOURNEYS)
def test_nothing_is_wrong_in_any_language_and_theme(
    journey: str, turned: tuple[int, TourSite], browser: Browser
) -> None:
    turn, site = turned
    assert look_over(journey, site, browser, turn, both=True) == []


def test_every_route_of_the_app_is_on_the_tour() -> None:
    assert all_routes() - visited() == set(), "add a stop for each of these"
    assert visited() - all_routes() == {""}, "these are no routes any more"


def test_names_of_stops_are_of_one_stop_each() -> None:
    """Pictures are named after them."""
    names = [f"{journey.role}-{stop.name}" for journey in TOUR for stop in journey.stops]
    assert len(set(names)) == len(names)


def test_a_route_that_nobody_visits_is_found(tmp_path: Path) -> None:
    """The sabotaged twin: a view more."""
    folder = tmp_path / "supervisor"
    folder.mkdir()
    table = 'export const routes: Routes = {\n  "": Board,\n  plan: Plan,\n  "by/:id": One,\n};\n'
    (folder / "index.tsx").write_text(table)
    assert routes_of(folder) == {"supervisor", "supervisor/plan", "supervisor/by/:id"}
    assert routes_of(folder) - visited() == {"supervisor/plan", "supervisor/by/:id"}


@pytest.fixture(scope="module")
def enrolling(site: TourSite, browser: Browser) -> Iterator[Visit]:
    """The first screen of all, in Chinese."""
    journey = JOURNEYS["anyone"]
    with opened(browser, journey, "zh-Hans") as page:
        on = Visit(page, site, "zh-Hans", journey.role)
        arrive(on, journey.stops[0])
        yield on


NEWS = """(() => {
  const news = document.createElement("p");
  news.className = "toast";
  news.style.cssText = "position: fixed; inset: 0";
  document.body.append(news);
})()"""
WALL = """(() => {
  const [wall, standing, line, word] = ["div", "section", "li", "p"].map(name =>
    document.createElement(name));
  wall.className = "wall";
  standing.className = "standing";
  word.textContent = "Replenishment";
  word.style.cssText = "width: 2rem; overflow: hidden; white-space: nowrap";
  line.append(word);
  standing.append(line);
  wall.append(standing);
  document.body.append(wall);
})()"""
SABOTAGE = {
    "label": ("document.querySelectorAll('label').forEach(e => e.remove())", "label:"),
    "contrast": ("document.querySelector('main').style.color = '#9aa'", "color-contrast:"),
    "small": ("document.querySelector('.button').style.cssText = 'all: unset'", "target of"),
    "wide": ("document.querySelector('main').style.width = '400px'", "400 px wide"),
    "key": ("document.querySelector('h1').textContent = 'auth.enrolTitle'", "a key in place"),
    "english": (
        f"document.querySelector('h1').textContent = '{words('en')['auth.enrolTitle']}'",
        "not translated",
    ),
    "covered": (NEWS, "news covers"),
    "cut": (WALL, "cut on the wall"),
    "placeholder": ("document.querySelector('h1').textContent = '还有 {n} 个'", "a placeholder"),
}


@pytest.mark.parametrize("taken", SABOTAGE)
def test_what_is_wrong_with_a_screen_is_found(taken: str, enrolling: Visit) -> None:
    """The sabotaged twins: something is taken out of a screen that was right."""
    page, (script, told) = enrolling.page, SABOTAGE[taken]
    page.reload()
    page.locator("input[name=code]").wait_for()
    assert complaints(enrolling, "light", floor=True) == []
    page.evaluate(script)
    looks = (
        axe(page),
        targets(page, floor=True),
        too_wide(page),
        foreign(enrolling),
        covered(page),
        cut(page),
    )
    found = [each for look in looks for each in look]
    assert any(each.startswith(told) for each in found), found
