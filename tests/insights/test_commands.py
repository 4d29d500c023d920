"""A new site from the command line: the first administrator, the first device, backup, restore."""

import re
from pathlib import Path

import pytest

from server.cli import main


def test_a_new_site_gets_its_first_administrator_and_its_first_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKHAND_BLOBS", str(tmp_path / "blobs"))
    db = ["--db", f"sqlite:///{tmp_path / 'site.db'}"]
    assert main(["person", "Ada Admin", *db]) == 0
    said = capsys.readouterr().out
    badge = re.search(r"badge (B-\w{6})   PIN (\d{6,})", said)
    assert badge
    assert main(["person", "Somebody Else", "--badge", badge[1], *db]) == 2
    assert "badge_taken" in capsys.readouterr().err
    assert main(["code", "--origin", "https://dock.example", *db]) == 0
    assert re.search(r"https://dock\.example/#enrol=\w{4}-\w{4}", capsys.readouterr().out)


def test_backup_and_restore_are_two_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKHAND_BLOBS", str(tmp_path / "blobs"))
    old, new = (f"sqlite:///{tmp_path / name}" for name in ("old.db", "new.db"))
    assert main(["person", "Ada Admin", "--db", old]) == 0
    assert main(["backup", str(tmp_path / "backup"), "--db", old]) == 0
    assert main(["restore", str(tmp_path / "backup"), "--db", new]) == 0
    assert "new life" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "backup"), "--db", new]) == 2
    assert "not empty" in capsys.readouterr().err
    assert main(["check", "--db", new]) == 0
