"""Random secrets of a site, each in a file that only the server's user can read."""

import os
import secrets as random
from pathlib import Path

from server.store.durable import sync, write_new


def keys_beside(blobs: Path) -> Path:
    return blobs.parent / "keys"


def secret(folder: Path, name: str, size: int) -> bytes:
    """`size` random bytes, made at the first call. Several nodes may share the folder: the first
    one's file counts."""
    path = folder / name
    try:
        return _read(path, size)
    except FileNotFoundError:
        _make(folder, path, size)
        return _read(path, size)


def _read(path: Path, size: int) -> bytes:
    found = path.read_bytes()
    if len(found) != size:
        raise ValueError(f"{path} holds {len(found)} bytes, not {size}: put the site's own back")
    return found


def _make(folder: Path, path: Path, size: int) -> None:
    """On the disk as a whole or not at all, whoever else is making it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f"{random.token_hex(8)}.new"
    write_new(fresh, random.token_bytes(size), 0o600)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    sync(folder)
