"""Why a carrier's service cannot take something, and when there is nothing to choose from."""

from server.kernel.errors import code
from server.pod.carriers.adapter import Carrier
from server.pod.carriers.shapes import NoFit

NO_CARRIERS = code("no_carriers")
NO_FIT = code("no_carrier_fits")
NOT_SERVED = code("place_not_served")
TOO_HEAVY = code("too_heavy")
TOO_LONG = code("too_long")
CANNOT_CARRY = code("cannot_carry")
OTHER_CURRENCY = code("other_currency")
NUMBERS_USED_UP = code("waybills_used_up")


def no_fit(carrier: Carrier, service: str, why: str, field: str, value: str, mend: str) -> NoFit:
    return NoFit(
        carrier=carrier.id,
        carrier_name=carrier.name,
        service=service,
        why=why,
        field=field,
        value=value,
        mend=mend,
    )
