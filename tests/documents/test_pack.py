"""The dispute pack: complete, the same twice, and no forgery of it passes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.cli import main
from server.documents.pack.verifying import as_builtins, verify
from server.store.store import Store
from tests.documents.reading import text_of
from tests.evidence_work import Disputed, disputed, pack_of, packed, unpacked
from tests.floor_site import build
from tests.stores import open_store
from tests.tampering import TABLE, Tampering, assert_named


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disputed]:
    folder = tmp_path_factory.mktemp("pack")
    with open_store("sqlite", folder) as store:
        build(store)
        yield disputed(store)


@pytest.fixture(scope="module")
def pack(site: Disputed) -> bytes:
    return pack_of(site.store, site.order)


def fingerprint(store: Store) -> str:
    return store.signer().kid


def test_a_sound_pack_passes_all_eight_checks(site: Disputed, pack: bytes) -> None:
    answers = verify(unpacked(pack), fingerprint(site.store))
    assert list(answers) == [
        *("key", "contents", "unchanged", "device", "chain", "files", "countersigned", "head")
    ]
    assert not any(answers.values()), answers


@pytest.mark.parametrize("told", TABLE, ids=[t.name for t in TABLE])
def test_tampering_is_found_and_named(site: Disputed, pack: bytes, told: Tampering) -> None:
    forged = told.forge(unpacked(pack))
    answers = as_builtins(verify(forged, fingerprint(site.store)))
    assert_named(told, unpacked(pack), forged, answers)


def test_a_pack_is_the_same_bytes_each_time(site: Disputed, pack: bytes) -> None:
    assert pack_of(site.store, site.order) == pack
