"""The envelope around every handler: headers, origins, limits and errors.

wrap(app, settings)     the outermost ASGI layers, for answers that no handler makes, too
exception_handlers      for `Litestar(exception_handlers=…)`
JSON_LIMIT              for `Litestar(request_max_body_size=…)`
"""

from typing import Any

from server.web.asgi import App
from server.web.errors import catch, error_response, exception_handlers
from server.web.guards import guard_origins, origin_allowed
from server.web.headers import add_headers
from server.web.limits import JSON_LIMIT, limit_knocking, refuse_bad_paths
from server.web.settings import WebSettings, local_origins, refuse_debug

__all__ = [
    "JSON_LIMIT",
    "WebSettings",
    "error_response",
    "exception_handlers",
    "local_origins",
    "origin_allowed",
    "refuse_debug",
    "wrap",
]


def wrap(litestar: Any, settings: WebSettings) -> App:
    """Outermost is last: headers on everything, and what is refused before the app is asked."""
    app = catch(litestar)
    app = refuse_bad_paths(app)
    app = guard_origins(app, settings.origins, settings.byte_paths, settings.form_paths)
    app = limit_knocking(app)
    return add_headers(app)
