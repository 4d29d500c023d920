"""The tracking page as HTML: no script, no cookie, nothing from elsewhere; works on any phone."""

import datetime as dt
from html import escape
from zoneinfo import ZoneInfo

from server.pod.windows import Coming
from server.track.form import Asked, return_form, sent_back
from server.track.shown import Handover, Private, Shown, Step
from server.track.words import WORDS
from server.web.languages import LANGUAGES, Language

STYLE = """\
:root { color-scheme: light dark; background: Canvas; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 34rem; padding: 1rem; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 0 1rem; }
nav a, nav b { display: inline-block; min-height: 3rem; line-height: 3rem; }
h1 { font-size: 1.5rem; margin: 0.5rem 0 0; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
.now { font-size: 1.3rem; font-weight: 700; margin: 1rem 0; padding: 1rem;
  border-radius: 0.75rem; background: #0b5c4a; color: #fff; }
.now.bad { background: #8a1c1c; }
.late { border-inline-start: 0.4rem solid #b45309; padding-inline-start: 0.75rem;
  font-weight: 700; }
.no { white-space: nowrap; }
.pin { font-size: 2rem; font-weight: 700; letter-spacing: 0.2em; margin: 0; }
ol { list-style: none; margin: 0; padding: 0; }
ol li { display: flex; gap: 0.75rem; padding: 0.5rem 0; }
ol li > span:first-child { width: 1.5rem; font-weight: 700; }
ol li small { display: block; }
dl { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 1rem; }
dd { margin: 0; }
form { margin-top: 2rem; padding: 1rem; border: 1px solid #8888; border-radius: 0.75rem; }
label, input, select, textarea, button { display: block; width: 100%; box-sizing: border-box;
  font: inherit; }
input, select, textarea { min-height: 3rem; padding: 0 0.75rem; margin: 0.5rem 0 1rem;
  border: 2px solid #777; border-radius: 0.5rem; }
textarea { padding: 0.5rem 0.75rem; }
form h2 { margin-top: 0; }
button { min-height: 3.5rem; border: 0; border-radius: 0.5rem; background: #0b5c4a; color: #fff;
  font-weight: 700; }
fieldset { border: 0; margin: 0 0 1.5rem; padding: 0; }
legend { font-weight: 700; padding: 0; margin-bottom: 0.25rem; }
.choice { display: flex; align-items: center; gap: 0.75rem; min-height: 3rem; }
.choice input { width: 1.5rem; min-height: 1.5rem; height: 1.5rem; margin: 0; flex: none; }
:focus-visible { outline: 3px solid #e6a100; outline-offset: 2px; }
.wrong { color: #b00020; font-weight: 700; }
@media (prefers-color-scheme: dark) { .wrong { color: #ff9a9a; } }
svg { width: 100%; max-width: 20rem; height: auto; background: #fff; border-radius: 0.5rem; }
table { width: 100%; border-collapse: collapse; }
td { padding: 0.35rem 0; border-top: 1px solid #8885; vertical-align: top; }
td:last-child { text-align: end; white-space: nowrap; padding-inline-start: 1rem; }
"""


def page(
    shown: Shown,
    language: Language,
    signature: str = "",
    *,
    often: bool = False,
    asked: Asked | None = None,
) -> str:
    """`signature`: SVG of the strokes, made by us. `often`: no more tries of a postcode now.
    `asked`: what the reader has sent."""
    words, clock = WORDS[language], Clock(ZoneInfo(shown.zone), shown.now)
    parts = [
        f"<h1>{words['title']}</h1><p>{escape(shown.number)}</p>",
        _now(shown, words),
        _late(shown.coming, words),
        _pin(shown.private, words),
        _facts(shown, words, clock),
        sent_back(shown.returns, words),
        f"<h2>{words['steps']}</h2>{_steps(shown.steps, words, clock)}",
        _handover(shown.handover, words, signature, clock) if shown.handover else "",
        _link(shown.push, "push", words, language),
        _link(shown.survey, "survey", words, language),
        _private(shown.private, words) if shown.private else _ask(shown, words, language, often),
        return_form(shown.private, words, language, asked or Asked()) if shown.private else "",
        f"<p><small>{words['zone'].format(zone=escape(shown.zone))}</small></p>",
    ]
    # A form's Origin is kept from us by the policy of the header; the address goes nowhere else.
    posts = bool(shown.private and shown.private.returnable)
    return frame("".join(parts), words["title"], language, SAME_ORIGIN if posts else "")


SAME_ORIGIN = '<meta name="referrer" content="same-origin">'


class Clock:
    """Moments (ms) by the clock of the site. `now`: what is today."""

    def __init__(self, zone: ZoneInfo, now: int) -> None:
        self.zone = zone
        self.today = self.at(now).date()

    def at(self, at: int) -> dt.datetime:
        return dt.datetime.fromtimestamp(at / 1000, self.zone)

    def when(self, at: int) -> str:
        return f"{self.at(at):%Y-%m-%d %H:%M}"

    def day(self, at: int, words: dict[str, str]) -> str:
        day = self.at(at).date()
        named = {0: words["today"], 1: words["tomorrow"]}.get((day - self.today).days)
        return f"{named}, {day}" if named else f"{day}"


