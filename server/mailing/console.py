"""Mail on the terminal, for whoever develops or tries Dockhand. Not for a site that works: what
people are told stands in the terminal's history."""

import sys
from email.message import EmailMessage
from typing import TextIO

from server.mailing.letters import receivers


class ConsoleMail:
    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    def send(self, message: EmailMessage) -> None:
        people = ", ".join(receivers(message))
        body = message.get_body(("plain",))
        text = body.get_content().strip() if body is not None else ""
        out = self._out or sys.stdout
        out.write(f"--- mail to {people}: {message['Subject']}\n{text}\n---\n")
        out.flush()
