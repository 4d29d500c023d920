"""The site's own key: made once, read by nobody else; what it signed outlives a rotation."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from server.cli import main
from server.documents.pack.verifying import plain_fingerprint
from server.pod.checks import signed_by
from server.store.backup import backup, restore
from server.store.secrets import keys_beside, secret
from server.store.site_keys import CURRENT, SiteKeys
from tests.stores import open_store


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_is_made_once_and_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    keys = SiteKeys(tmp_path / "keys")
    first = keys.current(5)
    assert keys.current(9).kid == first.kid == SiteKeys(tmp_path / "keys").current(9).kid
    assert mode(tmp_path / "keys" / CURRENT) == 0o600
    assert mode(tmp_path / "keys") == 0o700
    (public,) = keys.published()
    assert (public.kid, public.made_at, public.by) == (first.kid, 5, "")
    assert signed_by(public, b"told", first.sign(b"told"))
    assert not signed_by(public, b"other", first.sign(b"told"))


def test_a_folder_that_goes_away_takes_no_key_from_a_server_that_runs(tmp_path: Path) -> None:
    keys = SiteKeys(tmp_path / "keys")
    kid = keys.current(1).kid
    (tmp_path / "keys").rename(tmp_path / "gone")
    assert keys.current(2).kid == kid
    assert not (tmp_path / "keys").exists()


def test_a_file_that_is_no_key_is_passed_over(tmp_path: Path) -> None:
    keys = SiteKeys(tmp_path / "keys")
    kid = keys.current(1).kid
    (tmp_path / "keys" / "notes.json").write_text("{}")
    assert [key.kid for key in keys.published()] == [kid]


def test_nodes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    folders = [SiteKeys(tmp_path / "keys") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        kids = set(pool.map(lambda keys: keys.current(1).kid, folders))
    assert len(kids) == 1
    assert [key.kid for key in folders[0].published()] == list(kids)
    assert not list((tmp_path / "keys").glob("*.new"))


def test_a_rotated_key_is_vouched_for_by_the_one_before(tmp_path: Path) -> None:
    running, command = SiteKeys(tmp_path / "keys"), SiteKeys(tmp_path / "keys")
    old = running.current(1)
    signed = old.sign(b"told")
    new = command.rotate(2)
    assert new.kid != old.kid
    assert running.current(3).kid == new.kid, "a server that runs goes on with the new one"
    before, after = running.published()
    assert (before.kid, after.kid, after.by) == (old.kid, new.kid, old.kid)
    assert signed_by(before, b"told", signed)
    assert signed_by(before, after.succession(), after.voucher)
    forged = msgspec.structs.replace(after, made_at=7)
    assert not signed_by(before, forged.succession(), forged.voucher)


def test_a_backup_brings_the_key_along_and_a_restore_replaces_none(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        first = store.signer().kid
        store.keys.rotate(store.clock() + 1)  # the older one is listed first
        kid = store.signer().kid
        other = secret(store.keys.folder, "other.key", 32)
        backup(store.url, store.blobs, tmp_path / "backup")
    assert mode(tmp_path / "backup" / "keys" / CURRENT) == 0o600
    new = f"sqlite:///{tmp_path / 'new.db'}"
    restore(tmp_path / "backup", new, tmp_path / "site2" / "blobs", 1)
    restored = SiteKeys(keys_beside(tmp_path / "site2" / "blobs"))
    assert restored.current(1).kid == kid
    assert [key.kid for key in restored.published()] == [first, kid]
    assert mode(restored.folder / CURRENT) == mode(restored.folder / "other.key") == 0o600
    assert secret(restored.folder, "other.key", 32) == other

    own = SiteKeys(tmp_path / "other" / "keys").current(1).kid
    restore(tmp_path / "backup", f"sqlite:///{tmp_path / 'o.db'}", tmp_path / "other" / "blobs", 1)
    kept = SiteKeys(tmp_path / "other" / "keys")
    assert kept.current(1).kid == own
    assert {key.kid for key in kept.published()} == {first, kid, own}


def test_the_command_prints_the_fingerprint_and_rotates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKHAND_KEYS", str(tmp_path / "keys"))
    assert main(["pod", "key"]) == 0
    first = capsys.readouterr().out.strip()
    assert len(plain_fingerprint(first)) == 64
    assert main(["pod", "key", "--rotate"]) == 0
    second, before = capsys.readouterr().out.splitlines()
    assert second != first
    assert before.startswith(first)
    monkeypatch.setenv("DOCKHAND_KEYS", "/proc/nowhere/keys")
    assert main(["pod", "key"]) == 2
    assert "DOCKHAND_KEYS" in capsys.readouterr().err


def test_a_site_that_cannot_sign_does_not_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("ORIGINS", "http://localhost:8000"),
        ("DB", f"sqlite:///{tmp_path / 'site.db'}"),
        ("BLOBS", str(tmp_path / "blobs")),
        ("KEYS", "/proc/nowhere/keys"),
    ):
        monkeypatch.setenv(f"DOCKHAND_{name}", value)
    assert main(["serve"]) == 2
    assert "/proc/nowhere/keys" in capsys.readouterr().err
