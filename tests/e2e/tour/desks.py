"""What the desks see. A new view is one line: `view(name, route)`; `shown` says what is there once
it has come, where that is more than its title."""

from playwright.sync_api import expect

from tests.e2e.tour.stop import (
    Reach,
    Stop,
    Visit,
    escape,
    go,
    press,
    stay,
    tap,
    then,
    type_in,
    view,
)

TASKS, PROBLEMS, CASE = "supervisor/tasks", "supervisor/problems", "supervisor/problems/:id"
STORY, BUILD = "service/order/:id", "reports/build"
READY = "order-status"


def to(path: str) -> Reach:
    """An address with ids in it: `{order}` and so on are those of the site."""

    def reach(on: Visit) -> None:
        go(path.format(**on.site.found))(on)

    return reach


def select_first(on: Visit) -> None:
    on.page.locator("[data-task]").first.focus()
    on.page.keyboard.press("x")


def pick_somebody(on: Visit) -> None:
    """The first who may have it, after nobody; then it is asked for."""
    on.page.locator("dialog input[type=radio]").nth(1).press("Space")
    on.page.keyboard.press("Enter")
    expect(on.page.locator("dialog")).to_have_count(0)


def somebody_is_here(on: Visit) -> None:
    on.page.locator("dialog .ticks input").first.check()


def only_row(on: Visit) -> None:
    rows = on.page.locator(".audit li button")
    expect(rows).to_have_count(1)
    rows.click()


def write_note(on: Visit) -> None:
    on.page.locator("textarea[name=note]").fill("Ring at the back door, the bell is broken")


def schedule(on: Visit) -> None:
    on.page.locator("dialog textarea").fill("office@shop.example")
    press("save-schedule")(on)
    expect(on.page.locator("dialog")).to_have_count(0)


SUPERVISOR = (
    Stop("board", "supervisor", stay, "[data-testid^=order-]"),
    Stop("board-filters", "supervisor", tap("board.filters"), "#order-filters select"),
    view("wall", "supervisor/wall", "[data-testid=wall]"),
    Stop(
        "release-wave",
        "supervisor",
        then(go("/supervisor"), tap("supervisor.releaseWave")),
        "dialog",
    ),
    Stop(
        "waves", "supervisor/waves", then(escape, go("/supervisor/waves")), "[data-testid^=wave-]"
    ),
    view("tasks", TASKS, "[data-testid^=task-]"),
    Stop("task-keys", TASKS, tap("acting.keys"), "dialog"),
    Stop(
        "task-menu",
        TASKS,
        then(escape, go(f"/{TASKS}?kind=pick&who=-"), tap("acting.menuOf")),
        "dialog",
    ),
    Stop("task-split", TASKS, tap("acting.split"), "dialog input"),
    Stop(
        "task-priority",
        TASKS,
        then(escape, tap("acting.menuOf"), tap("acting.priority")),
        "dialog input",
    ),
    Stop("task-auto", TASKS, then(escape, tap("acting.auto")), "dialog .ticks"),
    Stop("task-proposed", TASKS, somebody_is_here, "dialog .proposals select"),
    Stop("task-selected", TASKS, then(escape, select_first), ".select-bar.some"),
    Stop("task-assign", TASKS, tap("acting.assign"), "dialog"),
    Stop(
        "task-report",
        TASKS,
        then(
            pick_somebody,
            go(f"/{TASKS}?kind=pick"),
            tap("acting.selectAll"),
            tap("acting.takeBack"),
        ),
        "dialog .report",
    ),
    Stop(
        "floor",
        "supervisor/floor",
        then(escape, go("/supervisor/floor")),
        "[data-testid=floor-map]",
    ),
    view("problems", PROBLEMS, ".problem"),
    Stop("case", CASE, to("/supervisor/problems/{open}"), ".case img"),
    Stop("case-photo", CASE, tap("exceptions.enlarge"), "dialog img"),
    Stop("settle", CASE, then(escape, tap("exceptions.settle")), "dialog .known-list"),
    Stop("hand-over", CASE, then(escape, tap("exceptions.handOver")), "dialog"),
    Stop("escalate", CASE, then(escape, tap("exceptions.escalate")), "dialog"),
    Stop("case-settled", CASE, then(escape, to("/supervisor/problems/{settled}")), ".case"),
    view("known", "supervisor/problems/known", ".known-cases li"),
    Stop("runs", "supervisor/runs", go("/supervisor/runs"), "[data-testid=fleet]"),
    Stop("plan-runs", "supervisor/runs", press("ask-plan"), "dialog"),
    Stop(
        "carriers",
        "supervisor/carriers",
        then(escape, go("/supervisor/carriers")),
        "[data-testid^=compare-]",
    ),
    Stop("pickup", "supervisor/carriers", press("book-*"), "dialog"),
    Stop(
        "offers",
        "supervisor/carriers",
        then(escape, press("compare-*")),
        "[data-testid^=offer-]",
    ),
    Stop("find", "orders", then(escape, go("/orders")), "input[type=search]"),
    Stop("found", "orders", type_in("quarry"), "[data-testid=found]"),
    Stop("story", "orders/:id", to("/orders/{coming}"), "[data-testid=state]"),
    Stop("enter-proof", "orders/:id/proof/:stop", to("/orders/{coming}/proof/{stop}"), "h1"),
    view("stock", "stock", "[data-testid^=stock-]"),
    Stop("stock-places", "stock", tap("stock.placesOf"), "[data-testid=places]"),
    view("returns", "returns", "[data-testid^=rma-]"),
    view("papers", "papers", "[data-testid^=lacking-]"),
    view("people", "supervisor/people"),
    view("add-device", "supervisor/enrol"),
    Stop("device-code", "supervisor/enrol", tap("supervisor.makeCode"), "[data-testid=code]"),
    view("survey", "supervisor/survey", "[data-testid^=figure-]"),
    view("insight", "insight", "[data-testid=figures]"),
    Stop("figure", "insight", go("/insight?figure=delivered"), "[data-drawn] canvas"),
    Stop("figure-of", "insight", go("/insight?figure=pick_rate"), "[data-testid=members] button"),
    view("reports", "reports", "[data-testid^=report-]"),
    Stop("report", "reports/:id", go(f"/reports/{READY}?period=all"), "[data-testid=report-table]"),
    Stop("schedule", "reports/:id", tap("reports.schedule"), "dialog"),
    Stop(
        "schedules",
        "reports/schedules",
        then(schedule, go("/reports/schedules")),
        "[data-testid^=schedule-]",
    ),
    view("build", BUILD, "[data-testid=preview]"),
    Stop("build-like", f"{BUILD}/:id", go(f"/{BUILD}/{READY}"), "[data-testid=preview]"),
    Stop("build-seen", f"{BUILD}/:id", press("preview"), "[data-testid=report-table]"),
    view("audit", "audit", "[data-testid=chain]"),
    Stop(
        "audit-entry",
        "audit/entry",
        then(go("/audit?kind=exceptions.settle_case"), only_row),
        "[data-testid=seal]",
    ),
)

