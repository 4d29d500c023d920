"""A mail leaves whole, by TLS, and to nobody else; whatever a name or a subject says."""

import io
import logging
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from server.mailing.chosen import WrongMail, chosen
from server.mailing.console import ConsoleMail
from server.mailing.letters import Enclosed, is_address, letter
from server.mailing.null import NoMail, NullMail
from server.mailing.port import NotSent
from server.mailing.smtp import SmtpMail, SmtpSettings
from tests.mailing.post_office import HOST, PostOffice, post_office

FROM, TO, COPY = "wms@shop.example", "mia@home.example", "desk@shop.example"
SECRET = "a-secret-of-the-site"  # noqa: S105


def mail_to(office: PostOffice, **more: Any) -> SmtpMail:
    how: dict[str, Any] = {"tls": office.tls, "ca": office.ca, "timeout_s": 5.0} | more
    return SmtpMail(SmtpSettings(how.pop("host", HOST), office.port, FROM, **how))


def a_letter(**more: Any) -> EmailMessage:
    return letter([TO], more.pop("subject", "您的订单 1001"), "已发货 · shipped", **more)


@pytest.mark.parametrize("tls", ["none", "starttls", "from_start"])
def test_a_mail_arrives_whole_with_text_html_and_file(tmp_path: Path, tls: Any) -> None:
    pdf = Enclosed("报告.pdf", "application/pdf", b"%PDF-1.7 \x00\xff\r\n.\r\n")
    with post_office(tmp_path, tls) as office:
        mail_to(office).send(a_letter(html="<p>已发货</p>", copy=[COPY], enclosed=[pdf]))
    (got,) = office.mails
    assert (got.sender, got.receivers) == (FROM, [TO, COPY])
    assert got.secured is (tls != "none")
    message = got.message
    assert (message["Subject"], message["From"], message["To"]) == ("您的订单 1001", FROM, TO)
    assert message["Bcc"] is None
    assert message["Date"]
    assert message["Message-ID"]
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "已发货 · shipped"
    assert html.get_content().strip() == "<p>已发货</p>"
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == (pdf.name, pdf.content)


def test_the_same_mail_sent_again_is_known_by_its_id(tmp_path: Path) -> None:
    one = a_letter(message_id="<n-1@shop.example>")
    with post_office(tmp_path) as office:
        mail_to(office).send(one)
        mail_to(office).send(one)
    assert [m.message["Message-ID"] for m in office.mails] == ["<n-1@shop.example>"] * 2


def test_it_signs_in_by_tls_only(tmp_path: Path) -> None:
    with post_office(tmp_path, "starttls", signs_in=("wms", SECRET)) as office:
        mail_to(office, user="wms", password=SECRET).send(a_letter())
    assert office.mails[0].user == "wms"
    assert office.lines.index("STARTTLS") < next(
        at for at, line in enumerate(office.lines) if line.startswith("AUTH")
    )


def test_a_server_without_starttls_hears_no_password(tmp_path: Path) -> None:
    with post_office(tmp_path, signs_in=("wms", SECRET)) as office:
        told = refused(mail_to(office, tls="starttls", user="wms", password=SECRET))
    assert (told.why, told.again) == ("no_tls", True)
    assert not any(line.startswith(("AUTH", "MAIL")) for line in office.lines)


@pytest.mark.parametrize("tls", ["starttls", "from_start"])
def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path, tls: Any) -> None:
    with post_office(tmp_path, tls) as office:
        assert refused(mail_to(office, ca="")).why == "no_tls"
    assert not office.mails


def test_a_server_with_another_name_gets_nothing(tmp_path: Path) -> None:
    with post_office(tmp_path, "starttls") as office:
        mail = mail_to(office, host="127.0.0.2")
        assert refused(mail).why in ("no_tls", "no_answer")
    assert not office.mails


def refused(mail: Any, message: EmailMessage | None = None) -> NotSent:
    with pytest.raises(NotSent) as told:
        mail.send(message or a_letter())
    return told.value


