"""The demo's page as HTML: no script, no inline style, nothing from elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from server.demo.words import WORDS
from server.documents.barcodes import bars_svg, code128
from server.web.languages import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str
    lang: str
    badge: str


STYLE = """\
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.4rem; }
nav a, nav b { margin-inline-end: 1rem; }
.do { display: inline-block; min-height: 3rem; line-height: 3rem; padding: 0 1.25rem;
  border-radius: 0.5rem; background: #0b5c4a; color: #fff; text-decoration: none; }
.do:focus-visible { outline: 3px solid #e6a100; outline-offset: 2px; }
ul { list-style: none; padding: 0; display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
li { border: 1px solid #8888; border-radius: 0.5rem; padding: 1rem; }
li h2 { font-size: 1.1rem; margin: 0; }
li svg { display: block; max-width: 100%; height: auto; background: #fff; margin-block: 0.5rem; }
"""


def page(people: Iterable[Person], language: Language, *, may_enrol: bool) -> str:
    """`may_enrol`: the browser is on this machine, and a link may make it a device."""
    words = {key: escape(text) for key, text in WORDS[language].items()}
    languages = " ".join(
        f"<b>{name}</b>" if tag == language else f'<a lang="{tag}" href="?lang={tag}">{name}</a>'
        for tag, name in LANGUAGES.items()
    )
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{words['title']}</title>"
        '<link rel="stylesheet" href="/demo/style.css"></head><body>'
        f"<nav>{languages}</nav><main><h1>{words['title']}</h1><p>{words['pins']}</p>"
        f"{_enrol(words) if may_enrol else _away(words)}"
        f'<p><a class="do" href="/demo/sheet.pdf?lang={language}">{words["sheet"]}</a></p>'
        f"<p>{words['sheet_hint']}</p>"
        f"<ul>{''.join(_card(person, words) for person in people)}</ul></main></body></html>\n"
    )


def _enrol(words: dict[str, str]) -> str:
    return (
        f'<p><a class="do" href="/demo/enrol">{words["enrol"]}</a></p><p>{words["enrol_hint"]}</p>'
    )


def _away(words: dict[str, str]) -> str:
    return f'<p><a class="do" href="/">{words["app"]}</a></p><p>{words["enrol_away"]}</p>'


def _card(person: Person, words: dict[str, str]) -> str:
    bars = bars_svg(code128(person.badge, field="badge"), height_mm=14)
    return (
        f'<li><h2 lang="{escape(person.lang)}">{escape(person.name)}</h2>'
        f"{words.get(person.role, escape(person.role))}{bars}</li>"
    )