SERVICE = (
    Stop("find", "service", stay, "input[type=search]"),
    Stop("found", "service", type_in("quarry"), "[data-testid=found]"),
    Stop("nothing-found", "service", type_in("nobody at all"), "h1"),
    Stop("story", STORY, to("/service/order/{delivered}"), "[data-testid=notices] li"),
    Stop("wishes", STORY, press("wishes"), "dialog"),
    Stop("open-return", STORY, then(escape, press("open-return")), "dialog"),
    Stop(
        "story-refused", STORY, then(escape, to("/service/order/{refused}")), "[data-testid^=rma-]"
    ),
    Stop("story-waiting", STORY, to("/service/order/{waiting}"), "[data-testid=change-address]"),
    Stop("hold", STORY, tap("supervisor.hold"), "dialog"),
    Stop("cancel", STORY, then(escape, tap("service.cancel")), "dialog"),
    Stop("address", STORY, then(escape, press("change-address")), "dialog"),
    Stop("note", STORY, then(escape, write_note), "[data-testid=add-note]:enabled"),
    view("problems", "service/problems", ".problem"),
    Stop("case", "service/problems/:id", to("/service/problems/{open}"), ".case img"),
    view("known", "service/problems/known", ".known-cases li"),
    view("reports", "reports", "[data-testid^=report-]"),
    view("insight", "insight", "[data-testid=figures]"),
    view("papers", "papers", "[data-testid^=lacking-]"),
    Stop("papers-order", STORY, press("lacking-*"), "[data-testid=papers]"),
    view("stock", "stock", "[data-testid^=stock-]"),
)

ADMIN = (
    Stop("people", "admin", stay, "table"),
    Stop("add-person", "admin", tap("admin.addPerson"), "dialog"),
    Stop("new-pin", "admin", then(escape, tap("admin.setPinOf")), "dialog"),
    Stop("end-access", "admin", then(escape, tap("admin.endAccessOf")), "dialog"),
    Stop("skills", "admin", then(escape, tap("acting.abilitiesOf")), "dialog"),
    Stop("add-device", "admin/enrol", then(escape, go("/admin/enrol")), "h1"),
    view("settings", "admin/settings", "table"),
    Stop("printer", "admin/settings", press("add-bench"), "dialog"),
    Stop("own-settings", "settings", then(escape, go("/settings")), "h1"),
    view("problems", "admin/problems", ".problem"),
    Stop("case", "admin/problems/:id", to("/admin/problems/{open}"), ".case img"),
    view("known", "admin/problems/known", ".known-cases li"),
    Stop("report", "reports/:id", go(f"/reports/{READY}?period=all"), "[data-testid=report-table]"),
    view("uses", "reports/uses", "tbody tr"),
    view("audit", "audit", "[data-testid=chain]"),
)
