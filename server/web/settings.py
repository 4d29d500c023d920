"""What the envelope has to be told about the site it stands around."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    """`origins`: exactly what a browser sends, `https://host[:port]` without a slash.

    `byte_paths`: where bodies are bytes (`application/offset+octet-stream`) instead of JSON.
    `form_paths`: where pages without script and cookie send forms.
    """

    origins: frozenset[str]
    byte_paths: tuple[str, ...] = ("/blobs",)
    form_paths: tuple[str, ...] = ("/t", "/s")


def local_origins(port: int, scheme: str = "http") -> frozenset[str]:
    """The names under which a server bound to loopback is opened."""
    return frozenset(f"{scheme}://{host}:{port}" for host in ("localhost", "127.0.0.1", "[::1]"))


def refuse_debug(environment: Mapping[str, str], *, developing: bool) -> None:
    """Debug answers carry traces and values. Litestar reads the variable by itself, so its mere
    presence stops the start."""
    if "LITESTAR_DEBUG" in environment and not developing:
        raise SystemExit("LITESTAR_DEBUG is set: unset it; its answers would show the inside")
