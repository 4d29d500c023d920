"""The worker that seals the audit log: each second what is new, each minute a signed head."""

import asyncio

from server.store import audit, audit_heads
from server.store.audit import Head
from server.store.store import Store

HEAD_MS = 60_000
"""Between two signed heads while there is work."""


class Sealer:
    """One per node; several on one database take turns at its write lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unsigned: dict[str, Head] = {}
        self._signed_at = 0

    async def seal(self) -> None:
        """Everything that is not sealed yet, a little at a time, so that work goes between."""
        while await self._store.read(audit.any_unsealed):
            for head in await self._store.run(audit.seal):
                self._unsigned[head.site] = head
        if self._unsigned and self._store.clock() - self._signed_at >= HEAD_MS:
            await self.sign()

    async def sign(self) -> None:
        """Write down where the chains end now."""
        heads, now = list(self._unsigned.values()), self._store.clock()
        if heads:
            await asyncio.to_thread(
                audit_heads.write, self._store.keys.folder, heads, "head", now, self._store.signer()
            )
            self._unsigned, self._signed_at = {}, now
