"""A picker with a real handheld: a browser that shows the app, scans as a keyboard wedge does, and
fingers that do what the screen asks for. Nothing is known here but what the screen says, and what
lies on the shelf."""

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Error, Page

from server.store.store import Store
from tests.day.shelves import Shelves
from tests.e2e.conftest import scan
from tests.floor_site import table

LOOK = """() => {
  const text = selector => document.querySelector(selector)?.innerText ?? "";
  const shown = [...document.querySelectorAll("[data-testid]")].map(e => e.dataset.testid);
  return {
    shown, hash: location.hash,
    bin: text(".instruction .where"), sku: text(".what-detail .code"),
    quantity: text(".instruction .quantity"), slot: text("[data-testid=slot]"),
    place: text("p.big-code"), prompt: text(".prompt"), soft: text("p.soft"),
  };
}"""
SAID = """() => new Promise((done, fail) => {
  const asked = indexedDB.open("dockhand");
  asked.onerror = () => fail(asked.error);
  asked.onsuccess = () => {
    const db = asked.result, got = db.transaction("ops").objectStore("ops").getAll();
    got.onsuccess = () => {
      db.close();
      done(got.result.map(({ n, k, body }) => ({ n, k, body })));
    };
    got.onerror = () => fail(got.error);
  };
})"""
PICKS = {
    "picking.confirm_pick": "qty",
    "picking.report_short": "found",
    "picking.pick_elsewhere": "found",
    "picking.await_stock": "found",
}
SHORT = 0.06
ELSEWHERE = 0.5
SAME_CODE_MS = 320
"""Sooner than that the same code is the same pull of the trigger."""
LOST_LOOKS = 40
"""So many looks at one screen without anything to do, and one goes back to the list."""
Seen = dict[str, Any]


