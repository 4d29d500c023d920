"""Who exchanges interchanges with whom: the site's own identification, and a customer's."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.edi.writing import Charset

Kind = Literal["ORDRSP", "DESADV", "IFTSTA"]
KIND_OF: Mapping[str, Kind] = {
    "confirmed": "ORDRSP",
    "changed": "ORDRSP",
    "cancelled": "ORDRSP",
    "shipped": "DESADV",
    "out_for_delivery": "IFTSTA",
    "delayed": "IFTSTA",
    "delivered": "IFTSTA",
}
"""By what a notice is about; of anything else no partner is told by EDI."""
Identification = Annotated[str, Meta(max_length=35, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A folder and files are named after it."""
Qualifier = Annotated[str, Meta(max_length=4, pattern=r"^[A-Z0-9]*$")]
GLN = "14"


class Own(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As the site is known to its partners. `asks`: they are to acknowledge each interchange."""

    id: Identification
    qualifier: Qualifier = GLN
    asks: bool = True


class Partner(Struct, frozen=True, kw_only=True):
    """`messages`: which they take. `charset`: UNOC is Latin-1, UNOW is UTF-8. `test`: they must
    not act on what they get."""

    id: Identification
    qualifier: Qualifier = GLN
    messages: Annotated[tuple[Kind, ...], Meta(max_length=3)] = ("ORDRSP", "DESADV", "IFTSTA")
    charset: Charset = "UNOC"
    test: bool = False

    def takes(self, what: str) -> bool:
        return KIND_OF.get(what) in self.messages
