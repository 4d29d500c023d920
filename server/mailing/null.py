"""Twins that send nothing: one keeps it all, for tests and a demo; one is a site without mail."""

from collections import deque
from email.message import EmailMessage

from server.mailing.letters import receivers
from server.mailing.port import NotSent, Why


class NullMail:
    """Takes everything, or fails as often as it is told to. Refuses what SMTP would refuse."""

    MOST = 200

    def __init__(self) -> None:
        self.sent: deque[EmailMessage] = deque(maxlen=self.MOST)
        self.faults: deque[Why] = deque()

    def send(self, message: EmailMessage) -> None:
        receivers(message)
        if self.faults:
            raise NotSent(self.faults.popleft(), "as it was told to")
        self.sent.append(message)


class NoMail:
    """A site that was not told how to send mail says so, instead of losing it."""

    def send(self, message: EmailMessage) -> None:
        del message
        raise NotSent("not_set_up", "DOCKHAND_MAIL is not set")
