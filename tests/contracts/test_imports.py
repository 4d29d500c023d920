"""Each import contract in pyproject.toml, broken on purpose in a small copy of the package tree."""

import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")

UPSTREAM = "Imports point upstream along the goods' path"
SYNC = "Sync knows no domain"
JOBS = "Jobs know only the kernel"
PURE = "Rules are pure"
KERNEL = "The kernel needs only the standard library and msgspec"

# From the one that everybody may import to the one that nobody may.
STAGES = (
    *("kernel", "store", "auth", "floor", "catalog", "inventory", "orders", "picking"),
    *("packing", "pod", "returns", "board", "modules", "demo", "app", "cli"),
)
DOMAINS = (*STAGES[3:11], "billing")
READERS = ("board", "documents", "insights", "notices", "imports")
BESIDE = ("gen", "jobs", "lan", "lan_steps", "settings", "static", "sync", "web")
PACKAGES = {*STAGES, *DOMAINS, *READERS, *BESIDE}
PURE_FILES = ("events", "lifecycle", "routes", "rules", "scan")

# What today's code may do, and has to go on being able to.
ALLOWED = {
    "cli": "import server.app, server.lan, server.demo",
    "app": "import server.modules, server.settings, server.static, server.web",
    "gen": "import server.modules",
    "demo": "import server.modules, server.imports",
    "lan_steps": "import server.lan, server.documents",
    "modules": "import server.sync, server.board, server.jobs",
    "board": "import server.pod, server.floor, server.auth",
    "sync": "import server.auth, server.store, server.kernel, asyncio, litestar",
    "jobs": "import server.kernel, asyncio",
    "picking": "import server.orders, server.inventory, sqlalchemy",
    "store": "import server.kernel, sqlalchemy",
    "kernel": "import msgspec",
}


def write(root: Path, module: str, text: str) -> None:
    """Add a line to `server.MODULE`, a package if its name has no dot, else a file in one."""
    folder, _, file = module.partition(".")
    path = root / "server" / folder / f"{file or '__init__'}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as out:
        out.write(f"{text}\n")


def broken(root: Path) -> set[str]:
    """The names of the contracts that import-linter finds broken."""
    done = subprocess.run(
        [LINT, "--no-cache", "--config", "pyproject.toml"],
        cwd=root,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = re.findall(r"^(.+) (KEPT|BROKEN)$", done.stdout, re.MULTILINE)
    assert len(verdicts) == 5, done.stdout + done.stderr
    names = {name for name, verdict in verdicts if verdict == "BROKEN"}
    assert bool(names) == bool(done.returncode), done.stdout
    return names


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "__init__.py").touch()
    for package in PACKAGES:
        write(tmp_path, package, ALLOWED.get(package, ""))
    for file in PURE_FILES:
        write(tmp_path, f"picking.{file}", "import server.kernel")
    return tmp_path


def test_what_the_architecture_allows_keeps_every_contract(tree: Path) -> None:
    assert broken(tree) == set()


@pytest.mark.parametrize("missing", ["billing", "returns", "insights", "jobs", "gen", "demo"])
def test_a_folder_that_does_not_exist_yet_breaks_nothing(tree: Path, missing: str) -> None:
    shutil.rmtree(tree / "server" / missing)
    assert broken(tree) == set()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        *pairwise(STAGES),
        ("kernel", "cli"),
        ("store", "web"),
        ("orders", "picking"),
        ("pod", "billing"),
        ("billing", "returns"),
        ("returns", "billing"),
        ("board", "app"),
        ("demo", "gen"),
        ("app", "gen"),
        ("lan", "app"),
        ("sync", "app"),
        ("floor", "sync"),
    ],
)
def test_an_earlier_stage_never_imports_a_later_one(tree: Path, earlier: str, later: str) -> None:
    write(tree, earlier, f"import server.{later}")
    assert UPSTREAM in broken(tree)


@pytest.mark.parametrize("reader", READERS)
def test_nobody_below_imports_a_reader(tree: Path, reader: str) -> None:
    write(tree, "billing", f"from server import {reader}")
    assert broken(tree) == {UPSTREAM}


def test_one_reader_never_imports_another(tree: Path) -> None:
    write(tree, "documents.labels", "import server.board")
    assert broken(tree) == {UPSTREAM}


def test_a_new_folder_must_be_given_its_place(tree: Path) -> None:
    write(tree, "yard", "import server.kernel")
    assert broken(tree) == {UPSTREAM}


@pytest.mark.parametrize("domain", DOMAINS)
def test_sync_imports_no_domain(tree: Path, domain: str) -> None:
    write(tree, "sync.exchange", f"from server import {domain}")
    assert broken(tree) == {SYNC}


@pytest.mark.parametrize("package", ["store", "auth", "inventory"])
def test_jobs_import_only_the_kernel(tree: Path, package: str) -> None:
    write(tree, "jobs.runner", f"import server.{package}")
    assert broken(tree) == {JOBS}


@pytest.mark.parametrize("file", PURE_FILES)
@pytest.mark.parametrize("impure", ["asyncio", "litestar", "sqlalchemy", "server.store"])
def test_a_pure_module_knows_no_framework_and_no_database(
    tree: Path, file: str, impure: str
) -> None:
    write(tree, f"picking.{file}", f"import {impure}")
    assert broken(tree) == {PURE}


def test_a_pure_module_reaches_no_database_through_another(tree: Path) -> None:
    write(tree, "picking.tables", "import sqlalchemy")
    write(tree, "picking.rules", "from server.picking import tables")
    assert broken(tree) == {PURE}


@pytest.mark.parametrize("package", ["litestar", "sqlalchemy", "structlog"])
def test_the_kernel_imports_no_framework(tree: Path, package: str) -> None:
    write(tree, "kernel.ops", f"import {package}")
    assert broken(tree) == {KERNEL}
