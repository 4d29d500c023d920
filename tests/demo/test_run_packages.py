"""What the tools bring may not hold the demo up: it runs on `requirements/run.txt` alone.

Every other test has the tools beside it and would not notice what that file forgets. Here the
programs find no package that it does not name, as on the machine of somebody who never tests.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import httpx
import pytest

from server.auth.sessions import COOKIE
from tests.contracts.test_hygiene import ROOT, files, imported, parsed, plain
from tests.demo.started import answers, demo
from tests.pod_work import Key

# Python runs a module of this name before any other, in the processes that a program starts too.
SITECUSTOMIZE = """
import sys
from importlib.machinery import PathFinder


class RunTimeOnly(PathFinder):
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        if fullname.partition(".")[0] in {absent}:
            return None
        return super().find_spec(fullname, path, target)


sys.meta_path[sys.meta_path.index(PathFinder)] = RunTimeOnly
"""


def tools() -> set[str]:
    """The modules of every installed distribution that `run.txt` does not name."""
    text = (ROOT / "requirements" / "run.txt").read_text()
    named = {plain(n) for n in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)} | {"dockhand"}
    homes = packages_distributions()
    return {module for module, by in homes.items() if named.isdisjoint(map(plain, by))}


def without(folder: Path, absent: set[str]) -> dict[str, str]:
    """The environment of a program that finds none of the `absent` modules."""
    folder.mkdir()
    program = SITECUSTOMIZE.format(absent=sorted(absent))
    (folder / "sitecustomize.py").write_text(program)
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


def walk_in(folder: Path, env: Mapping[str, str]) -> None:
    """Start the demo, see its pages, make a device of this browser, and sign in."""
    with demo(folder / "demo", "--orders-per-minute", "0", env=env) as (process, port, said):
        text = "".join(said)
        assert "Ctrl+C" in text, text
        origin = f"http://localhost:{port}"
        shown = [answers(f"{origin}{path}") for path in ("/", "/demo", "/demo/sheet.pdf")]
        assert [page.status_code for page in shown] == [200, 200, 200]
        with httpx.Client(
            base_url=origin, headers={"origin": origin, "x-dockhand": "1"}, timeout=30
        ) as browser:
            sign_in(browser, text)
        process.terminate()
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()


def sign_in(browser: httpx.Client, welcome: str) -> None:
    """By the first code, badge and PIN that stand in the terminal."""
    code = re.findall(r"#enrol=(\S+)", welcome)[0]
    badge, pin = re.findall(r"(B-[0-9A-Z]{6})\s+([0-9]{6,12})\s", welcome)[0]
    wanted = {"code": code, "name": "desk", "key": Key().public()}
    enrolled = browser.post("/auth/enrol", json=wanted)
    assert enrolled.status_code == 200, enrolled.text
    cookie = {"cookie": f"{COOKIE}={enrolled.cookies[COOKIE]}"}  # httpx trusts no localhost
    signed = browser.post("/auth/signin", json={"badge": badge, "pin": pin}, headers=cookie)
    assert signed.status_code == 200, signed.text


def test_the_demo_needs_only_the_run_time_packages(tmp_path: Path) -> None:
    absent = tools()
    assert {"pytest", "playwright", "hypothesis", "apsw"} <= absent
    assert "server" not in absent
    walk_in(tmp_path, without(tmp_path / "start", absent))


def test_it_is_noticed_when_a_package_that_another_needs_is_missing(tmp_path: Path) -> None:
    """greenlet: our code never names it, and SQLAlchemy asks for it only when it reads."""
    env = without(tmp_path / "start", tools() | {"greenlet"})
    with pytest.raises(AssertionError, match="greenlet"):
        walk_in(tmp_path, env)


def test_what_the_server_imports_late_needs_only_the_run_time_packages(tmp_path: Path) -> None:
    python = [p for p in files() if p.suffix == ".py" and p.is_relative_to(ROOT / "server")]
    named = {name for path in python for name in imported(parsed(path))}
    foreign = sorted(named - sys.stdlib_module_names - {"server"})
    assert {"pyvrp", "typst", "psycopg"} <= set(foreign)
    program = f"import importlib\nfor name in {foreign}: importlib.import_module(name)"
    found = subprocess.run(
        [sys.executable, "-c", program],
        env=without(tmp_path / "start", tools()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