@dataclass
class Hand:
    """`codes`: what a scanner reads on the goods, by article. `taken`: pieces in the hand, and what
    has been said of them so far is `accounted` by the number of the last operation looked at."""

    page: Page
    who: str
    store: Store
    shelves: Shelves
    codes: dict[str, str]
    chance: random.Random
    did: Counter[str] = field(default_factory=Counter)
    taken: tuple[str, str, int] | None = None
    short: bool = False
    seen_n: int = 0
    _idle: int = 0
    _last: str = ""

    def step(self, more_work: bool) -> None:
        """One look at the screen, and what it asks for."""
        try:
            seen: Seen = self.page.evaluate(LOOK)
            act = self._act(seen)
            if act is None and more_work:
                act = self._home(seen)
            self._rest(seen, act)
        except Error:
            self.did["lost_screen"] += 1  # it went on to another while a finger came down

    def _rest(self, seen: Seen, act: str | None) -> None:
        state = f"{seen['hash']} {seen['prompt']} {seen['bin']}"
        self._idle = self._idle + 1 if state == self._last else 0
        self._last = state
        if act:
            self.did[act] += 1
        else:
            self.page.wait_for_timeout(50)
        if self._idle > LOST_LOOKS:
            self._idle = 0
            self.did["went_home"] += 1
            self.page.evaluate("location.hash = '#/picker'")

    def _act(self, seen: Seen) -> str | None:
        shown = set(seen["shown"])
        for test_id in ("zero-yes", "to-tasks", "resume", "label-right"):
            if test_id in shown:
                return self._tap(test_id)
        if "finish" in shown:
            return self._tap("finish")
        if "send-short" in shown or "cure-none" in shown or "short-next" in shown:
            return self._report(shown)
        if seen["bin"]:
            return self._at_the_shelf(seen, shown)
        return self._tote(seen)

    def _tap(self, test_id: str) -> str:
        if test_id == "zero-yes" and self._is_left():
            return self._zero_no()
        self.page.get_by_test_id(test_id).click(timeout=2_000)
        return test_id

    # --- the list

    def _home(self, seen: Seen) -> str | None:
        self._settle()
        if "continue" in seen["shown"]:
            return self._tap("continue")
        if "take-next" not in seen["shown"]:
            return None
        waiting = "SELECT title FROM task WHERE kind = 'pick' AND state = 'open' AND lines > 0"
        wanted = " AND mode <> 'batch' AND stopped = '' ORDER BY lines, id LIMIT 5"
        titles = [str(r["title"]) for r in table(self.store, waiting + wanted)]
        there = [t for t in titles if f"task-{t}" in seen["shown"]]
        if not there:
            return None
        self.page.get_by_test_id(f"task-{self.chance.choice(there)}").first.click(timeout=2_000)
        return "take"

    # --- the shelf

    def _at_the_shelf(self, seen: Seen, shown: set[str]) -> str | None:
        if "where" in shown:
            self._settle()
            scan(self.page, f"L-{seen['bin']}")
            return "place"
        if "what" in shown:
            return self._take(seen)
        return self._amount(seen) if "type-quantity" in shown else None

    def _take(self, seen: Seen) -> str:
        asked, here = _pieces(seen["quantity"]), (seen["bin"], seen["sku"])
        if self.taken is not None and (self.taken[:2] != here or self._is_said()):
            self._settle()  # the next line lies in the same bin
        if self.taken is None:
            wanted = asked
            if self.chance.random() < SHORT:
                wanted = self.chance.randrange(asked)
            got = self.shelves.take(*here, wanted)
            self.taken, self.short = (*here, got), got < asked
        if self.short:
            self.page.get_by_test_id("problem").click(timeout=2_000)
            return "problem"
        scan(self.page, self.codes[seen["sku"]])
        self.page.wait_for_timeout(SAME_CODE_MS)
        return "piece"

    def _amount(self, seen: Seen) -> str:
        self.page.get_by_test_id("type-quantity").click(timeout=2_000)
        self._type(_pieces(seen["quantity"]))
        return "amount"

    def _type(self, number: int) -> None:
        for digit in str(number):
            key = self.page.get_by_role("button", name=digit, exact=True)
            key.click(timeout=2_000)
        self.page.locator(".keypad button[type=submit]").click(timeout=2_000)

    def _report(self, shown: set[str]) -> str:
        if "cure-none" in shown:
            cures = [s for s in shown if re.fullmatch(r"cure-A\d\d-\d\d-\d.*", s)]
            here = cures and self.chance.random() < ELSEWHERE
            return self._tap(self.chance.choice(sorted(cures)) if here else "cure-none")
        if "send-short" in shown:
            return self._tap("send-short")
        why = "Damaged" if self.chance.random() < 0.2 else "Too few, or none"
        found = self.taken[2] if self.taken else 0
        self.page.get_by_text(why, exact=True).click(timeout=2_000)
        self.page.get_by_test_id("short-next").click(timeout=2_000)
        self._type(found)
        return "short"

    def _is_left(self) -> int:
        """Pieces that still lie where the last ones were taken."""
        said = self._said()
        picks = [op["body"] for op in said if op["k"] == "picking.confirm_pick"]
        return self.shelves.there(picks[-1]["bin"], picks[-1]["sku"]) if picks else 0

    def _zero_no(self) -> str:
        left = self._is_left()
        self.page.get_by_test_id("zero-no").click(timeout=2_000)
        self._type(left)
        return "zero-no"

    # --- the cart

    def _tote(self, seen: Seen) -> str | None:
        if seen["slot"]:
            number, code = _slot(seen["slot"])
            self.page.wait_for_timeout(SAME_CODE_MS)
            scan(self.page, f"T-{code or self._new_tote(number, seen)}")
            return "tote"
        if seen["place"]:
            scan(self.page, f"T-{seen['soft'].split(' · ')[0]}")
            return "fetch"
        if "Set the cart down" in seen["prompt"]:
            scan(self.page, "L-GATE")
            return "hand_over"
        return None

    def _new_tote(self, number: str, seen: Seen) -> str:
        task = re.sub(r"[^0-9A-Za-z]", "", seen["hash"])[-10:]
        return f"{task}-{number}"

    # --- what was taken is accounted for by what the handheld has on its disk

    def _said(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(SAID)
        return sorted(found, key=lambda op: op["n"])

    def _picks(self) -> list[dict[str, Any]]:
        """What has been said of the place where the last pieces were taken, since they were."""
        here = self.taken[:2] if self.taken else None
        said = [op for op in self._said() if op["n"] > self.seen_n and op["k"] in PICKS]
        return [op for op in said if (op["body"]["bin"], op["body"]["sku"]) == here]

    def _is_said(self) -> bool:
        return bool(self._picks())

    def _settle(self) -> None:
        """What was taken for a line that went to somebody else is put back where it was."""
        if self.taken is None:
            return
        bin_code, sku, qty = self.taken
        said = self._picks()
        self.seen_n = max([self.seen_n, *(op["n"] for op in said)])
        gone = sum(op["body"][PICKS[op["k"]]] for op in said)
        self.shelves.put(bin_code, sku, qty - gone)
        self.taken, self.short = None, False


def _pieces(text: str) -> int:
    """ "1 / 2 pieces" are two of which one was counted already."""
    wanted = text.rsplit("/", maxsplit=1)[-1]
    return int(re.sub(r"[^0-9]", "", wanted) or 0)


def _slot(text: str) -> tuple[str, str]:
    found = re.match(r"Slot (\d+)(?: · tote (\S+))?", text)
    return (found[1], found[2] or "") if found else ("0", "")
