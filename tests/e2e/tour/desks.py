"""What the desks see. A new view is one line: `view(name, route)`; `shown` says what is there once
it has come, where that is more than its title."""

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

TASKS, PROBLEMS = "supervisor/tasks", "supervisor/problems"


def to(path: str) -> Reach:
    """An address with ids in it: `{order}` and so on are those of the site."""

    def reach(on: Visit) -> None:
        go(path.format(**on.site.found))(on)

    return reach


SUPERVISOR = (
    Stop("board", "supervisor", stay, "[data-testid^=order-]"),
    Stop("release-wave", "supervisor", tap("supervisor.releaseWave"), "dialog"),
    Stop(
        "waves", "supervisor/waves", then(escape, go("/supervisor/waves")), "[data-testid^=wave-]"
    ),
    view("tasks", TASKS, "[data-testid^=task-]"),
    Stop("task-split", TASKS, tap("supervisor.splitOf"), "dialog"),
    Stop("task-priority", TASKS, then(escape, tap("supervisor.priorityOf")), "dialog"),
    Stop(
        "floor",
        "supervisor/floor",
        then(escape, go("/supervisor/floor")),
        "[data-testid=floor-map]",
    ),
    view("problems", PROBLEMS, ".problem"),
    Stop(
        "settle",
        PROBLEMS,
        lambda on: on.page.locator(".problem button").first.click(),
        "dialog",
    ),
    Stop("runs", "supervisor/runs", then(escape, go("/supervisor/runs")), "[data-testid^=run-]"),
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
)

SERVICE = (
    Stop("find", "service", stay, "input[type=search]"),
    Stop("found", "service", type_in("quarry"), "[data-testid=found]"),
    Stop("nothing-found", "service", type_in("nobody at all"), "h1"),
    Stop("story", "service/order/:id", to("/service/order/{delivered}"), "[data-testid=state]"),
    Stop(
        "story-refused", "service/order/:id", to("/service/order/{refused}"), "[data-testid^=rma-]"
    ),
    Stop(
        "story-waiting", "service/order/:id", to("/service/order/{waiting}"), "[data-testid=state]"
    ),
    Stop("hold", "service/order/:id", tap("supervisor.hold"), "dialog"),
    Stop("cancel", "service/order/:id", then(escape, tap("service.cancel")), "dialog"),
    Stop("problems", "service/problems", then(escape, go("/service/problems")), ".problem"),
    view("papers", "papers", "[data-testid^=lacking-]"),
    Stop("papers-order", "service/order/:id", press("lacking-*"), "[data-testid=papers]"),
    view("stock", "stock", "[data-testid^=stock-]"),
)

ADMIN = (
    Stop("people", "admin", stay, "table"),
    Stop("add-person", "admin", tap("admin.addPerson"), "dialog"),
    Stop("new-pin", "admin", then(escape, tap("admin.setPinOf")), "dialog"),
    Stop("end-access", "admin", then(escape, tap("admin.endAccessOf")), "dialog"),
    Stop("add-device", "admin/enrol", then(escape, go("/admin/enrol")), "h1"),
    view("settings", "admin/settings", "table"),
    Stop("printer", "admin/settings", press("add-bench"), "dialog"),
    Stop("own-settings", "settings", then(escape, go("/settings")), "h1"),
)
