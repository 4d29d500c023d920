"""Taking in a picture: refuse what is not one or tells more than it shows, and redraw the rest."""

import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from server.kernel.errors import Refusal, Unavailable
from server.store import redraw
from server.store.picture_bytes import MIMES, fault_of

__all__ = ["MIMES", "take_in"]

TIMEOUT_S = 30
"""Of wall time, which a busy machine stretches; the limit of CPU time is the picture's own."""
_MEND = {
    "metadata": "draw the picture anew before sending it: it says where or how it was taken",
    "end": "draw the picture anew before sending it: something is hung on behind it",
    "format": "send a JPEG, PNG or WebP picture of the type that was announced",
    "pixels": f"at most {redraw.MAX_PIXELS // 1_000_000} million pixels",
    "frames": "one picture, not a film",
}


def take_in(source: Path, mime: str, shown: Path) -> None:
    """Check `source` and write what is shown of it (JPEG) to `shown`. Blocks; call in a thread.

    Refuses `bad_image`; raises Unavailable when the fault is this machine's.
    """
    fault = fault_of(source.read_bytes(), mime)
    if fault is not None:
        _refuse(fault.field, fault.value)
    kind = mime.partition("/")[2].upper()
    command = [sys.executable, "-I", redraw.__file__, str(source), str(shown), kind]
    try:
        done = subprocess.run(  # noqa: S603  our own program on names that we made
            command, capture_output=True, timeout=TIMEOUT_S, env={}, check=False
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise Unavailable("a picture could not be drawn in time") from error
    if done.returncode == redraw.DISK:
        raise Unavailable("no room for a picture")
    if done.returncode == redraw.PICTURE:
        _refuse(done.stdout.decode().strip(), mime)
    if done.returncode != 0:
        _refuse("decode", mime)


def _refuse(field: str, value: str) -> NoReturn:
    raise Refusal("bad_image", field=field, value=value, mend=_MEND.get(field, "take it again"))
