"""What people have learned to do and where they work: what work is given out by."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.auth.tables import person as person_table
from server.floor.leases import LEADS
from server.floor.ops import WRONG_ROLE
from server.floor.rows import AbilitiesRow
from server.floor.tables import abilities
from server.kernel.errors import Refusal
from server.kernel.events import Event
from server.kernel.feeds import QUEUES, RowSink, board_scope, projects
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role

Skills = Annotated[list[Id], Meta(max_length=20)]
Zones = Annotated[list[Id], Meta(max_length=50)]
_UPSERT = sa.text(
    "INSERT INTO abilities (person, site, skills, zones) VALUES (:person, :site, :skills, :zones)"
    " ON CONFLICT (person) DO UPDATE SET skills = excluded.skills, zones = excluded.zones"
)


class AbilitiesSet(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "floor.abilities_set"
    person: str
    skills: list[str]
    zones: list[str]


class SetAbilities(Op):
    """`skills`: kinds of task, of those that the person's role does; `zones`: as the bins have
    them. Empty: all of them."""

    person: Id
    skills: Skills = []
    zones: Zones = []


@operation("floor.set_abilities.v1", kind=REQUEST, roles=LEADS)
def set_abilities(op: SetAbilities, ctx: OpContext) -> None:
    does = kinds_of(_role(ctx, op.person))
    for skill in op.skills:
        if skill not in does:
            raise Refusal(WRONG_ROLE, field="skills", value=skill, kind=skill)
    skills, zones = sorted(set(op.skills)), sorted(set(op.zones))
    values = {"skills": _text(skills), "zones": _text(zones)}
    ctx.conn.execute(_UPSERT, {"person": op.person, "site": ctx.site, **values})
    ctx.touch("abilities", op.person)
    ctx.emit(AbilitiesSet(person=op.person, skills=skills, zones=zones))


def kinds_of(role: Role) -> frozenset[str]:
    """Kinds of task that somebody of this role may be given; a supervisor helps out everywhere."""
    if role is Role.SUPERVISOR:
        return frozenset(kind for kinds in QUEUES.values() for kind in kinds)
    return frozenset(QUEUES.get(role, ()))


def _role(ctx: OpContext, person: str) -> Role:
    found = sa.select(person_table.c.role).where(
        person_table.c.id == person, person_table.c.site == ctx.site
    )
    role = ctx.conn.execute(found).scalar()
    if role is None:
        raise Refusal("not_found", field="person", value=person)
    return Role(role)


def _text(names: list[str]) -> str:
    return msgspec.json.encode(names).decode()


@projects("abilities")
def show_abilities(sink: RowSink, people: Iterable[str]) -> None:
    for row in known(sink.conn, sink.site, list(people)):
        sink.put(board_scope(sink.site), "abilities", row.person, row)


def known(conn: Any, site: str, people: list[str]) -> list[AbilitiesRow]:
    """Of these people, those of whom something is known."""
    found = sa.select(abilities).where(abilities.c.site == site, abilities.c.person.in_(people))
    return [
        AbilitiesRow(
            person=r.person,
            skills=msgspec.json.decode(r.skills, type=list[str]),
            zones=msgspec.json.decode(r.zones, type=list[str]),
        )
        for r in conn.execute(found.order_by(abilities.c.person))
    ]
