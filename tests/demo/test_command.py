"""`dockhand` as a person starts it: a process of its own, its terminal, and Ctrl+C."""

import re
import signal
from pathlib import Path

import msgspec
import pytest

from server.cli import main
from server.demo.site import layout
from tests.demo.started import answers, demo


def test_the_demo_opens_on_loopback_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    with demo(tmp_path / "demo", "--orders-per-minute", "0") as (process, port, said):
        page = answers(f"http://localhost:{port}/demo")
        assert page.status_code == 200
        text = "".join(said)
        pins = re.findall(r"B-[0-9A-Z]{6}\s+([0-9]{6,12})\s", text)
        assert len(pins) == 7
        assert not any(pin in page.text for pin in pins)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) in (0, 130)
    assert "Traceback" not in text


def test_the_demo_refuses_a_folder_of_somebody_elses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("keep")
    assert main(["demo", "--data", str(tmp_path), "--fresh"]) == 2
    assert "name an empty folder" in capsys.readouterr().err


def test_import_export_and_check_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("layout.json").write_bytes(msgspec.json.encode(layout()))
    Path("items.csv").write_text("sku,name,price,code,weight_g,weight_class\nA1,Mug,8.95,,240,\n")
    Path("stock.csv").write_text("sku,bin,qty,lot\nA1,A01-01-1,5,\nB2,A01-01-1,5,\n")
    assert main(["import", "layout", "layout.json"]) == 0
    assert main(["import", "items", "items.csv"]) == 0
    assert main(["import", "stock", "stock.csv"]) == 1
    assert "unknown_item" in Path("stock.stock.rejected.csv").read_text(encoding="utf-8")
    assert main(["check"]) == 0
    capsys.readouterr()
    assert main(["export", "orders"]) == 0
    assert capsys.readouterr().out.startswith("number,channel,ref")


def test_serve_refuses_weak_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DOCKHAND_ORIGINS", raising=False)
    assert main(["serve"]) == 2
    assert "DOCKHAND_ORIGINS" in capsys.readouterr().err
