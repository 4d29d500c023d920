"""A supervisor's second journey: what may be done to tasks, to many at once and against somebody
faster; runs that are planned anew; and news that comes meanwhile."""

from playwright.sync_api import expect

from server.pod.loading import ReportLoad
from tests.e2e.tour.goods import take
from tests.e2e.tour.stop import (
    Reach,
    Stop,
    Visit,
    escape,
    go,
    press,
    tap,
    then,
    type_in,
    view,
    wait,
)
from tests.floor_site import Handheld

TASKS, RUNS = "supervisor/tasks", "supervisor/runs"
FREE = f"/{TASKS}?kind=pick&who=-"
NOBODY = "Nobody of that name"


def first_row(on: Visit) -> str:
    """The task on top, which has the focus then."""
    row = on.page.locator("[data-task]").first
    row.focus()
    return str(row.get_attribute("data-task"))


def key(name: str) -> Reach:
    """A key of the list, on its first row."""

    def reach(on: Visit) -> None:
        first_row(on)
        on.page.keyboard.press(name)

    return reach


def select_two(on: Visit) -> None:
    first_row(on)
    for each in ("x", "Shift+ArrowDown"):
        on.page.keyboard.press(each)


def clear(on: Visit) -> None:
    first_row(on)
    on.page.keyboard.press("Escape")
    expect(on.page.locator(".select-bar.some")).to_have_count(0)


def drag(on: Visit) -> None:
    """Up to somebody's lane, and not let go yet."""
    page = on.page
    page.locator(".grip").first.hover()
    page.mouse.down()
    box = page.locator("[data-lane]").nth(1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 8, box["y"] + 8, steps=8)


def let_go_elsewhere(on: Visit) -> None:
    on.page.mouse.move(4, 4, steps=4)
    on.page.mouse.up()
    expect(on.page.locator(".drag-ghost")).to_have_count(0)


def somebody_is_here(on: Visit) -> None:
    on.page.locator("dialog .ticks input").first.check()


def nobody_is_here(on: Visit) -> None:
    for tick in on.page.locator("dialog .ticks input:checked").all():
        tick.uncheck()


def ask(on: Visit) -> None:
    on.page.keyboard.press("Enter")
    expect(on.page.locator("dialog")).to_have_count(0)


def pick_somebody(on: Visit) -> None:
    """The first who may have it, after nobody; then it is asked for."""
    on.page.locator("dialog input[type=radio]").nth(1).press("Space")
    ask(on)


def somebody_was_faster(on: Visit) -> None:
    """The task goes to the floor while its supervisor still writes."""
    store = on.site.store
    task = first_row(on)
    on.page.keyboard.press("r")
    on.page.locator("dialog input").fill("90")
    take(Handheld(store, "picker2", "Handheld 12"), task)
    on.page.keyboard.press("Enter")


def unfold(on: Visit) -> None:
    on.page.locator(".undo-list summary").click()


def leave_out_the_vans(on: Visit) -> None:
    for van in on.page.locator("dialog [role=switch]").all():
        van.click()


def plan(on: Visit) -> None:
    then(escape, press("ask-plan"), press("plan-runs"))(on)


def news(on: Visit) -> None:
    """At the dock a parcel goes along that no run had."""
    store = on.site.store
    run = on.site.ask("SELECT run FROM stop WHERE id = :s", s=on.site.found["stop"])
    parcel = on.site.ask("SELECT number FROM parcel WHERE state = 'packed' AND pallet IS NULL")
    told = ReportLoad(run=run, parcel=parcel, what="extra", reason="dispatch")
    said, _ = Handheld(store, "driver", "Van 2").say("pod.report_load.v1", told)
    assert said in ("applied", "diverted"), said


ACTING = (
    view("tasks", TASKS, "[data-testid^=task-]"),
    Stop("task-keys", TASKS, tap("acting.keys"), "dialog"),
    Stop("task-none", TASKS, then(escape, go(f"/{TASKS}?q={NOBODY}")), ".empty"),
    Stop("task-menu", TASKS, then(go(FREE), tap("acting.menuOf")), "dialog"),
    Stop("task-hold-order", TASKS, tap("supervisor.hold"), "dialog input"),
    Stop("task-split", TASKS, then(escape, key("s")), "dialog input"),
    Stop("task-priority", TASKS, then(escape, key("r")), "dialog input"),
    Stop("task-priority-wrong", TASKS, type_in("999"), "dialog .error"),
    Stop("task-auto", TASKS, then(escape, tap("acting.auto"), nobody_is_here), "dialog .ticks"),
    Stop("task-proposed", TASKS, somebody_is_here, "dialog .loads"),
    Stop("task-drag", TASKS, then(escape, drag), "[data-lane].over"),
    Stop("task-selected", TASKS, then(let_go_elsewhere, key("x")), ".select-bar.some"),
    Stop("task-assign", TASKS, tap("acting.assign"), "dialog input[type=radio]"),
    Stop("task-assign-nobody", TASKS, type_in(NOBODY), "dialog fieldset .soft"),
    Stop("task-undo", TASKS, then(type_in(""), pick_somebody), ".undo-list"),
    Stop("task-selected-many", TASKS, then(clear, select_two), ".select-bar.some"),
    Stop("task-menu-many", TASKS, lambda on: on.page.keyboard.press("m"), "dialog"),
    Stop(
        "task-undo-list",
        TASKS,
        then(
            escape,
            key("r"),
            wait("dialog input"),
            type_in("70"),
            ask,
            clear,
            unfold,
        ),
        ".undo-list details[open]",
    ),
    Stop("task-undone", TASKS, tap("acting.undoOf"), ".undo-list"),
    Stop("task-conflict", TASKS, then(go(FREE), somebody_was_faster), ".compared .changed"),
    Stop(
        "task-pause",
        TASKS,
        then(tap("acting.leaveOf"), go(f"/{TASKS}?who=picker2"), key("p")),
        "dialog input",
    ),
    Stop("task-paused", TASKS, then(type_in("The aisle is blocked"), ask), ".badge.warn"),
    Stop("task-halt", TASKS, key("h"), "dialog input"),
    Stop("task-halted", TASKS, then(type_in("The customer rang"), ask), ".badge.wrong"),
    Stop(
        "task-report",
        TASKS,
        then(
            go(f"/{TASKS}?kind=pick"),
            tap("acting.selectAll"),
            tap("acting.takeBack"),
        ),
        "dialog .report",
    ),
    Stop("task-over", TASKS, then(escape, go(f"/{TASKS}?over=1")), "[data-testid^=task-]"),
    Stop("plan-runs", RUNS, then(go(f"/{RUNS}"), press("ask-plan")), "dialog"),
    Stop("plan-runs-no-van", RUNS, leave_out_the_vans, "dialog [role=alert]"),
    Stop("runs-proposed", RUNS, plan, "[data-state=proposed]"),
    Stop("runs-accepted", RUNS, press("accept-plan"), "[data-testid=undo-plan]"),
    Stop("runs-undone", RUNS, press("undo-plan"), "[data-testid=fleet]"),
    Stop("news", RUNS, news, ".toast.warn"),
)
