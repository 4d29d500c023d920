"""What supervisors see. A new view is one line: `view(name, route)`; `shown` says what is there
once it has come, where that is more than its title. Tasks and runs are acted on in `acting.py`."""

from playwright.sync_api import expect

from tests.e2e.tour.look import DESK, FLOOR
from tests.e2e.tour.road import photograph
from tests.e2e.tour.stop import (
    Reach,
    Stop,
    Visit,
    escape,
    go,
    offline,
    online,
    press,
    stay,
    tap,
    then,
    type_in,
    view,
)

PROBLEMS, CASE = "supervisor/problems", "supervisor/problems/:id"
CARRIERS, PROOF = "supervisor/carriers", "orders/:id/proof/:stop"
BUILD, REPORT = "reports/build", "reports/:id"
READY = "order-status"
NOTHING = "nothing of that name"


def to(path: str) -> Reach:
    """An address with ids in it: `{order}` and so on are those of the site."""

    def reach(on: Visit) -> None:
        go(path.format(**on.site.found))(on)

    return reach


def on_a_phone(on: Visit) -> None:
    on.page.set_viewport_size(FLOOR)  # type: ignore[arg-type]


def at_a_desk(on: Visit) -> None:
    on.page.set_viewport_size(DESK)  # type: ignore[arg-type]


def unfold_views(on: Visit) -> None:
    on_a_phone(on)
    on.page.locator("nav.views > button").click()


def fold_views(on: Visit) -> None:
    on_a_phone(on)
    on.page.locator("nav.views.open > button").click()
    expect(on.page.locator("nav.views.open")).to_have_count(0)
    at_a_desk(on)


def look_at(shown: str) -> Reach:
    """What lies below the edge of the screen."""
    return lambda on: on.page.locator(shown).first.scroll_into_view_if_needed()


def field(name: str, text: str) -> Reach:
    """Into the field of this name, in a dialog or not."""
    return lambda on: on.page.locator(f"[name={name}]").last.fill(text)


def nth_choice(at: int) -> Reach:
    return lambda on: on.page.locator(".choices button, .choices label").nth(at).click()


def answer(key: str) -> Reach:
    """The button that says it in the dialog on show."""
    return lambda on: (
        on.page.locator("dialog[open]").get_by_role("button", name=on.word(key)).click()
    )


def oldest_settling(on: Visit) -> None:
    """Of the entries that are left; others may have settled something meanwhile."""
    rows = on.page.locator(".audit li button")
    settling = on.page.get_by_text(on.word("ops.settleCase"))
    expect(rows.filter(has_not=settling)).to_have_count(0)
    rows.last.click()


def no_columns(on: Visit) -> None:
    """A formula that nothing can be made of, and then a look at it."""
    on.page.locator("fieldset input").first.fill("sum(nothing")
    press("preview")(on)


def end_use(on: Visit) -> None:
    on.page.get_by_role("button", name=on.word("supervisor.endDeviceOf")).first.click()


def schedule(on: Visit) -> None:
    on.page.locator("dialog textarea").fill("office@shop.example")
    press("save-schedule")(on)
    expect(on.page.locator("dialog")).to_have_count(0)


def keep_it(on: Visit) -> None:
    on.page.locator("input[name=report-name]").fill("Orders of the week")
    press("save-report")(on)
    expect(on.page.get_by_test_id("save-report")).to_have_count(0)


def own_report(on: Visit) -> None:
    on.page.locator(".report-lists").get_by_text("Orders of the week").click()


HOUSE = (
    Stop("board", "supervisor", stay, "[data-testid^=order-]"),
    Stop("views-open", "supervisor", unfold_views, "nav.views.open a"),
    Stop(
        "board-filters",
        "supervisor",
        then(fold_views, tap("board.filters")),
        "#order-filters select",
    ),
    Stop(
        "board-late",
        "supervisor",
        then(go("/supervisor?late=any"), look_at("[data-testid^=order-]")),
        "[data-testid^=order-]",
    ),
    Stop(
        "board-none",
        "supervisor",
        then(go(f"/supervisor?q={NOTHING}"), look_at(".empty")),
        ".empty",
    ),
    Stop("board-off-line", "supervisor", then(go("/supervisor"), offline), ".status-bar.offline"),
    Stop(
        "wall",
        "supervisor/wall",
        then(online, go("/supervisor/wall")),
        ".wall.live [data-testid^=pace-]",
    ),
    Stop("wall-off-line", "supervisor/wall", offline, ".wall.stale"),
    Stop(
        "release-wave",
        "supervisor",
        then(online, go("/supervisor"), tap("supervisor.releaseWave")),
        "dialog",
    ),
    Stop("release-wave-wrong", "supervisor", field("orders", "0"), "dialog .error"),
    Stop(
        "waves", "supervisor/waves", then(escape, go("/supervisor/waves")), "[data-testid^=wave-]"
    ),
    view("floor", "supervisor/floor", "[data-testid=floor-map]"),
    Stop("floor-near", "supervisor/floor", tap("supervisor.zoomIn"), ".floor-frame.z150"),
    view("problems", PROBLEMS, ".problem"),
    Stop("problems-none", PROBLEMS, go(f"/{PROBLEMS}?q={NOTHING}"), ".empty"),
    Stop("case", CASE, to("/supervisor/problems/{open}"), ".case img"),
    Stop("case-photo", CASE, tap("exceptions.enlarge"), "dialog img"),
    Stop("settle", CASE, then(escape, tap("exceptions.settle")), "dialog .known-list"),
    Stop("settle-lacks", CASE, answer("exceptions.settle"), "dialog .error"),
    Stop("hand-over", CASE, then(escape, tap("exceptions.handOver")), "dialog select"),
    Stop("escalate", CASE, then(escape, tap("exceptions.escalate")), "dialog input"),
    Stop("case-note", CASE, then(escape, tap("exceptions.addNote")), "dialog input"),
    Stop("case-settled", CASE, then(escape, to("/supervisor/problems/{settled}")), ".case"),
    Stop("case-reopen", CASE, tap("exceptions.reopen"), "dialog input"),
    Stop("case-gone", CASE, then(escape, go(f"/{PROBLEMS}/none")), "[role=alert]"),
    view("known", "supervisor/problems/known", ".known-cases li"),
    Stop("known-none", f"{PROBLEMS}/known", go(f"/{PROBLEMS}/known?q={NOTHING}"), ".empty"),
    Stop("runs", "supervisor/runs", go("/supervisor/runs"), "[data-testid=fleet]"),
    view("carriers", CARRIERS, "[data-testid^=compare-]"),
    Stop("pickup", CARRIERS, press("book-*"), "dialog input"),
    Stop("pickup-wrong", CARRIERS, field("until", "2020-01-01T10:00"), "dialog .error"),
    Stop("offers", CARRIERS, then(escape, press("compare-*")), "[data-testid^=offer-]"),
    Stop("find", "orders", then(escape, go("/orders")), "input[type=search]"),
    Stop("found", "orders", type_in("quarry"), "[data-testid=found]"),
    Stop("find-off-line", "orders", then(offline, type_in("mug")), "search [role=alert]"),
    Stop("story", "orders/:id", then(online, to("/orders/{coming}")), "[data-testid=state]"),
    Stop("story-pin", "orders/:id", press("issue-pin"), "[data-testid=pin]"),
    Stop("story-none", "orders/:id", go("/orders/none"), "[role=alert]"),
    Stop("enter-proof", PROOF, to("/orders/{coming}/proof/{stop}"), "[data-testid=save-proof]"),
    Stop("enter-proof-lacks", PROOF, press("save-proof"), "[role=alert]"),
    Stop("enter-proof-part", PROOF, then(nth_choice(5), photograph), ".stepper"),
)

