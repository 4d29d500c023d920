"""The site's setting `reports`: who sees which kind of field, and what a report may cost."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.insights.reports.fields import Sees
from server.insights.reports.shapes import MOST_ROWS
from server.kernel.values import DESK, Role

SETTING = "reports"


class ReportRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`seconds`: a query is given up after. `shown`, `printed`, `filed`: rows on a screen, in a
    PDF, in a spreadsheet. `tries`: of a report by mail, the first one included; `wait_s`: before
    the second, twice as long before each later one. `contact`, `money`, `staff`: who sees it.
    `mail_to`: domains that reports may be sent to; none named: any."""

    seconds: Annotated[int, Meta(ge=1, le=120)] = 10
    shown: Annotated[int, Meta(ge=10, le=5_000)] = 1_000
    printed: Annotated[int, Meta(ge=10, le=1_000)] = 500  # the typesetter keeps 0.4 MB a row
    filed: Annotated[int, Meta(ge=10, le=MOST_ROWS)] = 20_000
    tries: Annotated[int, Meta(ge=1, le=10)] = 4
    wait_s: Annotated[int, Meta(ge=10, le=86_400)] = 300
    contact: tuple[Role, ...] = (Role.SERVICE, Role.ADMIN)
    money: tuple[Role, ...] = (Role.SUPERVISOR, Role.SERVICE, Role.ADMIN)
    staff: tuple[Role, ...] = (Role.SUPERVISOR, Role.ADMIN)
    mail_to: tuple[Annotated[str, Meta(max_length=253, pattern=r"^[a-z0-9.-]+$")], ...] = ()

    def may_see(self, role: Role, kind: Sees) -> bool:
        if kind == "open":
            return role in DESK
        return role in {"contact": self.contact, "money": self.money, "staff": self.staff}[kind]


shaped(SETTING, ReportRules)


def rules_of(conn: Any, site: str) -> ReportRules:
    return msgspec.convert(get_setting(conn, site, SETTING, {}), ReportRules)


def zone_of(conn: Any, site: str) -> ZoneInfo:
    """Where the site's clock hangs: as its promises have it."""
    said = get_setting(conn, site, "promises", {})
    try:
        return ZoneInfo(str(said.get("timezone", "UTC")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
