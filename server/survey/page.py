"""The survey as HTML: no script, no cookie, nothing from elsewhere; works on any phone."""

import datetime as dt
from html import escape
from zoneinfo import ZoneInfo

from server.survey.shown import COMMENT, Form, Shown
from server.survey.words import WORDS
from server.track import page as track_page
from server.track.page import SAME_ORIGIN, frame
from server.web.languages import Language

COURTESY = ("5", "4", "3", "2", "1")


def page(
    shown: Shown, language: Language, zone: ZoneInfo, told: str = "", form: Form | None = None
) -> str:
    """`told`: a word for why it did not go; `form`: what the reader has sent just now."""
    words = WORDS[language]
    parts = [f"<h1>{words['title']}</h1><p>{escape(shown.number)}</p>"]
    if shown.answered:
        parts.append(f'<p class="now">{words["thanks"]}</p><p>{_until(shown, words, zone)}</p>')
    parts.append(_form(shown, words, language, told, form or shown.form) if shown.is_open else "")
    # A form's Origin is kept from us by the policy of the header; the address goes nowhere else.
    return frame("".join(parts), words["title"], language, SAME_ORIGIN if shown.is_open else "")


def _until(shown: Shown, words: dict[str, str], zone: ZoneInfo) -> str:
    if not shown.is_open:
        return words["over"]
    local = dt.datetime.fromtimestamp(shown.until / 1000, zone)
    return words["until"].format(until=f"{local:%Y-%m-%d %H:%M}")


def nothing(language: Language) -> str:
    return track_page.nothing(language, WORDS)


def slow_down(language: Language) -> str:
    return track_page.slow_down(language, WORDS)


def _form(shown: Shown, words: dict[str, str], language: str, told: str, form: Form) -> str:
    wrong = f'<p class="wrong" role="alert">{words[told]}</p>' if told else ""
    button = words["change" if shown.answered else "send"]
    return (
        f'<form method="post" action="?lang={language}">{wrong}'
        f'<input type="hidden" name="lang" value="{language}">'
        + _choice("on_time", ("yes", "no"), form.on_time, words)
        + _choice("complete", ("yes", "no"), form.complete, words)
        + _choice("courtesy", COURTESY, form.courtesy, words)
        + f'<label for="comment">{words["comment"]}</label>'
        f'<textarea id="comment" name="comment" maxlength="{COMMENT}" rows="4">'
        f"{escape(form.comment)}</textarea><button>{button}</button></form>"
    )


def _choice(name: str, values: tuple[str, ...], chosen: str, words: dict[str, str]) -> str:
    options = "".join(
        f'<label class="choice"><input type="radio" name="{name}" value="{value}" required'
        f"{' checked' if value == chosen else ''}>{words[value]}</label>"
        for value in values
    )
    return f"<fieldset><legend>{words[name]}</legend>{options}</fieldset>"
