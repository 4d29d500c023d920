"""What may not be in the repository, whoever writes it."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import hatch_build

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", ".venv", "node_modules", "static", "__pycache__", "dist", "build"}
CODE = {".py", ".ts", ".tsx", ".css", ".sh"}
MODULES = {".py", ".ts", ".tsx"}
PURE_FILES = {"events.py", "lifecycle.py", "routes.py", "rules.py", "scan.py"}

# Put together here, so that this file holds none of what it looks for.
REGISTRY_HOSTS = (
    *(f"{name}.org" for name in ("pypi", "npmjs", "yarnpkg")),
    *(f"{name}.com" for name in ("npmjs", "yarnpkg", "npmmirror")),
    *(f"{name}.org" for name in ("files.python" + "hosted", "deb." + "debian")),
    "ghcr" + ".io",
)
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:" + "|".join(("wo" + "rk", "ro" + "ot")) + r")/\w")
HOME_PATH = re.compile(r"(?<![\w.~-])/(?:" + "|".join(("ho" + "me", "Us" + "ers")) + r")/\w+/\w")
UNFINISHED = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")


@cache
def files() -> tuple[Path, ...]:
    """Every committed file; without git, every file that is not set up or built."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ("git", "ls-files", "-z")
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
        return tuple(path for path in found if path.is_file())
    return tuple(walk())


def walk() -> Iterator[Path]:
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in NOT_OURS and not name.endswith("_cache")]
        yield from (Path(folder, name) for name in names)


def texts() -> Iterator[tuple[Path, str]]:
    for path in files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, a font


def where(pattern: re.Pattern[str], suffixes: set[str] | None = None) -> list[str]:
    """`file:line` of each line that matches."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in texts()
        if suffixes is None or path.suffix in suffixes
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def hand_written(suffixes: set[str]) -> Iterator[Path]:
    for path in files():
        parts = set(path.relative_to(ROOT).parts)
        if path.suffix in suffixes and not parts & {"gen", "migrations"}:
            yield path


def test_the_repository_has_files_to_look_at() -> None:
    assert {ROOT / "pyproject.toml", ROOT / "dev.py", Path(__file__)} <= set(walk())
    assert len(files()) > 10


def test_no_file_names_a_package_registry() -> None:
    assert where(re.compile("|".join(map(re.escape, REGISTRY_HOSTS)))) == []


@pytest.mark.parametrize("name", ["run", "dev", "node"])
def test_requirements_are_pinned_by_hash_and_hold_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    pins = re.findall(r"^([a-z0-9-]+)==\S+(.*)$", text, re.MULTILINE)
    assert pins
    assert all(rest.endswith("\\") for _, rest in pins)


@pytest.mark.parametrize("folder", ["pwa", "requirements/browser"])
def test_package_locks_record_no_address(folder: str) -> None:
    """Neither where a package comes from nor where its makers take money."""
    text = (ROOT / folder / "package-lock.json").read_text()
    assert '"integrity"' in text
    assert "://" not in text


def test_the_build_hook_and_the_lock_name_the_same_node() -> None:
    assert hatch_build.NODE_WHEEL in (ROOT / "requirements" / "node.txt").read_text()
    assert f'"{hatch_build.NODE_WHEEL}"' in (ROOT / "pyproject.toml").read_text()


def test_the_server_imports_only_packages_that_it_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {plain(re.split(r"[^\w.-]", d, maxsplit=1)[0]) for d in project["dependencies"]}
    homes = packages_distributions()
    assert [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "server")
        for name in imported(parsed(path))
        if name not in sys.stdlib_module_names | {"server"}
        and not declared & set(map(plain, homes.get(name, ())))
    ] == []


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def plain(distribution: str) -> str:
    """A distribution's name as the packaging standard compares it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def imported(tree: ast.AST) -> Iterator[str]:
    """The top-level package of every import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    assert where(MACHINE_PATH) == []
    assert where(HOME_PATH) == []


def test_no_file_is_larger_than_a_megabyte() -> None:
    assert [f for f in files() if f.stat().st_size > 1_000_000] == []


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {p: len(p.read_text().splitlines()) for p in hand_written(MODULES)}
    assert {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > 400} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    assert [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in hand_written({".py"})
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= 60
    ] == []


def test_no_code_is_marked_as_unfinished() -> None:
    assert where(UNFINISHED, CODE) == []


def test_pure_modules_read_no_clock_and_throw_no_dice() -> None:
    impure = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "random", "uuid4", "uuid7"}
    pure = [f for f in files() if f.name in PURE_FILES and "server" in f.relative_to(ROOT).parts]
    assert [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in pure
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and called(node.func) in impure
    ] == []


def called(function: ast.expr) -> str:
    """`now` of `datetime.now`, `uuid4` of `uuid4`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def test_continuous_integration_runs_exactly_what_the_readme_says() -> None:
    readme = (ROOT / "README.md").read_text()
    commands = re.findall(r"^    (python3 dev\.py test)\b", readme, re.MULTILINE)
    assert len(commands) == 1
    script = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in script if "python" in line] == [f"exec {commands[0]}"]
