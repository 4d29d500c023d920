"""What people outside the house see: the customer's page, and the page that checks a proof."""

import tempfile
from pathlib import Path

from server.documents.pack.page import verifier_page
from tests.e2e.tour.stop import Stop, Visit


def track(on: Visit) -> None:
    on.page.goto(f"{on.site.server.base}{on.site.track_path()}?lang={on.language}")


def verifier(on: Visit) -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "verify.html")
        page.write_bytes(verifier_page())
        on.page.goto(page.as_uri())
        on.page.locator("#language").select_option(on.language)


CUSTOMER = (
    Stop("track", "", track),
    Stop("verify", "", verifier),
)
