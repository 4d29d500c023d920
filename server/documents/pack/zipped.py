"""A ZIP whose bytes follow from its contents alone: stored, sorted, no clock, no owner."""

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a ZIP can name."""
_UNIX, _PLAIN_FILE = 3, 0o100644 << 16


def write_zip(target: IO[bytes], entries: Mapping[str, bytes | Path]) -> None:
    """Entries by name; what is a path is copied piece by piece. Pictures do not shrink any more,
    and every compressor writes other bytes: nothing is compressed."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        for name in sorted(entries):
            told = zipfile.ZipInfo(name, EPOCH)
            told.create_system, told.external_attr = _UNIX, _PLAIN_FILE
            content = entries[name]
            if isinstance(content, bytes):
                made.writestr(told, content)
                continue
            told.file_size = content.stat().st_size
            with made.open(told, "w") as to, content.open("rb") as come:
                shutil.copyfileobj(come, to)
