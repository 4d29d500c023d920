"""Words with places to fill in. Pure.

A place is `{name}` and nothing else: no attributes, no formats. A line that names something there
is nothing of is left out, so that one text serves with and without a tracking number.
"""

import re
from collections.abc import Collection, Mapping
from html import escape

PLACES = frozenset(
    {
        *("number", "name", "shop", "link", "day", "tracking", "carrier", "fee", "rma", "pieces"),
        *("words", "promised", "survey"),
    }
)
_PLACE = re.compile(r"\{([^{}]*)\}")
_BREAKS = re.compile(r"\n{3,}")


def check_template(text: str) -> None:
    """Raises ValueError that names what nobody can fill in."""
    bare = _PLACE.sub("", text)
    if "{" in bare or "}" in bare:
        raise ValueError("a { or } stands alone; write places as {number}")
    for name in _PLACE.findall(text):
        if name not in PLACES:
            known = ", ".join(sorted(PLACES))
            raise ValueError(f"{{{name}}} is no place that can be filled in; there are {known}")


def filled(template: str, facts: Mapping[str, str]) -> str:
    """Plain text."""
    lines = [_line(line, facts) for line in template.split("\n")]
    return _BREAKS.sub("\n\n", "\n".join(line for line in lines if line is not None)).strip()


def _line(line: str, facts: Mapping[str, str]) -> str | None:
    if any(not facts.get(name) for name in _PLACE.findall(line)):
        return None
    return _PLACE.sub(lambda place: facts[place[1]], line)


_STYLE = "font:16px/1.5 sans-serif;max-width:36em"


def as_html(text: str, lang: str, links: Collection[str]) -> str:
    """The same words for a mail that shows HTML. Of what looks like a link only ours, `links`, can
    be pressed: a customer's name may look like one."""
    paragraphs = "".join(f"<p>{_linked(p, links)}</p>" for p in text.split("\n\n") if p.strip())
    return (
        f'<!doctype html><html lang="{escape(lang)}"><head><meta charset="utf-8"></head>'
        f'<body style="{_STYLE}">{paragraphs}</body></html>'
    )


def _linked(text: str, links: Collection[str]) -> str:
    made = escape(text).replace("\n", "<br>")
    for url in filter(None, links):
        made = made.replace(escape(url), f'<a href="{escape(url)}">{escape(url)}</a>')
    return made
