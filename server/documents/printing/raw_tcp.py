"""A label printer on the network: its port 9100 takes ZPL as it is."""

import asyncio
import contextlib
import socket

from server.documents.printing.port import NotPrinted
from server.packing.printers import Station


class RawTcp:
    """Every wait is bounded: a printer that is off, or takes nothing because it has no paper, holds
    up nothing but its own labels."""

    async def send(self, station: Station, zpl: bytes, *, timeout_s: float) -> None:
        writer = await _connected(station, timeout_s)
        try:
            await asyncio.wait_for(_all_of(writer, zpl), timeout_s)
        except TimeoutError:
            writer.transport.abort()
            raise NotPrinted("too_slow", f"it did not take all in {timeout_s} s") from None
        except OSError as error:
            raise NotPrinted("cut_off", str(error)) from None
        finally:
            writer.close()


async def _connected(station: Station, timeout_s: float) -> asyncio.StreamWriter:
    try:
        opening = asyncio.open_connection(station.host, station.port)
        _, writer = await asyncio.wait_for(opening, timeout_s)
    except TimeoutError:
        raise NotPrinted("no_answer", f"nothing in {timeout_s} s") from None
    except socket.gaierror as error:
        raise NotPrinted("unknown_host", str(error)) from None
    except ConnectionRefusedError as error:
        raise NotPrinted("turned_away", str(error)) from None
    except OSError as error:
        raise NotPrinted("no_answer", str(error)) from None
    # What `drain` waits for is then the last byte, not a buffer that is nearly empty.
    writer.transport.set_write_buffer_limits(high=0)
    return writer


async def _all_of(writer: asyncio.StreamWriter, zpl: bytes) -> None:
    writer.write(zpl)
    await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    writer.close()
    with contextlib.suppress(ConnectionResetError):
        await writer.wait_closed()
