"""What a picker's handheld downloads at its first visit, as built into server/static.

Counted are the scripts that the page, the sign-in and the picker's screens run, each gzipped by
itself as it travels, and the service worker; not the camera's decoder, which comes when it is used.
"""

import gzip
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench.figure import Figure, at_most, told
from bench.server_process import ROOT

STATIC = ROOT / "server" / "static"
PWA = ROOT / "pwa"
OPENED = ("main", "auth", "floor", "picker")
"""The entry and the folders of screens that a picker opens; what they import comes with them."""
LATER = "decoder-"
KB = 1000
_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["']\./([\w.-]+\.js)["']""")
_BUILD = """
import { build } from "vite";
await build({
  configFile: false, logLevel: "error", publicDir: false,
  define: { __APP_VERSION__: '"0"' },
  build: { target: "es2022", outDir: process.argv[1], emptyOutDir: true, copyPublicDir: false,
    lib: { entry: process.argv[2], formats: [process.argv[3]], name: "part", fileName: "part" },
    rolldownOptions: { external: [/^preact/, /^@preact/], output: { minify: true } } },
});
"""


def run() -> list[Figure]:
    if not (STATIC / "index.html").exists():
        raise RuntimeError("server/static is empty: python3 dev.py build")
    first = _closure(chunk for name in OPENED for chunk in _chunks(name))
    size = _gzipped([*first, STATIC / "sw.js"]) / KB
    every = [p for p in (STATIC / "assets").glob("*.js") if not p.name.startswith(LATER)]
    return [
        at_most("bundle: a picker's first load, gzipped", size, "kB", 120),
        told("bundle: every screen of every role, gzipped", _gzipped(every) / KB, "kB"),
        at_most("bundle: the sync engine by itself, gzipped", _engine() / KB, "kB", 10),
    ]


def _chunks(name: str) -> list[Path]:
    """The chunk of an entry or a folder: its name and an eight-letter hash."""
    found = list((STATIC / "assets").glob(f"{name}-????????.js"))
    if not found:
        raise RuntimeError(f"server/static has no chunk {name}: python3 dev.py build")
    return found


def _closure(chunks: Iterable[Path]) -> set[Path]:
    """These and all that they import statically; what is imported on demand comes later."""
    known: set[Path] = set()
    waiting = list(chunks)
    while waiting:
        chunk = waiting.pop()
        if chunk not in known:
            known.add(chunk)
            waiting += (chunk.parent / name for name in _IMPORT.findall(chunk.read_text()))
    return known


def _gzipped(files: Iterable[Path]) -> int:
    return sum(len(gzip.compress(p.read_bytes(), 6)) for p in files)


def _engine() -> int:
    """Bytes of sync and all that it imports (outbox, replica, kernel), without Preact, built as the
    app is. Operations are registered with it from outside, the proof of identity is given to it."""
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as folder:
        made = built("src/sync/index.ts", "es", Path(folder))
        return len(gzip.compress(made.encode(), 6))


def built(entry: str, form: str, folder: Path) -> str:
    """A part of the app by itself: a module (`es`), or a script that makes `part` (`iife`)."""
    subprocess.run(
        ["node", "--input-type=module", "-e", _BUILD, str(folder), entry, form],
        cwd=PWA,
        check=True,
        env={**os.environ, "NODE_ENV": "production"},
    )
    return "".join(path.read_text("utf-8") for path in folder.glob("*.js"))
