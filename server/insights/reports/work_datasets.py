"""Datasets of the work itself: picks, tasks, and the logs of operations and events."""

import sqlalchemy as sa

from server.auth.tables import person
from server.catalog.tables import item
from server.floor.tables import task
from server.insights.reports.datasets import (
    DELIVERIES,
    EXCEPTIONS,
    LEVELS,
    LINES,
    MINUTE_MS,
    NOW,
    ORDERS,
    PARCELS,
    STOCK,
)
from server.insights.reports.fields import (
    Dataset,
    flag,
    moment,
    named,
    number,
    since,
    text,
    whole,
)
from server.orders.tables import orders
from server.picking.tables import pick_line
from server.store.tables import device, event, op

k = pick_line.c
PICKS = Dataset(
    name="picks",
    rows=pick_line.outerjoin(orders, orders.c.id == k.order_id)
    .outerjoin(item, item.c.sku == k.sku)
    .outerjoin(person, person.c.id == k.by_person),
    site=k.site,
    time="at",
    fields=named(
        text("number", orders.c.number),
        text("sku", k.sku),
        text("item", item.c.name),
        text("bin", k.bin),
        text("state", k.state, words="pick"),
        text("reason", k.reason, words="why"),
        text("person", person.c.name, sees="staff"),
        whole("asked", k.qty, "pieces"),
        whole("picked", k.picked, "pieces"),
        flag("short", sa.and_(k.at.is_not(None), k.picked < k.qty)),
        moment("at", k.at),
    ),
)

t = task.c
_SPENT = since(t.taken_at, t.done_at, MINUTE_MS)
TASKS = Dataset(
    name="tasks",
    rows=task.outerjoin(person, person.c.id == t.assignee),
    site=t.site,
    time="done_at",
    fields=named(
        text("kind", t.kind, words="kind"),
        text("state", t.state, words="task"),
        text("zone", t.zone),
        text("person", person.c.name, sees="staff"),
        whole("lines", t.lines),
        whole("orders", t.orders),
        whole("priority", t.priority),
        number("planned", sa.cast(t.expected_s, sa.Float) / 60, "min"),
        number("minutes", _SPENT, "min"),
        moment("created_at", t.created_at),
        moment("taken_at", t.taken_at),
        moment("done_at", t.done_at),
        flag("late", sa.func.coalesce(t.done_at, NOW) > t.due_at),
    ),
)

_LOGGED = op.outerjoin(device, device.c.id == op.c.device).outerjoin(
    person, person.c.id == op.c.person
)
OPERATIONS = Dataset(
    name="operations",
    rows=_LOGGED,
    site=op.c.site,
    time="at",
    written=op.c.recv_at,
    fields=named(
        text("operation", op.c.kind, words="operation"),
        text("outcome", op.c.outcome, words="became"),
        text("refused", op.c.code, words="problem"),
        text("person", person.c.name, sees="staff"),
        text("device", device.c.name),
        moment("at", op.c.at_est),
        moment("taken_in", op.c.recv_at),
        number("seconds", since(op.c.at_est, op.c.recv_at, 1000), "s"),
    ),
)

EVENTS = Dataset(
    name="events",
    rows=event.join(
        op,
        sa.and_(
            *(op.c[name] == event.c[name] for name in ("site", "ver")),  # as events are keyed
            *(op.c[name] == event.c[name] for name in ("device", "n")),
        ),
    )
    .outerjoin(orders, orders.c.id == event.c.key)
    .outerjoin(device, device.c.id == event.c.device)
    .outerjoin(person, person.c.id == op.c.person),
    site=op.c.site,
    time="at",
    written=op.c.recv_at,
    fields=named(
        text("event", event.c.kind, words="event"),
        text("number", orders.c.number),
        text("operation", op.c.kind, words="operation"),
        text("person", person.c.name, sees="staff"),
        text("device", device.c.name),
        moment("at", op.c.at_est),
        moment("taken_in", op.c.recv_at),
    ),
)

DATASETS = {
    each.name: each
    for each in (
        ORDERS,
        LINES,
        PARCELS,
        DELIVERIES,
        PICKS,
        TASKS,
        EXCEPTIONS,
        STOCK,
        LEVELS,
        EVENTS,
        OPERATIONS,
    )
}
