"""What desks show where there is nothing: a warehouse on the morning it is opened."""

from tests.e2e.tour.stop import Stop, escape, go, press, then, view

NONE = ".empty"

EMPTY = (
    Stop("empty-board", "supervisor", go("/supervisor"), NONE),
    view("empty-wall", "supervisor/wall", ".late .well"),
    view("empty-waves", "supervisor/waves", NONE),
    view("empty-tasks", "supervisor/tasks", NONE),
    view("empty-floor", "supervisor/floor", "[data-testid=no-floor]"),
    view("empty-problems", "supervisor/problems", NONE),
    view("empty-known", "supervisor/problems/known", NONE),
    view("empty-runs", "supervisor/runs", NONE),
    view("empty-carriers", "supervisor/carriers", NONE),
    view("empty-find", "orders", NONE),
    view("empty-stock", "stock"),
    view("empty-returns", "returns", NONE),
    view("empty-papers", "papers", NONE),
    view("empty-survey", "supervisor/survey", "main p"),
    view("empty-insight", "insight", "[data-testid=figures]"),
    view("empty-reports", "reports", NONE),
    view("empty-schedules", "reports/schedules", NONE),
    view("empty-audit", "audit", NONE),
)

EMPTY_OFFICE = (
    Stop("empty-people", "admin", go("/admin"), "table"),
    view("empty-settings", "admin/settings", NONE),
    Stop("printer-first", "admin/settings", press("add-bench"), "dialog"),
    Stop("empty-uses", "reports/uses", then(escape, go("/reports/uses")), NONE),
)
