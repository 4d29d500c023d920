"""Headers and query parameters as bounded structs: the framework applies no bounds to them."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from server.kernel.errors import Refusal

S = TypeVar("S", bound=msgspec.Struct)


def read_fields(raw: Mapping[str, str | None], kind: type[S], names: Mapping[str, str]) -> S:
    """`names`: what the sender calls a field of `kind`, where that differs. Absent is None.

    Refuses `malformed` with the sender's name of the field and what it wants.
    """
    given = {name: value for name, value in raw.items() if value is not None}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        mend, _, path = str(error).partition(" - at `$")
        field = path.strip("`.") or mend.rpartition("field `")[2].strip("`")
        raise Refusal("malformed", field=names.get(field, field), mend=mend) from error
