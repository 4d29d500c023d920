from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports.importing import Site
from tests.stores import open_store


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_store("sqlite", tmp_path) as store:
        yield Site(store, tmp_path)
