"""One POST on a connection of its own, as cheap as it gets."""

import asyncio


async def post(port: int, cookie: str, body: bytes) -> tuple[int, bytes]:
    """Status and body of `POST /sync`, as they came: still gzipped."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    head = (
        f"POST /sync HTTP/1.1\r\nhost: localhost:{port}\r\norigin: http://localhost:{port}\r\n"
        f"cookie: {cookie}\r\nx-dockhand: 1\r\ncontent-type: application/json\r\n"
        f"accept-encoding: gzip\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answered = await reader.readuntil(b"\r\n\r\n")
    status = int(answered.split(b" ", 2)[1])
    chunked = b"transfer-encoding: chunked" in answered.lower()
    rest = await reader.read()
    writer.close()
    return status, _unchunked(rest) if chunked else rest


def _unchunked(data: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while True:
        end = data.index(b"\r\n", at)
        size = int(data[at:end], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(data[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
