"""The built web app: the shell and its worker always fresh, hashed assets for ever."""

from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
}


def handlers(folder: Path) -> list[Any]:
    """A handler per top-level file of the build; nothing else on the disk can be reached."""
    if not (folder / "index.html").exists():
        return [_not_built]
    files = [f for f in sorted(folder.iterdir()) if f.is_file() and f.suffix in TYPES]
    made: list[Any] = [_file(f"/{f.name}", f) for f in files if f.name != "index.html"]
    made.append(_file("/", folder / "index.html"))
    if (folder / "assets").is_dir():
        year = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)
        made.append(
            create_static_files_router(
                path="/assets", directories=[folder / "assets"], cache_control=year
            )
        )
    return made


OPEN_PAGES = frozenset({"sign.html"})
"""For people without a sign-in, whose address holds a secret: nobody keeps or lists them."""


def _file(path: str, source: Path) -> Any:
    body, media_type = source.read_bytes(), TYPES[source.suffix]
    headers = {"cache-control": "no-cache"}
    if source.name in OPEN_PAGES:
        headers = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}

    @get(path, include_in_schema=False, sync_to_thread=False, name=f"static{path}")
    def serve() -> Response[bytes]:
        return Response(body, media_type=media_type, headers=headers)

    return serve


@get("/", include_in_schema=False, sync_to_thread=False)
def _not_built() -> Response[str]:
    return Response("The web app is not built: python3 dev.py build", media_type="text/plain")
