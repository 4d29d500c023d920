"""What really lies on the shelves. The books only think they know: here and there something has
gone before the day begins, and only who looks finds out."""

import random
import threading
from collections import Counter

from server.store.store import Store
from tests.floor_site import table

Place = tuple[str, str]
"""A bin and an article."""
LOST_SHARE = 0.04


class Shelves:
    """Used by everybody who works there, on whichever thread."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        found = "SELECT bin, sku, SUM(qty) AS qty FROM stock WHERE qty > 0 GROUP BY bin, sku"
        self._there = Counter({(r["bin"], r["sku"]): int(r["qty"]) for r in table(store, found)})
        self._lock = threading.Lock()
        lost = [place for place in sorted(self._there) if chance.random() < LOST_SHARE]
        self.lost = {place: chance.randint(1, self._there[place]) for place in lost}
        self._there.subtract(self.lost)

    def there(self, bin_code: str, sku: str) -> int:
        with self._lock:
            return self._there[bin_code, sku]

    def take(self, bin_code: str, sku: str, wanted: int) -> int:
        """How many of them were there to be taken."""
        with self._lock:
            taken = min(wanted, self._there[bin_code, sku])
            self._there[bin_code, sku] -= taken
            return taken

    def put(self, bin_code: str, sku: str, qty: int) -> None:
        with self._lock:
            self._there[bin_code, sku] += qty

    def all(self) -> dict[Place, int]:
        with self._lock:
            return {place: qty for place, qty in self._there.items() if qty}
