"""What a site says of its exceptions desk: the setting `exceptions`."""

from typing import Any

import msgspec

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.exceptions.rules import ExceptionRules

SETTING = "exceptions"
shaped(SETTING, ExceptionRules)


def rules_of(conn: Any, site: str) -> ExceptionRules:
    """A problem is never lost for a setting that was spoilt: then the usual rules hold."""
    try:
        return msgspec.convert(get_setting(conn, site, SETTING, {}), ExceptionRules)
    except msgspec.ValidationError:
        return ExceptionRules()
