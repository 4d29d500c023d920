"""The world around the model: a network that drops, doubles and reorders, people, and disasters.

Every step is a line of words (`scan A pick 0 1`), so that a run is a text that can be pinned.
"""

import copy
from collections.abc import Callable

from tests.sync.model.device_model import Device
from tests.sync.model.invariants import check_always, check_at_rest
from tests.sync.model.protocol import CHUNKS, DEVICES, PEOPLE, Bug, Cursors, Frame, Op, Push, Reply
from tests.sync.model.server_model import Rows, Server

NET = 6
ROUNDS = 120
Message = tuple[str, Frame] | tuple[str, Reply, Cursors] | tuple[str, Push]


class World:
    def __init__(self, bug: Bug | None = None) -> None:
        self.bug = bug
        self.now = 0
        self.server = Server(bug)
        self.devices = {d: Device(d, bug) for d in DEVICES}
        self.net: list[Message] = []
        self.backup: Server | None = None
        self.late: list[tuple[int, Rows]] = []
        self.made: list[str] = []
        for dev, person in zip(DEVICES, PEOPLE, strict=True):
            self.do_sign_in(dev, person)
        self.do_make()
        self.server.commit(self.server.reassign(self.made[0], PEOPLE[0]))

    def run(self, trace: list[str]) -> None:
        """Take every step, check after each, then let the network heal and check at rest."""
        for step in trace:
            self.step(step)
        self.rest()

    def step(self, step: str) -> None:
        self.now += 1
        name, *words = step.split()
        getattr(self, f"do_{name}")(*words)
        check_always(self)

    def rest(self) -> None:
        """No more faults: everybody talks until nothing is left to say."""
        for ver, rows in self.late:
            self.server.commit(rows, early=ver)
        self.net.clear()
        for device in self.devices.values():
            device.flush()
        for _ in range(ROUNDS):
            if not sum(self._talk(device) for device in self.devices.values()):
                break
        check_always(self)
        check_at_rest(self)

    def _talk(self, device: Device) -> bool:
        """One exchange and one chunk; True while there is more to do."""
        self.do_upload(device.name)
        asked = device.ask()
        reply = self.server.handle(asked)
        if reply is None:
            return False
        reply = copy.deepcopy(reply)
        before = copy.copy(device.disk)
        device.adopt(reply, asked.cur)
        return device.next_blob() is not None or bool(asked.ops) or device.disk != before

    def task(self, i: str) -> str:
        return self.made[int(i) % len(self.made)]

    # --- workers

    def do_scan(self, dev: str, kind: str, i: str, line: str) -> None:
        device = self.devices[dev]
        n = device.disk.next_n
        name = self.task(i)
        task = self.server.tasks.get(name)
        device.scan(
            Op(
                "pick" if kind == "photo" else kind,
                device.sid,
                self.now,
                task=name,
                line=int(line),
                expects=task.epoch if task else 0,
                of=int(i) + 1,
                blob=f"{dev}{n}" if kind == "photo" else "",
            )
        )

    def do_flush(self, dev: str) -> None:
        self.devices[dev].flush()

    def do_crash(self, dev: str) -> None:
        self.devices[dev].crash()

    def do_sign_in(self, dev: str, person: str) -> None:
        self.devices[dev].sid = self.server.sign_in(dev, person)

    def do_sign_out(self, dev: str) -> None:
        grant = self.server.grants.get(self.devices[dev].sid)
        if grant is not None:
            grant.ended = True
        self.devices[dev].sid = ""

    # --- the network

    def do_send(self, dev: str) -> None:
        if len(self.net) < NET:
            self.net.append((dev, self.devices[dev].ask()))

    def do_push(self, dev: str) -> None:
        push = self.server.push(dev)
        if push is not None and len(self.net) < NET:
            self.net.append((dev, push))

    def do_deliver(self, i: str, keep: str = "", crash: str = "", between: str = "") -> None:
        """`keep`: delivered once more later; `crash`: before or after the commit;
        `between`: another commit falls while the answer is read. `-` is none."""
        if not self.net:
            return
        k = int(i) % len(self.net)
        message = self.net[k] if keep == "keep" else self.net.pop(k)
        dev, content = message[0], copy.deepcopy(message[1])
        device = self.devices[dev]
        if isinstance(content, Frame):
            reply = self.server.handle(content, crash, self._meanwhile(between))
            if reply is not None:
                self.net.append((dev, reply, content.cur))
        elif isinstance(content, Push):
            device.hear(content)
        else:
            device.adopt(content, message[2])  # type: ignore[misc]

    def _meanwhile(self, between: str) -> Callable[[], None] | None:
        return (lambda: self.do_reassign(between, PEOPLE[0])) if between.isdigit() else None

    def do_drop(self, i: str) -> None:
        if self.net:
            self.net.pop(int(i) % len(self.net))

    def do_sync(self, dev: str) -> None:
        """A whole exchange that nothing disturbs."""
        device = self.devices[dev]
        asked = device.ask()
        reply = self.server.handle(copy.deepcopy(asked))
        if reply is not None:
            device.adopt(copy.deepcopy(reply), asked.cur)

    def do_settle(self, dev: str) -> None:
        """Ask until there is nothing more to hear."""
        for _ in range(ROUNDS):
            if not self._talk(self.devices[dev]):
                break

    def do_upload(self, dev: str, lost: str = "") -> None:
        device = self.devices[dev]
        sha = device.next_blob()
        if sha is None or dev in self.server.revoked:
            return
        have = self.server.upload(dev, sha, device.disk.blobs[sha])
        if lost != "lost":
            device.disk.blobs[sha] = min(have, CHUNKS)

    # --- supervisors

    def do_make(self) -> None:
        self.made.append(self.server.make_task())

    def do_reassign(self, i: str, person: str) -> None:
        early = self.server.ver + 1
        rows = self.server.reassign(self.task(i), None if person == "-" else person)
        if rows and self.bug is Bug.SEQUENCE_CURSOR:
            self.server.ver = early
            self.late.append((early, rows))
        else:
            self.server.commit(rows)

    def do_touch(self, i: str) -> None:
        """Something else about a task changes: its rows are written anew."""
        self.server.commit(self.server.shown(self.task(i)))

    def do_commit(self) -> None:
        """A commit that took its version long ago becomes visible (SEQUENCE_CURSOR)."""
        if self.late:
            ver, rows = self.late.pop(0)
            self.server.commit(rows, early=ver)

    def do_cancel(self, i: str) -> None:
        self.server.cancel(self.task(i))

    def do_revoke_grant(self, dev: str) -> None:
        grant = self.server.grants.get(self.devices[dev].sid)
        if grant is not None and grant.revoked_at is None:
            grant.revoked_at = self.now

    def do_revoke_device(self, dev: str) -> None:
        self.server.revoked.setdefault(dev, self.now)

    # --- operators and disasters

    def do_collect(self) -> None:
        self.server.collect()

    def do_kill(self) -> None:
        self.server.stop()

    def do_backup(self) -> None:
        self.backup = copy.deepcopy(self.server)

    def do_restore(self) -> None:
        if self.backup is not None:
            self.server = self.server.restored(self.backup)
            self.late.clear()
