"""Whether something of an order may be sent back now, and for what reasons: by the customer's own
page, or by whoever of the house speaks with the customer."""

from typing import Any

import msgspec

from server.catalog.queries import get_setting
from server.returns.asking import DELIVERED, Returnable, is_too_late, opened_by_customer, returnable
from server.returns.authorise import SETTING
from server.returns.rules import USUAL, ReturnSettings

MOST_LINES = 200
OTHER = "other"


class Offered(msgspec.Struct, frozen=True):
    """Nothing, where nothing may be sent back."""

    lines: list[Returnable] = []
    reasons: list[str] = []


def by_page(conn: Any, order: Any, now: int) -> Offered:
    """`order`: its row; `now` in ms. The site chooses the reasons; none: nothing is offered."""
    settings = _settings(conn, order["site"])
    return _offered(conn, order, now, settings, settings.customer_reasons)


def by_house(conn: Any, order: Any, now: int) -> Offered:
    """Any reason for which delivered goods come back."""
    settings = _settings(conn, order["site"])
    known = sorted({*USUAL, *settings.reasons} - {OTHER})
    fit = [c for c in known if settings.reason(c).back and settings.reason(c).follow != "redeliver"]
    return _offered(conn, order, now, settings, [*fit, OTHER])


def _offered(
    conn: Any, order: Any, now: int, settings: ReturnSettings, reasons: list[str]
) -> Offered:
    """For an order that has been delivered, in time, and has no return under way."""
    if not reasons or order["state"] not in DELIVERED:
        return Offered()
    if is_too_late(conn, order["id"], now, settings.window_days):
        return Offered()
    if len(opened_by_customer(conn, order["id"])) >= settings.most_open:
        return Offered()
    return Offered(returnable(conn, order["id"])[:MOST_LINES], reasons)


def _settings(conn: Any, site: str) -> ReturnSettings:
    """A setting that nobody can read counts as none."""
    try:
        return msgspec.convert(get_setting(conn, site, SETTING, {}), ReturnSettings)
    except msgspec.ValidationError:
        return ReturnSettings()
