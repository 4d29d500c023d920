"""One POST to a server that is not ours. It follows no redirect, so that nobody is sent elsewhere
with our secret, and reads no more of an answer than its status."""

import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from server.mailing.port import NotSent

_LATER = frozenset({408, 425, 429})


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay)


def post(url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> None:
    """Raises NotSent; `status_of` says what it answered."""
    asked = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310  https, or loopback, by the setting
    try:
        with _OPENER.open(asked, timeout=timeout_s):
            pass
    except HTTPError as error:
        with error:
            raise Answered(error.code) from None
    except (OSError, HTTPException, ValueError) as error:
        raise NotSent("no_answer", type(error).__name__) from None


class Answered(NotSent):
    """Not with a 2xx."""

    def __init__(self, status: int) -> None:
        self.status = status
        later = status in _LATER or status >= 500
        signed_out = status in (401, 403)
        why = "turned_away" if later else "signed_out" if signed_out else "refused"
        super().__init__(why, f"it answered {status}")  # type: ignore[arg-type]
