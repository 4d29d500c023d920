"""A notice for a partner's software: an interchange in a folder, from which whatever carries it to
the partner (AS2, SFTP, a value added network) takes it.

`out/<partner>/<interchange>.edi`, whole or not at all, and never over another. Sent again it has
the same number and the same bytes: where it lies there still nothing is to be done; where it was
taken away it comes a second time, and the partner's software sees by its number that it is a
double.
"""

import contextlib
import os
import tempfile
from pathlib import Path

from server.edi.writing import Unfit
from server.mailing.port import NotSent
from server.notices.channels.port import Outgoing
from server.notices.edi.messages import interchange
from server.notices.settings import NoticeRules

OUT, BEING_WRITTEN = "out", "tmp"


class EdiFolder:
    """`folder`: the site's; what is in `out` is the carrier's to take away."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, out: Outgoing, rules: NoticeRules) -> None:
        """Returns when it would be there after a power cut, too."""
        if rules.edi is None or out.document is None:
            raise NotSent("not_set_up", "no identification in the setting notices.edi")
        try:
            body = interchange(out.document, out.reference, rules.edi)
        except Unfit as why:
            raise NotSent("not_writable", str(why)) from None
        try:
            self._put(Path(OUT) / out.to / f"{out.reference}.edi", body)
        except OSError as fault:
            raise NotSent("no_folder", os.strerror(fault.errno or 0)) from None

    def _put(self, name: Path, body: bytes) -> None:
        """Written elsewhere and given its name at the end: whoever looks meanwhile sees nothing."""
        target, waiting = self._folder / name, self._folder / BEING_WRITTEN
        for folder in (target.parent, waiting):
            folder.mkdir(parents=True, exist_ok=True)
        made, temporary = tempfile.mkstemp(dir=waiting)
        try:
            with os.fdopen(made, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o640)
            _give_name(Path(temporary), target, body)
        finally:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _give_name(made: Path, target: Path, body: bytes) -> None:
    """A link is made or is not, and never in place of another."""
    try:
        os.link(made, target)
    except FileExistsError:
        if target.read_bytes() != body:
            raise NotSent("refused", f"another interchange is called {target.name}") from None
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