@pytest.mark.parametrize(
    ("verb", "answer", "why", "again"),
    [
        ("MAIL", "451 try later", "turned_away", True),
        ("MAIL", "550 not from you", "refused", False),
        ("RCPT", "450 greylisted", "turned_away", True),
        ("RCPT", f"550 no {TO} here", "refused", False),
        ("DATA", "452 full", "turned_away", True),
        ("DATA", "554 no", "refused", False),
        ("AUTH", "535 not you", "signed_out", True),
        ("EHLO HELO", "421 busy", "turned_away", True),
    ],
)
def test_what_the_server_says_tells_whether_to_try_again(
    tmp_path: Path, verb: str, answer: str, why: str, again: bool
) -> None:
    with post_office(tmp_path, "starttls", signs_in=("wms", SECRET)) as office:
        office.answers |= {each: [answer] for each in verb.split()}
        told = refused(mail_to(office, user="wms", password=SECRET))
    assert (told.why, told.again) == (why, again)
    assert not office.mails
    assert TO not in str(told)


def test_of_two_receivers_one_that_is_refused_is_told(tmp_path: Path) -> None:
    with post_office(tmp_path) as office:
        office.answers["RCPT"] = ["550 no such mailbox"]
        told = refused(mail_to(office), letter([TO, COPY], "two", "text"))
    assert told.why == "refused"
    assert [m.receivers for m in office.mails] == [[COPY]]


def test_nobody_there_and_nobody_answering_are_tried_again(tmp_path: Path) -> None:
    with post_office(tmp_path) as office:
        pass
    told = refused(mail_to(office))
    assert (told.why, told.again) == ("no_answer", True)
    with post_office(tmp_path, "starttls") as silent:
        wrong_way = mail_to(silent, tls="from_start", timeout_s=0.3)
        assert refused(wrong_way).again


BREAKS = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\x00")


@pytest.mark.parametrize("cut", BREAKS)
def test_no_subject_becomes_a_header_or_a_body(tmp_path: Path, cut: str) -> None:
    evil = f"Order 1{cut}Bcc: thief@evil.example{cut}{cut}Click here"
    with post_office(tmp_path) as office:
        mail_to(office).send(a_letter(subject=evil))
    (got,) = office.mails
    assert got.receivers == [TO]
    assert got.message["Bcc"] is None
    assert got.message["Subject"].startswith("Order 1 Bcc: thief@evil.example")


ADDRESSES = [
    *(f"mia@home.example{cut}Bcc: thief@evil.example" for cut in BREAKS),
    *("mia@home.example, thief@evil.example", "a@b.example>\r\nRCPT TO:<c@d.example"),
    *("Mia <mia@home.example>", "<mia@home.example>", "mia", "mia@", "@home.example", ""),
    *("a b@home.example", "mia@home.example ", '"a"@home.example', "mia@[127.0.0.1]"),
    "x" * 250 + "@home.example",
]


@pytest.mark.parametrize("evil", ADDRESSES)
def test_only_one_plain_mailbox_is_an_address(evil: str) -> None:
    assert not is_address(evil)
    with pytest.raises(NotSent, match="bad_address") as told:
        letter([evil], "subject", "text")
    assert not told.value.again


def test_a_message_made_elsewhere_is_looked_at_too(tmp_path: Path) -> None:
    message = EmailMessage()
    message["To"] = "Mia <mia@home.example>, root"
    message.set_content("text")
    with post_office(tmp_path) as office:
        for mail in (mail_to(office), NullMail(), ConsoleMail(io.StringIO())):
            assert refused(mail, message).why == "bad_address"
    assert not office.mails


def test_an_address_may_have_what_addresses_have() -> None:
    assert is_address("mia.o'neill+wms@home-2.example")
    assert is_address("mia@xn--fsqu00a.example")
    assert not is_address("mia@例子.example")


def test_the_null_twin_keeps_and_fails_as_told_and_a_site_without_mail_says_so() -> None:
    null = NullMail()
    null.faults.append("turned_away")
    assert refused(null).again
    null.send(a_letter())
    assert [m["To"] for m in null.sent] == [TO]
    told = refused(NoMail())
    assert (told.why, told.again) == ("not_set_up", False)


