"""Asking a carrier where a parcel is: what it tells is handed in as if it had told by itself."""

from server.kernel.ops import Outcome
from server.pod.carriers.adapter import Carrier
from server.pod.carriers.reports import CarrierEvent
from server.pod.carriers.tracking import in_order
from server.store.submit import submit
from server.store.tx import Tx


def ask_carrier(tx: Tx, site: str, carrier: Carrier, number: str) -> int:
    """Hands in every event of the number, in their order; returns how many were not set aside.
    Asking again tells nothing twice."""
    taken = 0
    for said in in_order(carrier.track(number)):
        op = CarrierEvent(
            number=said.number,
            source=carrier.id,
            ref=said.ref,
            code=said.code,
            text=said.text,
            happened_at=said.at,
            seq=said.seq,
            place=said.place,
        )
        verdict = submit(tx, site, f"carrier-{carrier.id}", "pod.carrier_event.v1", op)
        taken += verdict.outcome is Outcome.APPLIED
    return taken