def nothing(language: Language, words: dict[Language, dict[str, str]] = WORDS) -> str:
    """The same for a wrong link, one that is too old, and one of nobody's."""
    return _told("nothing", language, words[language])


def slow_down(language: Language, words: dict[Language, dict[str, str]] = WORDS) -> str:
    return _told("slow", language, words[language])


def _told(what: str, language: Language, words: dict[str, str]) -> str:
    return frame(f"<h1>{words[what]}</h1><p>{words[f'{what}_mend']}</p>", words[what], language)


def frame(body: str, title: str, language: Language, meta: str = "") -> str:
    """A page with its languages to choose from; `body`, `title` and `meta` are HTML."""
    languages = "".join(
        f"<b>{name}</b>" if tag == language else f'<a lang="{tag}" href="?lang={tag}">{name}</a>'
        for tag, name in LANGUAGES.items()
    )
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex,nofollow">{meta}<title>{title}</title>'
        '<link rel="stylesheet" href="/t/style.css"></head><body>'
        f"<nav>{languages}</nav><main>{body}</main></body></html>\n"
    )


def _now(shown: Shown, words: dict[str, str]) -> str:
    bad = shown.state in ("cancelled", "hold", "refused")
    text = words[shown.state] if bad else words[_last(shown.steps).name]
    if shown.handover:
        text = words[shown.handover.outcome]
        bad = shown.handover.outcome in ("refused", "failed")
    return f'<p class="now{" bad" if bad else ""}">{text}</p>'


def _last(steps: list[Step]) -> Step:
    return [step for step in steps if step.at is not None][-1]


def _late(coming: Coming | None, words: dict[str, str]) -> str:
    if coming is None or not coming.late:
        return ""
    more = words["late_open"] if coming.how == "open" else words["late_more"]
    return f'<p class="late">{words["late"]} {more}</p>'


def _pin(private: Private | None, words: dict[str, str]) -> str:
    if private is None or not private.pin:
        return ""
    return f'<h2>{words["pin"]}</h2><p class="pin">{private.pin}</p><p>{words["pin_hint"]}</p>'


def _facts(shown: Shown, words: dict[str, str], clock: "Clock") -> str:
    goods = words["goods"].format(pieces=shown.pieces, parcels=shown.parcels)
    town = ", ".join(filter(None, (shown.city, shown.country)))
    facts = [(words["to"], f"{escape(shown.name)}<br>{escape(town)}")]
    if shown.coming is not None:
        facts.append((words["expected"], _expected(shown.coming, words, clock)))
    return f"<p>{goods}</p>{_list(facts)}"


def _expected(coming: Coming, words: dict[str, str], clock: "Clock") -> str:
    if coming.how == "window":
        start, end = clock.at(coming.start), clock.at(coming.end)
        return f"{clock.day(coming.start, words)}<br>{start:%H:%M}–{end:%H:%M}"
    if coming.how == "day":
        return words["by_day"].format(day=clock.day(coming.end, words))
    return words["there"] if coming.how == "there" else words["no_day"]


def _list(facts: list[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in facts) + "</dl>"


def _steps(steps: list[Step], words: dict[str, str], clock: "Clock") -> str:
    return "<ol>" + "".join(_step(step, words, clock) for step in steps) + "</ol>"


def _step(step: Step, words: dict[str, str], clock: "Clock") -> str:
    when = words["to_come"] if step.at is None else clock.when(step.at)
    mark = "○" if step.at is None else "✓"
    return (
        f'<li><span aria-hidden="true">{mark}</span>'
        f"<span>{words[step.name]}<small>{when}</small></span></li>"
    )


def _handover(done: Handover, words: dict[str, str], signature: str, clock: "Clock") -> str:
    facts = [(words[done.outcome], clock.when(done.at))]
    if done.receiver:
        facts.append((words["receiver"], escape(done.receiver)))
    drawn = f"<h2>{words['signature']}</h2>{signature}" if signature else ""
    return f"<h2>{words['delivered']}</h2>{_list(facts)}{drawn}"


def _link(path: str, word: str, words: dict[str, str], language: Language) -> str:
    return f'<p><a href="{path}?lang={language}">{words[word]}</a></p>' if path else ""


def _private(private: Private, words: dict[str, str]) -> str:
    address = (private.name, private.street, private.postcode)
    written = "<br>".join(escape(line) for line in address if line)
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>× {qty}</td></tr>" for name, qty in private.lines
    )
    return (
        f"<h2>{words['address']}</h2><p>{written}</p>"
        f"<h2>{words['contents']}</h2><table>{rows}</table>"
    )


def _ask(shown: Shown, words: dict[str, str], language: Language, often: bool) -> str:
    if not shown.asks_postcode:
        return ""
    why = words["postcode_return" if shown.may_return else "postcode_why"]
    told = words["often"] if often else words["wrong"] if shown.wrong_postcode else ""
    told = f'<p class="wrong" role="alert">{told}</p>' if told else ""
    return (
        f'<form method="get"><input type="hidden" name="lang" value="{language}">'
        f'<label for="postcode">{words["postcode"]}</label>'
        '<input id="postcode" name="postcode" maxlength="20" autocomplete="postal-code" required>'
        f"<p>{why}</p>{told}<button>{words['show']}</button></form>"
    )
