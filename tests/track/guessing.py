"""Somebody who tries links at a real server, from many addresses of the loopback network."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

LINKS_LIKE = 48
"""Letters of a guess: as many as a real link has."""
AT_ONCE = 16
"""Connections that are open together."""


@dataclass
class Heard:
    """`codes`: answers by status; `hits`: what was found, by address; `seconds`: all of it."""

    codes: Counter[int] = field(default_factory=Counter)
    hits: list[str] = field(default_factory=list)
    seconds: float = 0.0


def guesses(count: int) -> list[str]:
    return [secrets.token_urlsafe(LINKS_LIKE)[:LINKS_LIKE] for _ in range(count)]


def address(at: int) -> str:
    """The `at`-th address of 127.0.0.0/8 that is not the server's own."""
    return f"127.{1 + at // 62_500}.{at // 250 % 250}.{1 + at % 250}"


async def guess_from(port: int, source: str, tokens: Sequence[str], heard: Heard) -> None:
    """All `tokens` on one connection, one after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    for token in tokens:
        asked = f"GET /t/{token} HTTP/1.1\r\nhost: localhost:{port}\r\n\r\n"
        writer.write(asked.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(length)
        code = int(head[9:12])
        heard.codes[code] += 1
        if code == 200:
            heard.hits.append(token)
    writer.close()
    await writer.wait_closed()


async def guess_all(port: int, tokens: Sequence[str], each: int, first: int = 0) -> Heard:
    """`each`: so many from one address; `first`: the number of the first address."""
    heard, began = Heard(), time.perf_counter()
    lots = [tokens[at : at + each] for at in range(0, len(tokens), each)]
    free = asyncio.Semaphore(AT_ONCE)

    async def one(at: int) -> None:
        async with free:
            await guess_from(port, address(first + at), lots[at], heard)

    await asyncio.gather(*(one(at) for at in range(len(lots))))
    heard.seconds = time.perf_counter() - began
    return heard
