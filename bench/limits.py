"""Thousands of sockets in one process."""

import resource

OPEN_FILES = 16_384


def raise_open_files() -> None:
    """Also for the processes that this one starts."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
