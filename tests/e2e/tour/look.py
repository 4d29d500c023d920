"""What every screen must be: accessible (axe), within 320 px, in its own language, and large enough
to be hit."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.tour.stop import Visit
from tests.e2e.tour.words import words

AXE = Path(__file__).parents[3] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FLOOR, DESK = {"width": 360, "height": 720}, {"width": 1280, "height": 800}
THEMES = ("light", "dark")
NARROW = 320
"""CSS px to which a page of 1280 px is zoomed by 400 % (WCAG 1.4.10)."""
TARGET_FLOOR, TARGET = 44, 24
"""CSS px: with gloves, and WCAG 2.5.8."""

RUN = """tags => axe.run(document, {
  runOnly: { type: "tag", values: tags },
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
}).then(({ violations }) => violations.map(({ id, nodes: [{ html, failureSummary }, ...others] }) =>
  `${id}: ${html.slice(0, 200)} (and ${others.length} more) ${failureSummary ?? ""}`))"""

TARGETS = """least => {
  const wanted = "button, a[href], input, select, textarea, summary, [role=button], [role=switch]";
  const dialog = document.querySelector("dialog[open]");
  const seen = element => {
    const { width, height } = element.getBoundingClientRect();
    const unseen = element.closest(".catcher, .unseen, [hidden], [inert], [aria-hidden=true]");
    return width > 1 && height > 1 && !unseen && element.checkVisibility({ opacityProperty: true });
  };
  const inline = element => getComputedStyle(element).display === "inline";
  const box = element => {
    const label = element.closest("label") ?? element.labels?.[0];
    const own = element.getBoundingClientRect();
    return /checkbox|radio|file/.test(element.type ?? "") && label
      ? label.getBoundingClientRect() : own;
  };
  return [...(dialog ?? document).querySelectorAll(wanted)]
    .filter(element => seen(element) && !inline(element))
    .map(element => [element, box(element)])
    .filter(([, { width, height }]) => Math.min(width, height) < least - 0.5)
    .map(([element, { width, height }]) =>
      `target of ${Math.round(width)} x ${Math.round(height)} px, not ${least}: ` +
      element.outerHTML.slice(0, 160));
}"""

WIDE = """width => {
  const sticks = [...document.querySelectorAll("body *")].filter(element => {
    const { right, width: wide } = element.getBoundingClientRect();
    return wide > 0 && right > width + 1 && !element.closest(".scrolls, .table-scroll, .unseen");
  });
  const frames = [document.documentElement, ...document.querySelectorAll(".content, dialog[open]")];
  const wide = frames.find(frame => frame.scrollWidth > Math.max(frame.clientWidth, 1));
  return wide === undefined ? [] : [`${wide.scrollWidth} px wide at ${width} px: ` +
    (sticks.at(-1)?.outerHTML.slice(0, 160) ?? "")];
}"""

COVERED = """() => {
  const cut = (a, b) => ({
    left: Math.max(a.left, b.left), right: Math.min(a.right, b.right),
    top: Math.max(a.top, b.top), bottom: Math.min(a.bottom, b.bottom),
  });
  const some = ({ left, right, top, bottom }) => right - left > 1 && bottom - top > 1;
  const seen = element => {
    let box = element.getBoundingClientRect();
    for (let at = element.parentElement; at; at = at.parentElement)
      if (getComputedStyle(at).overflowY !== "visible") box = cut(box, at.getBoundingClientRect());
    return box;
  };
  const news = [...document.querySelectorAll(".toast")].map(seen);
  return [...document.querySelectorAll("button, a[href], input, select, textarea, summary")]
    .filter(element =>
      !element.closest(".toast, .catcher, .unseen, [hidden], [inert], dialog:modal"))
    .filter(element => news.some(box => some(cut(box, seen(element)))))
    .map(element => `news covers ${element.outerHTML.slice(0, 160)}`);
}"""

CUT = """() => [...document.querySelectorAll(".wall .standing li > *")]
  .filter(element => element.scrollWidth > element.clientWidth + 1 ||
    element.getBoundingClientRect().bottom >
      element.closest("section").getBoundingClientRect().bottom)
  .map(element => `cut on the wall: ${element.outerHTML.slice(0, 160)}`)"""
"""Nobody can scroll a wall, or point at what is cut there."""

TEXTS = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());)
    if (!node.parentElement.closest(".code, code, pre, script, style"))
      found.add(node.data.trim());
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
    for (const name of ["aria-label", "title", "placeholder"])
      found.add((element.getAttribute(name) ?? "").trim());
  return [...found].filter(Boolean);
}"""

