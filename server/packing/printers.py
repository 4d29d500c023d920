"""Which printer stands at which bench: the setting `printing`.

An address is only ever read from here, never from what a device asks for.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from server.catalog.queries import get_setting
from server.catalog.settings import shaped

Key = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9._-]+$")]
Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
_HOST = r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])"
Address = Annotated[str, Meta(max_length=260, pattern=rf"^({_HOST}(:[0-9]{{1,5}})?)?$")]
Kind = Literal["network", "browser", "null"]
RAW_PORT = 9100
"""Where label printers take what they shall print, if nobody has set them otherwise."""


class Station(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bench and its printer. `kind`: `network` takes ZPL at `address` (`10.0.0.21` or
    `10.0.0.21:9100`); `browser` is whatever the device itself prints to; `null` prints nothing and
    keeps it, for a demo. `dpi`: what the printer is sold as."""

    id: Key
    name: Word
    kind: Kind
    address: Address = ""
    dpi: Literal[203, 300] = 203

    def __post_init__(self) -> None:
        if (self.kind == "network") != bool(self.address):
            raise ValueError(f"station {self.id}: an address is for kind network, and needed there")
        if not 0 < self.port < 65_536:
            raise ValueError(f"station {self.id}: a port is at most 65535")

    @property
    def host(self) -> str:
        """Without the brackets of IPv6."""
        host, _, port = self.address.rpartition(":")
        named = host if host and port.isdigit() else self.address
        return named.strip("[]")

    @property
    def port(self) -> int:
        _, colon, port = self.address.rpartition(":")
        return int(port) if colon and port.isdigit() else RAW_PORT


class Printing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`printing`. `tries`: so often a label is sent, the first time included; `wait_s` before the
    second try, twice as long before each further one. `timeout_s`: how long a printer may take to
    answer, and to take all of a label. `keep_days`: so long it is known where a label was printed.
    Whether a label comes out by itself says `packing.print`."""

    stations: Annotated[tuple[Station, ...], Meta(max_length=200)] = ()
    tries: Annotated[int, Meta(ge=1, le=20)] = 4
    wait_s: Annotated[int, Meta(ge=1, le=600)] = 3
    timeout_s: Annotated[int, Meta(ge=1, le=60)] = 8
    keep_days: Annotated[int, Meta(ge=1, le=3_650)] = 90

    def __post_init__(self) -> None:
        named = [station.id for station in self.stations]
        if len(named) != len(set(named)):
            raise ValueError("two stations have the same id")

    def station(self, key: str) -> Station | None:
        return next((station for station in self.stations if station.id == key), None)


shaped("printing", Printing)


def printing(conn: Any, site: str) -> Printing:
    """A setting that cannot be read counts as one without printers: browsers still print."""
    try:
        return msgspec.convert(get_setting(conn, site, "printing", {}), Printing)
    except msgspec.ValidationError:
        return Printing()