def test_the_console_twin_shows_who_is_told_what() -> None:
    out = io.StringIO()
    ConsoleMail(out).send(a_letter())
    assert out.getvalue() == f"--- mail to {TO}: 您的订单 1001\n已发货 · shipped\n---\n"


SET = {
    "DOCKHAND_MAIL": "smtp://mail.example",
    "DOCKHAND_MAIL_FROM": FROM,
    "DOCKHAND_MAIL_USER": "wms",
    "DOCKHAND_MAIL_PASSWORD": SECRET,
}


def test_the_environment_chooses_and_no_text_shows_the_password(tmp_path: Path) -> None:
    assert isinstance(chosen({}), NoMail)
    assert isinstance(chosen({"DOCKHAND_MAIL": "console:"}), ConsoleMail)
    starttls = settings_of(chosen(SET))
    assert (starttls.host, starttls.port, starttls.tls) == ("mail.example", 587, "starttls")
    assert SECRET not in repr(starttls)
    smtps = settings_of(chosen(SET | {"DOCKHAND_MAIL": "smtps://mail.example"}))
    assert (smtps.port, smtps.tls) == (465, "from_start")
    file = tmp_path / "password"
    file.touch(mode=0o600)
    file.write_text(f"{SECRET}\n")
    by_file = SET | {"DOCKHAND_MAIL_PASSWORD": "", "DOCKHAND_MAIL_PASSWORD_FILE": str(file)}
    assert settings_of(chosen(by_file)).password == SECRET
    file.chmod(0o644)
    with pytest.raises(WrongMail, match="chmod 600"):
        chosen(by_file)


def settings_of(mail: Any) -> SmtpSettings:
    assert isinstance(mail, SmtpMail)
    return mail._to


def test_without_tls_only_this_machine_is_spoken_to_and_without_a_password() -> None:
    alone = {"DOCKHAND_MAIL": "smtp://localhost:25", "DOCKHAND_MAIL_FROM": FROM}
    assert settings_of(chosen(alone)).tls == "none"
    assert settings_of(chosen(alone | {"DOCKHAND_MAIL": "smtp://relay:25"})).tls == "starttls"
    assert settings_of(chosen(SET | {"DOCKHAND_MAIL": "smtp://localhost"})).tls == "starttls"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"DOCKHAND_MAIL": "mail.example"}, "write it as"),
        ({"DOCKHAND_MAIL": "http://mail.example"}, "write it as"),
        ({"DOCKHAND_MAIL": "smtp://mail.example:99999"}, "write it as"),
        ({"DOCKHAND_MAIL": "smtp://mail.example/x"}, "write it as"),
        ({"DOCKHAND_MAIL": f"smtp://wms:{SECRET}@mail.example"}, "leave user and password"),
        ({"DOCKHAND_MAIL_FROM": ""}, "DOCKHAND_MAIL_FROM"),
        ({"DOCKHAND_MAIL_FROM": "a@b.example\nBcc: c@d.example"}, "DOCKHAND_MAIL_FROM"),
        ({"DOCKHAND_MAIL_USER": ""}, "or neither"),
        ({"DOCKHAND_MAIL_PASSWORD": ""}, "or neither"),
        ({"DOCKHAND_MAIL_PASSWORD_FILE": "no/such/file"}, "cannot be read"),
        ({"DOCKHAND_MAIL_CA": "no/such/file"}, "no such file"),
    ],
)
def test_what_is_set_wrong_is_refused_with_what_to_set(changes: dict[str, str], says: str) -> None:
    with pytest.raises(WrongMail, match=says) as told:
        chosen(SET | changes)
    assert SECRET not in str(told.value)


def test_neither_password_nor_address_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with post_office(tmp_path, "starttls", signs_in=("wms", "another")) as office:
        told = refused(mail_to(office, user="wms", password=SECRET))
    shown = f"{caplog.text} {capfd.readouterr()} {told!r} {told.__cause__!r}"
    assert SECRET not in shown
    assert TO not in shown
