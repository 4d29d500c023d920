"""Files that are on the disk for good when a call returns, whenever the power goes."""

import os
from pathlib import Path


def write_new(path: Path, data: bytes, mode: int) -> None:
    """Raises FileExistsError. Its name is kept once `sync` of the folder has returned."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """A file's content, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
