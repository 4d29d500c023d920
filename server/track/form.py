"""The part of the page by which goods go back: what was asked for already, and the form."""

from html import escape

import msgspec

from server.returns.asking import Returnable
from server.track import returns
from server.track.shown import Private, SentBack


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the reader has sent just now. `told`: why it did not go, as a word or a code."""

    postcode: str = ""
    told: str = ""
    form: returns.Form | None = None


def sent_back(made: list[SentBack], words: dict[str, str]) -> str:
    """Numbers, and what happens next."""
    if not made:
        return ""
    rows = "".join(
        f'<p><strong class="no">{escape(each.number)}</strong><br>'
        f"{words[f'rma_{each.state}'].format(number=_number(each.number))}</p>"
        for each in made
    )
    return f'<h2 id="returns">{words["returns"]}</h2>{rows}'


def _number(text: str) -> str:
    """It is copied by hand: it stays on one line."""
    return f'<span class="no">{escape(text)}</span>'


def return_form(private: Private, words: dict[str, str], language: str, asked: Asked) -> str:
    """Empty where nothing may go back."""
    if not private.returnable:
        return ""
    form = asked.form or returns.Form(once=returns.once())
    once = form.once or returns.once()
    told = words.get(f"told_{asked.told}", words["told_again"]) if asked.told else ""
    told = f'<p class="wrong" role="alert">{told}</p>' if told else ""
    return (
        f'<form method="post" action="?lang={language}#return" id="return">'
        f"<h2>{words['return_title']}</h2><p>{words['return_hint']}</p>{told}"
        f'<input type="hidden" name="once" value="{once}">'
        f'<input type="hidden" name="lang" value="{language}">'
        f'<input type="hidden" name="postcode" value="{escape(asked.postcode)}">'
        + "".join(_line(line, form, words) for line in private.returnable)
        + _reasons(private.reasons, form, words)
        + f'<label for="note">{words["return_note"]}</label>'
        f'<textarea id="note" name="note" maxlength="{returns.NOTE}" rows="3">'
        f"{escape(form.note)}</textarea><button>{words['return_send']}</button></form>"
    )


def _line(line: Returnable, form: returns.Form, words: dict[str, str]) -> str:
    label = words["return_line"].format(name=escape(line.name), n=line.left)
    said = escape(form.qty.get(line.no, "0"))
    return (
        f'<label for="qty-{line.no}">{label}</label><input id="qty-{line.no}" name="qty-{line.no}"'
        f' type="number" inputmode="numeric" min="0" max="{line.left}" value="{said}">'
    )


def _reasons(codes: list[str], form: returns.Form, words: dict[str, str]) -> str:
    """A reason of the site's own is shown by its code, as readable as that is."""
    options = "".join(
        f'<option value="{code}"{" selected" if code == form.reason else ""}>'
        f"{words.get(f'reason_{code}', code.replace('_', ' '))}</option>"
        for code in codes
    )
    return (
        f'<label for="reason">{words["return_reason"]}</label><select id="reason" name="reason"'
        f' required><option value="">{words["return_choose"]}</option>{options}</select>'
    )