DRAWN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"""

NO_FLASH = """(() => {
  const quiet = new CSSStyleSheet();
  quiet.replaceSync(".flash, .no-toasts .toast:not(.offer) { display: none !important }");
  document.adoptedStyleSheets = [quiet];
})()"""
"""For each page: the answer to a scan goes by itself, and nobody has to wait for that; nor, where
a picture is taken, for words that are about the step before."""

CALM = """() =>
  ![...document.querySelectorAll("h1, [role=status], .empty, li")].some(
    element => element.textContent.trim() === window.tourLoading)"""


def settle(on: Visit) -> None:
    """Until nothing is being loaded any more."""
    loading = words(on.language)["common.loading"]
    on.page.evaluate("word => { window.tourLoading = word; }", loading)
    for _ in range(400):
        if on.page.evaluate(CALM):
            return
        on.page.wait_for_timeout(50)
    raise AssertionError("the screen is still loading")


def complaints(on: Visit, theme: str, *, floor: bool) -> list[str]:
    """What is wrong with the screen on show; nothing, as a rule."""
    page = on.page
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    settle(on)
    page.evaluate(DRAWN)
    found = [*axe(page), *targets(page, floor=floor), *foreign(on), *too_wide(page)]
    return [*found, *covered(page), *cut(page)]


def axe(page: Page) -> list[str]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(RUN, TAGS)
    return found


@cache
def _axe() -> str:
    return AXE.read_text("utf-8") + "; undefined"


def targets(page: Page, *, floor: bool) -> list[str]:
    found: list[str] = page.evaluate(TARGETS, TARGET_FLOOR if floor else TARGET)
    return found


def too_wide(page: Page) -> list[str]:
    """At 320 px; then back to the size it had."""
    usual = page.viewport_size
    assert usual is not None
    page.set_viewport_size({"width": NARROW, "height": usual["height"]})
    found: list[str] = page.evaluate(WIDE, NARROW)
    page.set_viewport_size(usual)
    return found


def covered(page: Page) -> list[str]:
    """By news that comes and goes, at the size on show and on a phone. A dialog lies over it."""
    usual = page.viewport_size
    assert usual is not None
    found: list[str] = page.evaluate(COVERED)
    if page.locator(".toast").count():
        page.set_viewport_size(FLOOR)  # type: ignore[arg-type]
        found += page.evaluate(COVERED)
        page.set_viewport_size(usual)
    return found


def cut(page: Page) -> list[str]:
    found: list[str] = page.evaluate(CUT)
    return found


def foreign(on: Visit) -> list[str]:
    """Keys without a text, placeholders without a value, and English between Chinese."""
    mine, english = set(words(on.language).values()), _english()
    keys = set(words("en"))
    areas = {key.partition(".")[0] for key in keys}
    found = []
    for text in on.page.evaluate(TEXTS):
        area, _, rest = text.partition(".")
        if text in keys or (area in areas and rest.replace("_", "").replace(".", "").isalnum()):
            found.append(f"a key in place of its text: {text}")
        elif "{" in text and "}" in text:
            found.append(f"a placeholder without its value: {text}")
        elif on.language != "en" and text in english and text not in mine:
            found.append(f"not translated: {text}")
    return found


@cache
def _english() -> frozenset[str]:
    """English messages of several letters; a word alone may be somebody's data."""
    return frozenset(text for text in words("en").values() if " " in text and "{" not in text)
