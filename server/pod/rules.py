"""What a proof must hold: the site's table of rules, cut to one stop, and held against a record.

The server cuts the table by customer, goods and value when a stop is planned; what is left goes to
the driver with the stop, for only at the door is it known how it went and why. Both sides then read
it alike (`tests/vectors/policy.json`).
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from server.kernel.values import Code

Outcome = Literal["full", "partial", "refused", "failed"]
Method = Literal["signature", "receiver", "photo", "pin", "slip", "inspection", "stages"]
Wish = Literal["mandatory", "one_of", "optional", "off"]
"""`one_of`: of all methods that say so, one is enough."""
METHODS: tuple[Method, ...] = (
    "signature",
    "receiver",
    "photo",
    "pin",
    "slip",
    "inspection",
    "stages",
)
ONE_OF: Literal["one_of"] = "one_of"
Word = Annotated[str, Meta(min_length=1, max_length=32)]


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One point of a checklist or one stage of an acceptance, in the site's own words."""

    code: Word
    text: Annotated[str, Meta(min_length=1, max_length=160)]


class PolicyRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the site's table. What it leaves empty it does not ask about; of all rows that
    fit, the last one that names a method decides it.

    `classes`: words of the item master, as `fragile`, `chilled`, `dangerous`. `from_value`: of the
    order, in the currency's smallest unit. `checklist`, `stages`: names of lists of the setting.
    """

    ask: dict[Method, Wish] = {}
    customers: list[Code] = []
    skus: list[Code] = []
    classes: list[Word] = []
    from_value: int = 0
    outcomes: list[Outcome] = []
    reasons: list[Word] = []
    checklist: Annotated[str, Meta(max_length=32)] = ""
    stages: Annotated[str, Meta(max_length=32)] = ""


_USUAL = [
    PolicyRule(
        ask={
            "signature": "mandatory",
            "receiver": "mandatory",
            "photo": "optional",
            "slip": "optional",
        }
    ),
    PolicyRule(from_value=50_000, ask={"photo": "mandatory"}),
    PolicyRule(
        outcomes=["refused"], ask={"signature": ONE_OF, "photo": ONE_OF, "receiver": "optional"}
    ),
    PolicyRule(reasons=["damaged"], ask={"photo": "mandatory"}),
    PolicyRule(
        outcomes=["failed"],
        ask={
            "signature": "off",
            "receiver": "off",
            "photo": "mandatory",
            "pin": "off",
            "slip": "off",
            "inspection": "off",
            "stages": "off",
        },
    ),
    # What never left the dock has no door to be photographed.
    PolicyRule(outcomes=["failed"], reasons=["missing"], ask={"photo": "optional"}),
]


class PodSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `pod`. `correct_within_min`: so long after a stop was closed its proof may
    be corrected by another. `link_min`: so long the receiver's own phone may sign. `door_m`: a
    proof that was given further from the customer's door is looked at."""

    rules: Annotated[list[PolicyRule], Meta(max_length=200)] = field(
        default_factory=lambda: list(_USUAL)
    )
    checklists: dict[str, list[Question]] = {}
    stages: dict[str, list[Question]] = {}
    correct_within_min: Annotated[int, Meta(ge=0, le=60 * 24 * 90)] = 24 * 60
    link_min: Annotated[int, Meta(ge=1, le=120)] = 10
    door_m: Annotated[int, Meta(ge=20, le=100_000)] = 500


class Delivery(Struct, frozen=True, kw_only=True):
    """What is known of a stop before the driver is there."""

    customer: str
    value: int
    skus: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()


class Clause(Struct, frozen=True, kw_only=True):
    """A rule of which only outcome and reason are still open."""

    outcomes: list[str]
    reasons: list[str]
    ask: dict[Method, Wish]


class StopPolicy(Struct, frozen=True, kw_only=True):
    """The table as it stands for one stop. `correct_ms`: within which a proof may be corrected."""

    clauses: list[Clause]
    checklist: list[Question]
    stages: list[Question]
    correct_ms: int


def cut(settings: PodSettings, delivery: Delivery) -> StopPolicy:
    fit = [rule for rule in settings.rules if _fits(rule, delivery)]
    return StopPolicy(
        clauses=[
            Clause(outcomes=[*rule.outcomes], reasons=[*rule.reasons], ask={**rule.ask})
            for rule in fit
            if rule.ask
        ],
        checklist=_named(settings.checklists, [rule.checklist for rule in fit]),
        stages=_named(settings.stages, [rule.stages for rule in fit]),
        correct_ms=settings.correct_within_min * 60_000,
    )


def _fits(rule: PolicyRule, delivery: Delivery) -> bool:
    return (
        (not rule.customers or delivery.customer in rule.customers)
        and (not rule.skus or not delivery.skus.isdisjoint(rule.skus))
        and (not rule.classes or not delivery.classes.isdisjoint(rule.classes))
        and delivery.value >= rule.from_value
    )


def _named(lists: Mapping[str, list[Question]], names: list[str]) -> list[Question]:
    wanted = [name for name in names if name]
    return list(lists.get(wanted[-1], [])) if wanted else []


def asked(clauses: Iterable[Clause], outcome: str, reasons: Iterable[str]) -> dict[str, str]:
    """Every method with its wish. `reasons`: of the stop and of its lines."""
    given = set(reasons)
    wishes: dict[str, str] = dict.fromkeys(METHODS, "off")
    for clause in clauses:
        if clause.outcomes and outcome not in clause.outcomes:
            continue
        if clause.reasons and given.isdisjoint(clause.reasons):
            continue
        wishes |= {m: w for m, w in clause.ask.items() if m in wishes}
    return wishes


def lacking(ask: Mapping[str, str], done: Iterable[str]) -> list[str]:
    """Mandatory methods that are not among those `done`; `one_of` where none of that kind is."""
    have = set(done)
    missing = [m for m in METHODS if ask.get(m) == "mandatory" and m not in have]
    either = {m for m in METHODS if ask.get(m) == ONE_OF}
    return missing + ([ONE_OF] if either and either.isdisjoint(have) else [])


def done_in(record: Mapping[str, Any], policy: StopPolicy) -> list[str]:
    """The methods that a record (version 2) has, by what stands in it."""
    photos = [*record["photos"], *(ref for line in record["lines"] for ref in line["photos"])]
    answered = {a["code"] for a in record["inspection"]}
    passed = {s["code"] for s in record["stages"]}
    has = {
        "signature": record["signature"] is not None,
        "receiver": bool(record["receiver"]),
        "photo": bool(photos),
        "pin": record["pin"] == "ok",
        "slip": bool(record["slip"]),
        "inspection": answered >= {q.code for q in policy.checklist},
        "stages": passed >= {q.code for q in policy.stages},
    }
    return [method for method in METHODS if has[method]]


def reasons_of(record: Mapping[str, Any]) -> list[str]:
    found = [record["reason"], *(line["reason"] for line in record["lines"])]
    return [reason for reason in found if reason]


def judge(record: Mapping[str, Any], policy: StopPolicy | None) -> str:
    """`ok`, `relaxed` (what lacks has a recorded reason), `lacking`, or `unknown_policy`.

    What a desk enters came on paper: the slip is its proof."""
    if record["desk"] is not None:
        return "ok" if record["slip"] else "lacking"
    if policy is None:
        return "unknown_policy"
    ask = asked(policy.clauses, record["outcome"], reasons_of(record))
    missing = lacking(ask, done_in(record, policy))
    if not missing:
        return "ok"
    excused = {r["method"] for r in record["relaxed"]}
    return "relaxed" if excused >= set(missing) else "lacking"
