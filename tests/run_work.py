"""Packed orders at known doors, vans and their rules: what planning runs begins with."""

import datetime as dt
from typing import Any

import msgspec

from server.catalog.ops import PutSetting
from server.orders.validation import ShipTo
from server.pod.ops import LoadParcel
from server.pod.run_planner import plan_waiting
from server.pod.run_plans import AcceptRunPlan, PlanRuns
from server.store.store import Store
from server.store.submit import Outside
from tests.floor_site import Handheld, good, order_of, release_wave, scalar, system, table
from tests.floor_work import pack_all, pick_all, take

DEPOT = (52.50, 13.40)
MORNING = 1_790_661_600_000
"""29 September 2026, 06:00 UTC, an hour before the vans leave."""
MIN = 60_000
HOUR = 60 * MIN


class Clock:
    """Time that nothing moves but a test."""

    def __init__(self) -> None:
        self.at = MORNING

    def __call__(self) -> int:
        return self.at


RULES: dict[str, Any] = {
    "depot": {"lat": DEPOT[0], "lon": DEPOT[1]},
    "hours": {"opens": "06:00", "closes": "22:00"},
    "vehicles": [
        {"name": "VAN-1", "starts": "07:00", "shift_min": 780, "parcels": 40},
        {"name": "VAN-2", "starts": "07:00", "shift_min": 780, "parcels": 40},
    ],
    "iterations": 600,
    "idle": 200,
    "keep": {"percent": 10, "metres": 500},
}


def shift_to_come() -> dict[str, Any]:
    """A van whose shift is still to come whenever the test runs, and ends before the day does."""
    now = dt.datetime.now(dt.UTC)
    starts = now + dt.timedelta(hours=1) if now.hour < 12 else now.replace(hour=6, minute=0)
    return {"starts": starts.strftime("%H:%M"), "shift_min": 300, "parcels": 4}


DOORS = {
    "N1": (52.52, 13.40),
    "N2": (52.54, 13.40),
    "N3": (52.56, 13.41),
    "S1": (52.48, 13.40),
    "S2": (52.46, 13.40),
    "S3": (52.44, 13.41),
}
"""Three up, three down the same road."""


def rules(store: Store, **other: Any) -> None:
    value = {**RULES, **other}
    good(system(store, "catalog.put_setting.v1", PutSetting(key="runs", value=value)))


def order_at(store: Store, ref: str, *, spot: tuple[float, float] | None, **more: Any) -> str:
    """An order of one mug to a door; returns its id. `more`: fields of the order."""
    address = {
        "street": more.pop("street", f"{ref} Street 1"),
        "postcode": more.pop("postcode", ref),
    }
    if spot:
        address |= {"lat": f"{spot[0]:.6f}", "lon": f"{spot[1]:.6f}"}
    made = msgspec.structs.replace(
        order_of(ref, MUG=1),
        ship_to=ShipTo(country="DE", city="Berlin", name=ref, **address),
        **more,
    )
    good(system(store, "orders.import_order.v1", made, Outside("test", ref)))
    return str(scalar(store, "SELECT id FROM orders WHERE ref = :ref", ref=ref))


_OPEN = "SELECT count(*) FROM task WHERE kind = :k AND state = 'open'"


def pack_everything(store: Store) -> None:
    good(release_wave(store))
    picker, packer = (hand(store, role) for role in ("picker", "packer"))
    for who, kind, work in ((picker, "pick", pick_all), (packer, "pack", pack_all)):
        while scalar(store, _OPEN, k=kind):
            work(who, take(who, kind))


_HANDS: dict[tuple[int, str], Handheld] = {}


def hand(store: Store, role: str) -> Handheld:
    """The device of this role at this store; one each."""
    found = _HANDS.get((id(store), role))
    if found is None or found.store is not store:
        found = _HANDS[id(store), role] = Handheld(store, role, f"run-{role}")
    return found


def packed_at(store: Store, doors: dict[str, tuple[float, float]], **more: Any) -> dict[str, str]:
    """Ref -> order id, all packed."""
    made = {ref: order_at(store, ref, spot=spot, **more) for ref, spot in doors.items()}
    pack_everything(store)
    return made


def planned(store: Store, *vehicles: str, **more: Any) -> dict[str, Any]:
    """Ask for a plan on these vans and have it worked out; its row on the board."""
    good(system(store, "pod.plan_runs.v1", PlanRuns(vehicles=list(vehicles), **more)))
    plan_waiting(store)
    return newest_plan(store)


def newest_plan(store: Store) -> dict[str, Any]:
    found = table(store, "SELECT id, state FROM run_plan ORDER BY number DESC LIMIT 1")[0]
    return {**plan_row(store, found["id"]), "state": found["state"]}


def plan_row(store: Store, plan: str) -> dict[str, Any]:
    body = scalar(
        store,
        "SELECT body FROM feed WHERE kind = 'run_plan' AND key = :k ORDER BY ver DESC LIMIT 1",
        k=plan,
    )
    return dict(msgspec.json.decode(body)) if body else {"id": plan}


def accept(store: Store, plan: str) -> tuple[str, str | None]:
    return hand(store, "supervisor").say("pod.accept_run_plan.v1", AcceptRunPlan(plan=plan))


def refs(store: Store, run: str) -> list[str]:
    """A run's list by the orders' references."""
    found = table(
        store,
        "SELECT o.ref FROM stop s JOIN orders o ON o.id = s.order_id WHERE s.run = :r"
        " ORDER BY s.seq",
        r=run,
    )
    return [r["ref"] for r in found]


def runs(store: Store) -> list[dict[str, Any]]:
    return table(store, "SELECT * FROM run ORDER BY number")


def stop_of(store: Store, ref: str) -> dict[str, Any]:
    return table(
        store,
        "SELECT s.* FROM stop s JOIN orders o ON o.id = s.order_id WHERE o.ref = :ref",
        ref=ref,
    )[0]


def load_all(store: Store, run: str) -> None:
    """The driver takes the run and scans every parcel of it."""
    driver = hand(store, "driver")
    if (
        scalar(
            store, "SELECT t.state FROM run r JOIN task t ON t.id = r.task WHERE r.id = :r", r=run
        )
        == "open"
    ):
        take(driver, "drive")
    for row in table(
        store,
        "SELECT s.id, l.parcel FROM stop s JOIN load l ON l.stop = s.id WHERE s.run = :r",
        r=run,
    ):
        loaded = LoadParcel(run=run, stop=row["id"], parcel=row["parcel"])
        assert driver.say("pod.load_parcel.v1", loaded) == ("applied", None)
