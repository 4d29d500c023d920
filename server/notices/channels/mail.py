"""A notice by mail: the text, and the same words as simple HTML."""

from urllib.parse import urlsplit

from server.mailing.letters import letter
from server.mailing.port import Mail
from server.notices.channels.port import Outgoing
from server.notices.settings import NoticeRules
from server.notices.templates import as_html


class MailChannel:
    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    def send(self, out: Outgoing, rules: NoticeRules) -> None:
        """By its Message-ID a mail that was sent twice is seen to be one."""
        del rules
        host = urlsplit(out.origin).hostname or "localhost"
        self._mail.send(
            letter(
                [out.to],
                out.subject,
                out.text,
                html=as_html(out.text, out.lang, out.links),
                message_id=f"<{out.id}@{host}>",
            )
        )
