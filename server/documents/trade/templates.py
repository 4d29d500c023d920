"""Templates that a site has changed: `templates/<site>/<paper>.typ` beside its blobs.

Such a template is read anew for each paper, may import the built-in `paper.typ` and `common.typ`,
and sees no other file of the machine.
"""

import hashlib
import re
from pathlib import Path
from urllib.parse import quote

import msgspec

LARGEST = 256 * 1024
_PACKAGE = re.compile(rb'(import|include)\s*"@')


class Template(msgspec.Struct, frozen=True):
    """`sha256` of the source. `fault`: what keeps it from being used at all."""

    name: str
    source: bytes
    sha256: str
    fault: str = ""


def folder_of(blobs: Path, site: str) -> Path:
    return blobs.parent / "templates" / quote(site, safe="").replace(".", "%2E")


def own_template(blobs: Path, site: str, paper: str) -> Template | None:
    """None where the site uses the built-in one. `paper` is one of the kinds, checked before."""
    name = f"{paper}.typ"
    try:
        with (folder_of(blobs, site) / name).open("rb") as file:
            source = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as trouble:
        return Template(name, b"", "", f"{name}: {trouble.strerror}")
    return Template(name, source, hashlib.sha256(source).hexdigest(), _fault(name, source))


def _fault(name: str, source: bytes) -> str:
    if not source.strip():
        return f"{name}: it is empty"
    if len(source) > LARGEST:
        return f"{name}: larger than {LARGEST // 1024} KiB"
    if _PACKAGE.search(source):
        return f"{name}: packages from the network are not fetched; write it without them"
    return ""
