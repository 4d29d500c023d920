"""What others see of people (their names, on every device of the site) and of devices (boards)."""

from collections.abc import Iterable

import sqlalchemy as sa

from server.auth.tables import person
from server.kernel.feeds import Row, RowSink, board_scope, projects, row, site_scope
from server.store.tables import device


@row("person")
class PersonRow(Row):
    id: str
    name: str
    role: str
    lang: str
    active: bool


@row("device")
class DeviceRow(Row):
    """`state`: active or revoked; times in ms."""

    name: str
    state: str
    enrolled: int
    revoked: int | None


@projects("person")
def project_people(sink: RowSink, keys: Iterable[str]) -> None:
    for p in sink.conn.execute(sa.select(person).where(person.c.id.in_(list(keys)))):
        shown = PersonRow(id=p.id, name=p.name, role=p.role, lang=p.lang, active=p.active)
        sink.put(site_scope(sink.site), "person", p.id, shown)


@projects("device")
def project_devices(sink: RowSink, keys: Iterable[str]) -> None:
    for d in sink.conn.execute(sa.select(device).where(device.c.id.in_(list(keys)))):
        shown = DeviceRow(name=d.name, state=d.state, enrolled=d.enrolled_at, revoked=d.revoked_at)
        sink.put(board_scope(sink.site), "device", d.id, shown)
