"""Which papers an order must have: the site's table of destination × goods × customer. Pure."""

from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from server.kernel.values import Code
from server.kernel.zones import check_zone

Paper = Annotated[str, Meta(min_length=1, max_length=32, pattern="^[a-z_]+$")]
Word = Annotated[str, Meta(min_length=1, max_length=32)]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]

MARKS: Mapping[str, str] = {
    "order_confirmation": "OC",
    "pick_list": "PK",
    "packing_list": "PL",
    "shipping_instruction": "SI",
    "delivery_note": "DN",
    "waybill": "WB",
    "bill_of_lading": "BL",
    "commercial_invoice": "CI",
}
"""The papers that are made here, and what their numbers say of them."""
ATTACHED = (
    "export_declaration",
    "certificate_of_origin",
    "quality_certificate",
    "inspection_report",
    "safety_notes",
)
"""Papers that others make; a site may name more."""
BEFORE_PACKING = frozenset({"order_confirmation", "pick_list"})
"""They say nothing of what was packed, and stay right whatever is."""


class PaperRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the table: `papers` must go with an order that fits. What a row leaves empty it
    does not ask about; of a list one word is enough.

    `countries`, `not_countries`: of the destination, ISO 3166-1 alpha-2. `abroad`: it is not the
    shop's own. `skus`, `classes`: of any goods in it, as `fragile`, `chilled`, `dangerous`.
    `why`: shown to whoever is asked for the paper.
    """

    papers: Annotated[list[Paper], Meta(min_length=1, max_length=20)]
    countries: Annotated[list[Country], Meta(max_length=250)] = []
    not_countries: Annotated[list[Country], Meta(max_length=250)] = []
    abroad: bool = False
    customers: Annotated[list[Code], Meta(max_length=1000)] = []
    skus: Annotated[list[Code], Meta(max_length=1000)] = []
    classes: Annotated[list[Word], Meta(max_length=20)] = []
    why: Annotated[str, Meta(max_length=120)] = ""


class Paperwork(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's setting `paperwork`. `incoterm`: delivery terms on invoices and bills of lading,
    such as `DAP`. `tax_id`, `street`, `postcode`, `phone`: of the shop, beside its setting `shop`.
    `declaration`: a sentence above the signature of an invoice. `timezone`: of the days on it."""

    rules: Annotated[list[PaperRule], Meta(max_length=500)] = []
    incoterm: Annotated[str, Meta(max_length=40)] = ""
    tax_id: Annotated[str, Meta(max_length=40)] = ""
    street: Annotated[str, Meta(max_length=120)] = ""
    postcode: Annotated[str, Meta(max_length=20)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    declaration: Annotated[str, Meta(max_length=300)] = ""
    timezone: Annotated[str, Meta(max_length=64)] = "UTC"

    def __post_init__(self) -> None:
        check_zone(self.timezone)


class Sending(NamedTuple):
    """What the rules look at. `home`: the shop's own country."""

    country: str
    home: str
    customer: str
    skus: frozenset[str]
    classes: frozenset[str]


def wanted(always: Iterable[str], rules: Iterable[PaperRule], of: Sending) -> dict[str, list[str]]:
    """Paper -> why, each once however many rows ask for it. `always`: with every order."""
    asked: dict[str, list[str]] = {paper: [] for paper in always}
    for rule in rules:
        if not _fits(rule, of):
            continue
        for paper in rule.papers:
            reasons = asked.setdefault(paper, [])
            if rule.why and rule.why not in reasons:
                reasons.append(rule.why)
    return asked


def _fits(rule: PaperRule, of: Sending) -> bool:
    return (
        (not rule.countries or of.country in rule.countries)
        and of.country not in rule.not_countries
        # An address without a country is at home: nobody waits at the dock for a guess.
        and (not rule.abroad or of.country not in ("", of.home))
        and (not rule.customers or of.customer in rule.customers)
        and (not rule.skus or not of.skus.isdisjoint(rule.skus))
        and (not rule.classes or not of.classes.isdisjoint(rule.classes))
    )


def number_of(order_number: str, paper: str, version: int) -> str:
    """`2025-EC-000017-CI-2`: the second version of an order's commercial invoice."""
    return f"{order_number}-{MARKS[paper]}-{version}"