OFFICE = (
    view("stock", "stock", "[data-testid^=stock-]"),
    Stop("stock-places", "stock", tap("stock.placesOf"), "[data-testid=places]"),
    view("returns", "returns", "[data-testid^=rma-]"),
    Stop("return", "returns/:rma", press("rma-*"), "[data-testid=take-in]"),
    Stop("return-photo", "returns/:rma", photograph, ".photo-strip img"),
    Stop("return-gone", "returns/:rma", go("/returns/none"), "[role=alert]"),
    view("papers", "papers", "[data-testid^=lacking-]"),
    view("people", "supervisor/people", "table"),
    Stop("end-device", "supervisor/people", end_use, "dialog"),
    Stop("add-device", "supervisor/enrol", then(escape, go("/supervisor/enrol")), "h1"),
    Stop("device-code", "supervisor/enrol", tap("supervisor.makeCode"), "[data-testid=code]"),
    view("survey", "supervisor/survey", "[data-testid^=figure-]"),
    view("insight", "insight", "[data-testid=figures]"),
    Stop("figure", "insight", go("/insight?figure=delivered"), "[data-drawn] canvas"),
    Stop("figure-of", "insight", go("/insight?figure=pick_rate"), "[data-testid=members] button"),
    Stop(
        "figure-none",
        "insight",
        go("/insight?figure=delivered&from=2020-01-01&to=2020-01-02"),
        "[data-testid=behind] .empty",
    ),
    view("reports", "reports", "[data-testid^=report-]"),
    Stop("report", REPORT, go(f"/reports/{READY}?period=all"), "[data-testid=report-table]"),
    Stop(
        "report-filters",
        REPORT,
        then(lambda on: on.page.locator("summary.button").click(), press("add-filter")),
        ".report-row select",
    ),
    Stop(
        "report-none",
        REPORT,
        go(f"/reports/{READY}?start=2020-01-01&end=2020-01-02"),
        "[data-testid=report-table] .empty",
    ),
    Stop("schedule", REPORT, tap("reports.schedule"), "dialog"),
    Stop("schedule-lacks", REPORT, press("save-schedule"), "dialog .error"),
    Stop(
        "schedules",
        "reports/schedules",
        then(schedule, go("/reports/schedules")),
        "[data-testid^=schedule-]",
    ),
    view("build", BUILD, "[data-testid=preview]"),
    Stop("build-like", f"{BUILD}/:id", go(f"/{BUILD}/{READY}"), "[data-testid=preview]"),
    Stop("build-seen", f"{BUILD}/:id", press("preview"), "[data-testid=report-table]"),
    Stop("build-wrong", f"{BUILD}/:id", no_columns, "[role=alert]"),
    Stop("build-no-name", f"{BUILD}/:id", press("save-report"), ".keep .error"),
    Stop("reports-own", "reports", then(go(f"/{BUILD}"), keep_it, go("/reports")), ".report-lists"),
    Stop("report-own", REPORT, own_report, "[data-testid=report-table]"),
    Stop("report-delete", REPORT, tap("reports.deleteIt"), "dialog"),
    Stop("audit", "audit", then(escape, go("/audit")), "[data-testid=chain]"),
    Stop("audit-none", "audit", go("/audit?order=none"), ".audit .empty"),
    Stop(
        "audit-entry",
        "audit/entry",
        then(go("/audit?kind=exceptions.settle_case"), oldest_settling),
        "[data-testid=seal]",
    ),
    Stop("audit-no-entry", "audit/entry", go("/audit/entry?device=none&n=1"), "[role=alert]"),
)
SUPERVISOR = (*HOUSE, *OFFICE)
