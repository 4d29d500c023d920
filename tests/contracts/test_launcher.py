"""What `dev.py` and the build hook take for fresh, for broken and for fitting."""

import json
import shutil
import sys
from pathlib import Path

import pytest

import dev
import hatch_build
from hatch_build import BuildError, Node

# Stand in for npm and vite: they write what the real ones would.
NPM = """
import json, pathlib, sys
tools = "--omit=dev" not in sys.argv
pathlib.Path("node_modules/vite/bin").mkdir(parents=True, exist_ok=True)
pathlib.Path("node_modules/vite/bin/vite.js").write_text(pathlib.Path("fake_vite.py").read_text())
with open("../installs", "a") as log:
    print("all" if tools else "some", file=log)
"""
VITE = """
import pathlib
pathlib.Path("../server/static").mkdir(parents=True, exist_ok=True)
pathlib.Path("../server/static/index.html").write_text(pathlib.Path("index.html").read_text())
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    pwa = tmp_path / "pwa"
    (pwa / "src").mkdir(parents=True)
    for name in (*hatch_build.INSTALL_INPUTS, "index.html", "vite.config.ts", "src/main.ts"):
        (pwa / name).write_text(json.dumps(name))
    (pwa / "fake_vite.py").write_text(VITE)
    return tmp_path


@pytest.fixture
def node(tmp_path: Path) -> Node:
    npm = tmp_path / "fake_npm.py"
    npm.write_text(NPM)
    return Node(Path(sys.executable), (sys.executable, str(npm)))


def installs(root: Path) -> list[str]:
    return (root / "installs").read_text().split()


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("v18.20.4", False),
        ("v20.18.9", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.19.0", True),
        ("", False),
        ("command not found", False),
    ],
)
def test_a_node_fits_if_the_build_tool_runs_on_it(version: str, *, fits: bool) -> None:
    assert hatch_build.fits(version) is fits


def test_a_build_is_fresh_until_a_source_changes(root: Path, node: Node) -> None:
    assert not hatch_build.is_fresh(root)
    hatch_build.build(root, node)
    assert hatch_build.is_fresh(root)
    (root / "pwa" / "src" / "main.ts").write_text("changed")
    assert not hatch_build.is_fresh(root)


def test_a_changed_test_of_the_web_app_needs_no_build(root: Path, node: Node) -> None:
    hatch_build.build(root, node)
    (root / "pwa" / "src" / "main.test.ts").write_text("new")
    assert hatch_build.is_fresh(root)


def test_a_build_that_fails_is_done_again(root: Path, node: Node) -> None:
    hatch_build.build(root, node)
    (root / "pwa" / "node_modules" / "vite" / "bin" / "vite.js").write_text("raise SystemExit(3)")
    with pytest.raises(BuildError, match="ended with 3"):
        hatch_build.build(root, node)
    assert not hatch_build.is_fresh(root)


def test_a_build_without_sources_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"no package\.json"):
        hatch_build.is_fresh(tmp_path)


def test_packages_are_installed_once_until_the_lock_changes(root: Path, node: Node) -> None:
    pwa = root / "pwa"
    for _ in range(2):
        hatch_build.install_packages(pwa, node, tools=False)
    assert installs(root) == ["some"]
    (pwa / "package-lock.json").write_text("changed")
    hatch_build.install_packages(pwa, node, tools=False)
    assert installs(root) == ["some", "some"]


def test_the_tools_are_added_and_stay_when_only_the_build_is_wanted(root: Path, node: Node) -> None:
    for tools in (False, True, True, False):
        hatch_build.install_packages(root / "pwa", node, tools=tools)
    assert installs(root) == ["some", "all"]


def test_a_folder_of_packages_from_elsewhere_is_installed_again(root: Path, node: Node) -> None:
    (root / "pwa" / "node_modules").mkdir()
    hatch_build.install_packages(root / "pwa", node, tools=False)
    assert installs(root) == ["some"]


def test_an_install_cut_short_makes_the_environment_unsound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished = tmp_path / "unfinished"
    monkeypatch.setattr(dev, "UNFINISHED", unfinished)
    monkeypatch.setattr(dev, "PYTHON", Path(sys.executable))
    assert dev.is_sound()
    unfinished.touch()
    assert not dev.is_sound()


def test_an_environment_whose_python_is_gone_is_unsound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "UNFINISHED", tmp_path / "unfinished")
    link = tmp_path / "python"
    link.symlink_to(tmp_path / "gone")
    monkeypatch.setattr(dev, "PYTHON", link)
    assert not dev.is_sound()


@pytest.mark.parametrize(
    ("argument", "path"),
    [
        ("tests/contracts", True),
        ("tests/contracts/test_launcher.py::test_x", True),
        ("-x", False),
        ("short_pick", False),
    ],
)
def test_only_paths_narrow_the_test_run(argument: str, *, path: bool) -> None:
    assert dev.is_path(argument) is path


def test_a_browser_named_by_hand_is_taken(
    monkeypatch: pytest.MonkeyPatch, node: Node, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "mine"))
    assert dev.find_browser(node) == str(tmp_path / "mine")


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no sh to run the script with")
def test_only_the_browser_sees_the_libraries_that_came_with_it(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    start, browser = tmp_path / "start", tmp_path / "browser"
    browser.write_text('#!/bin/sh\necho "$LD_LIBRARY_PATH" "$FONTCONFIG_PATH" "$@"\n')
    browser.chmod(0o755)
    dev.write_browser_start(start, browser, tmp_path)
    said = hatch_build._output(str(start), "--headless")
    assert said == f"{tmp_path}/al2023/lib {tmp_path}/fonts --headless"
