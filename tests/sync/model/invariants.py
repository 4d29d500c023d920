"""The invariants by the names of the design: I1 to I11, after every step and at rest."""

from typing import TYPE_CHECKING

from tests.sync.model.device_model import Device
from tests.sync.model.protocol import CHUNKS
from tests.sync.model.server_model import Server, Taken

if TYPE_CHECKING:
    from tests.sync.model.world import World


class Broken(AssertionError):
    """An invariant does not hold; the first word is its name."""


def need(holds: object, name: str, *what: object) -> None:
    if not holds:
        raise Broken(" ".join([name, *map(str, what)]))


def check_always(world: "World") -> None:
    server = world.server
    need(len(world.made) == len(set(world.made)), "P7", "a serial was given twice", world.made)
    need(max(server.effects.values(), default=0) <= 1, "I2", "an operation took effect twice")
    _check_log(server)
    for device in world.devices.values():
        _check_disk(device)
        if device.disk.epoch == server.epoch and not device.disk.loading:
            _check_view(server, device)


def _check_log(server: Server) -> None:
    for dev, last in server.last_n.items():
        numbers = sorted(n for d, n in server.log if d == dev)
        need(numbers == list(range(1, last + 1)), "I4", dev, "has", numbers, "up to", last)
    moved = 0
    for (dev, n), taken in server.log.items():
        acted = taken.outcome in ("applied", "diverted")
        moved += acted and taken.op.kind == "pick"
        need(not acted or server.may_act(dev, taken.op), "I6", dev, n, "acted when revoked")
    need(server.tote + server.putback == moved, "I6", "pieces", server.tote, server.putback, moved)


def _check_disk(device: Device) -> None:
    disk = device.disk
    for n in device.confirmed:
        need(n in disk.ops or n in device.volatile, "I1", device.name, n, "is not on disk")
    for scope, (pos, _) in disk.cur.items():
        key = (disk.epoch, scope)
        need(pos >= device.highest.get(key, 0), "I7", device.name, scope, "went back")
        device.highest[key] = pos
    need({k[0] for k in disk.rows} <= set(disk.cur), "I10", device.name, "holds a foreign row")


def _check_view(server: Server, device: Device) -> None:
    told = {k[2]: body for k, body in device.disk.rows.items() if k[1] == "result"}
    read = {
        str(t.op.of)
        for (d, n), t in server.log.items()
        if d == device.name and t.op.kind == "ack" and t.outcome == "applied" and n > t.op.of
    }
    for n in range(1, device.disk.done + 1):
        taken = server.log.get((device.name, n))
        if taken is None:
            continue
        if taken.outcome == "applied":
            _check_effect(server, device, n, taken)
        elif str(n) not in read:
            need(told.get(str(n)) == (taken.outcome, taken.code), "I9", device.name, n, "untold")


def _check_effect(server: Server, device: Device, n: int, taken: Taken) -> None:
    grant = server.grants.get(taken.op.sid)
    if taken.op.kind != "pick" or grant is None:
        return
    key = (f"u:{grant.person}", "line", f"{taken.op.task}/{taken.op.line}")
    if key in device.disk.rows:
        shown = device.disk.rows[key]
        need(shown == (device.name, n), "I8", device.name, n, "is done, its line shows", shown)


def check_at_rest(world: "World") -> None:
    server = world.server
    for device in world.devices.values():
        for n in device.confirmed:
            need((device.name, n) in server.log, "I3", device.name, n, "never arrived")
        if device.name in server.revoked:
            continue
        need(device.disk.done == server.last_n[device.name], "I3", device.name, "waits for ever")
        _check_replica(server, device)
        _check_blobs(server, device)


def _check_replica(server: Server, device: Device) -> None:
    scopes = server.scopes(device.name, device.sid)
    want = {k: body for k, (_, body) in server.feed.items() if k[0] in scopes and body is not None}
    off = {k for k in want.keys() | device.disk.rows if want.get(k) != device.disk.rows.get(k)}
    need(not off, "I5", device.name, "differs in", sorted(off))


def _check_blobs(server: Server, device: Device) -> None:
    for n, op in device.disk.ops.items():
        if op.blob:
            shown = device.disk.rows.get((f"d:{device.name}", "blob", op.blob))
            whole = server.blobs.get(op.blob, 0) == CHUNKS
            need(whole and shown is True, "I11", device.name, n, "photo", op.blob, shown)
