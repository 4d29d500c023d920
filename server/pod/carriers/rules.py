"""Which offer is taken: the cheapest that is there in time, the fastest where it is urgent. What is
cheap is measured with the carrier's record in mind (`server.pod.carriers.standing`).
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple

from server.pod.carriers.refusals import CANNOT_CARRY, OTHER_CURRENCY
from server.pod.carriers.shapes import Consignment, NoFit, Quote, Rates
from server.pod.carriers.standing import Record, counts_as
from server.pod.carriers.zones import plain


class Compared(NamedTuple):
    """`offers`: what may be taken, the best first."""

    offers: list[Quote]
    refused: list[NoFit]


def compare(
    goods: Consignment,
    told: Iterable[Rates],
    currency: str,
    records: Mapping[str, Record] | None = None,
) -> Compared:
    """Abilities are no matter of price: who lacks one is out. Ties go by arrival or price, then by
    the names of carrier and service, so that the same question has the same answer. `records`: by
    carrier; who has none is taken at its word."""
    offers: list[Quote] = []
    refused: list[NoFit] = []
    for rates in told:
        refused += rates.refused
        for quote in rates.quotes:
            wrong = _unfit(goods, quote, currency)
            if wrong:
                refused.append(wrong)
            else:
                offers.append(quote)
    known = records or {}
    order = partial(_fastest, known) if goods.urgent else partial(_cheapest, known, goods.due_at)
    return Compared(sorted(offers, key=order), refused)


def _unfit(goods: Consignment, quote: Quote, currency: str) -> NoFit | None:
    lacking = sorted(set(goods.needs) - set(quote.abilities))
    if lacking:
        mend = "a service that can, or other goods"
        return _no(quote, CANNOT_CARRY, "needs", ", ".join(lacking), mend)
    if quote.currency != currency:
        return _no(quote, OTHER_CURRENCY, "currency", quote.currency, f"rates in {currency}")
    return None


def _no(quote: Quote, why: str, field: str, value: str, mend: str) -> NoFit:
    return NoFit(
        carrier=quote.carrier,
        carrier_name=quote.carrier_name,
        service=quote.service,
        why=why,
        field=field,
        value=value,
        mend=mend,
    )


Records = Mapping[str, Record]


def _fastest(known: Records, quote: Quote) -> tuple[int, int, int, str, str]:
    return quote.arrives_by, _price(known, quote), quote.days, quote.carrier, quote.service


def _cheapest(known: Records, due_at: int, quote: Quote) -> tuple[int, int, int, str, str]:
    """What comes too late is taken only where everything does."""
    late = int(0 < due_at < quote.arrives_by)
    return late, _price(known, quote), quote.arrives_by, quote.carrier, quote.service


def _price(known: Records, quote: Quote) -> int:
    return counts_as(quote.total, known.get(quote.carrier))


def door(customer: str, to: Mapping[str, str]) -> str:
    """The same for shipments that may go together: same customer, same address."""
    told = [plain(to.get(f, "")) for f in ("country", "postcode", "city", "street", "name")]
    return hashlib.sha256("\x1f".join([customer, *told]).encode()).hexdigest()[:16]
