"""The folder of test data, named by DOCKHAND_DATA; without it the tests that need it say so."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("DOCKHAND_DATA", Path(__file__).parents[2] / "shared" / "data"))


def data(folder: str, name: str = "") -> Path:
    """The file, or a skip that names the folder."""
    found = FOLDER / folder / name
    if not found.exists():
        pytest.skip(f"shared/data/{folder} is missing")
    return found
