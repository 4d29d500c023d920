"""A pack as it comes from anywhere: a ZIP or a folder, of which nothing is believed yet."""

import zipfile
from pathlib import Path

MOST_FILES = 10_000
MOST_BYTES = 512 * 1024 * 1024


class BadPack(Exception):
    """It is no pack, or it is too large to look at; the sentence says what to do."""


def read_pack(path: Path) -> dict[str, bytes]:
    """All files by name. Raises BadPack."""
    try:
        return _folder(path) if path.is_dir() else _zip(path)
    except zipfile.BadZipFile:
        raise BadPack(f"{path} is no ZIP file; name the pack as it was downloaded") from None
    except OSError as trouble:
        raise BadPack(f"{path}: {trouble.strerror}") from None


def _folder(path: Path) -> dict[str, bytes]:
    found = sorted(p for p in path.rglob("*") if p.is_file())
    _check_size(len(found), sum(p.stat().st_size for p in found))
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in found}


def _zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as pack:
        files = [entry for entry in pack.infolist() if not entry.is_dir()]
        _check_size(len(files), sum(entry.file_size for entry in files))
        if len({entry.filename for entry in files}) < len(files):
            raise BadPack(f"{path} has two files of one name; ask for the pack again")
        try:
            return {entry.filename: pack.read(entry) for entry in files}
        except (NotImplementedError, RuntimeError) as trouble:
            raise BadPack(f"{path}: {trouble}; ask for the pack again") from None


def _check_size(files: int, size: int) -> None:
    if files > MOST_FILES or size > MOST_BYTES:
        raise BadPack(f"{files} files of {size} bytes are more than any pack has")
