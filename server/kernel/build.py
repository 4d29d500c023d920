"""Which build this is: nodes and handhelds are upgraded one after the other, and meet."""

from importlib.metadata import PackageNotFoundError, version


def _installed() -> str:
    try:
        return version("dockhand")
    except PackageNotFoundError:  # a checkout that was never installed is older than any build
        return "0"


BUILD = _installed()


def is_newer(build: str, than: str = BUILD) -> bool:
    """Compares `2.14.0` by its numbers; what is no such name is newer than nothing."""
    theirs = _numbers(build)
    return theirs is not None and theirs > (_numbers(than) or ())


def _numbers(build: str) -> tuple[int, ...] | None:
    parts = build.split(".")
    if not all(p.isascii() and p.isdigit() for p in parts):
        return None
    return tuple(map(int, parts))
