"""What people outside the house see: the customer's pages, and the page that checks a proof."""

import tempfile
from pathlib import Path

from server.documents.pack.page import verifier_page
from tests.e2e.tour.stop import Stop, Visit


def _open(on: Visit, path: str) -> None:
    on.page.goto(f"{on.site.server.base}{path}?lang={on.language}")


def track(on: Visit) -> None:
    _open(on, on.site.track_path())


def survey(on: Visit) -> None:
    _open(on, on.site.survey_path())


def push(on: Visit) -> None:
    _open(on, on.site.push_path())


def verifier(on: Visit) -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "verify.html")
        page.write_bytes(verifier_page())
        on.page.goto(page.as_uri())
        on.page.locator("#language").select_option(on.language)


CUSTOMER = (
    Stop("track", "", track),
    Stop("survey", "", survey, "textarea"),
    Stop("push", "", push, "#ask"),
    Stop("verify", "", verifier),
)
