"""The door and what follows by real operations: records of version 2, signed by a real key."""

import base64
import hashlib
import json
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from server.orders.links import key_in
from server.pod import pins
from server.pod.evidence import canonical, record_hash
from server.pod.ops import Arrive
from server.pod.returning import BackLine, FinishReturns, ReturnParcel
from server.pod.tables import stop
from server.store.store import Store
from server.store.tables import device
from tests.floor_site import SITE, order, scalar, table
from tests.floor_work import APPLIED, to_the_van

SIGNATURE = "sha256:" + "1" * 64
PHOTO = "sha256:" + "2" * 64
HERE: dict[str, Any] = {
    "lat_e7": 525200080,
    "lon_e7": 134049540,
    "acc_cm": 1200,
    "age_ms": 300,
    "source": "device",
}
SHOWN = "I have received: 3 × MUG"
Said = tuple[str, str | None]


def issued_pin(store: Store, order_id: str) -> str:
    key = key_in(store.keys.folder)
    return store.run_sync(lambda tx: pins.issue(tx, key, SITE, order_id))


class Key:
    """A device's key, as WebCrypto signs with it."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())

    @property
    def jwk(self) -> str:
        return json.dumps(self.public())

    def public(self) -> dict[str, str]:
        """The members of its JWK."""
        numbers = self.private.public_key().public_numbers()
        x, y = (_b64(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def sign(self, body: bytes) -> str:
        r, s = utils.decode_dss_signature(self.private.sign(body, ec.ECDSA(hashes.SHA256())))
        return _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Door:
    """One driver with a signing phone and an order aboard, at the customer's door."""

    def __init__(self, store: Store, ref: str = "R-1", people: str = "", **goods: int) -> None:
        """`people`: tells the devices from those of an earlier door."""
        self.store, self.key = store, Key()
        self.order = order(store, ref, **(goods or {"MUG": 3, "TEE": 2}))
        self.driver, self.stop = to_the_van(store, self.order, people)
        self._enrol_key()
        assert self.driver.say("pod.arrive.v1", Arrive(stop=self.stop["id"])) == APPLIED
        self.seq, self.prev = 0, "0" * 64

    def _enrol_key(self) -> None:
        mine = sa.update(device).where(device.c.id == self.driver.id)
        keyed = mine.values(public_key=self.key.jwk)
        self.store.run_sync(lambda tx: tx.conn.execute(keyed))

    @property
    def id(self) -> str:
        return str(self.stop["id"])

    @property
    def van(self) -> str:
        return f"VAN/{self.stop['run']}"

    def policy(self) -> str:
        return str(scalar(self.store, "SELECT policy FROM stop WHERE id = :i", i=self.id))

    def record(
        self, outcome: str, kept: dict[str, int] | None = None, **said: Any
    ) -> dict[str, Any]:
        """`kept`: pieces by SKU of a part delivery. Whatever else the driver said: `said`."""
        reason = said.pop("reason", "" if outcome == "full" else "damaged")
        goods = table(self.store, "SELECT * FROM order_line WHERE order_id = :o", o=self.order)
        made = {
            "v": 2,
            "device": self.driver.id,
            "seq": self.seq + 1,
            "prev": self.prev,
            "person": self.driver.who,
            "run": self.stop["run"],
            "stop": self.id,
            "order": self.order,
            "outcome": outcome,
            "reason": reason,
            "receiver": "A. Receiver",
            "lines": [_line(g, outcome, kept or {}, reason) for g in goods],
            "parcels": [],
            "signature": SIGNATURE,
            "signed_on": "driver",
            "link": "",
            "shown": hashlib.sha256(SHOWN.encode()).hexdigest(),
            "photos": [] if outcome == "full" else [PHOTO],
            "slip": [],
            "policy": self.policy(),
            "ask": {},
            "relaxed": [],
            "pin": "",
            "pin_tries": 0,
            "inspection": [],
            "stages": [],
            "corrects": None,
            "desk": None,
            "position": HERE,
            "no_position": "",
            "at": self.store.clock(),
            "boot": "b1",
            "mono_ms": 1000,
            "server_seen": self.store.clock(),
        }
        return made | said

    def sealed(self, record: dict[str, Any], shown: str = SHOWN) -> dict[str, Any]:
        digest = record_hash(record)
        self.seq, self.prev = self.seq + 1, digest
        signature = self.key.sign(canonical(record))
        return {"record": record, "hash": digest, "signature": signature, "shown": shown}

    def close(self, outcome: str, kept: dict[str, int] | None = None, **said: Any) -> Said:
        return self.driver.say("pod.deliver.v2", self.sealed(self.record(outcome, kept, **said)))

    def correct(self, outcome: str, kept: dict[str, int] | None = None, **said: Any) -> Said:
        return self.close(outcome, kept, **({"corrects": self.prev} | said))

    def bring_back(self, **pieces: int) -> Said:
        """Pieces by SKU that are off the van now, all told."""
        goods = table(self.store, "SELECT * FROM order_line WHERE order_id = :o", o=self.order)
        lines = [
            BackLine(no=g["no"], sku=g["sku"], back=pieces[g["sku"]])
            for g in goods
            if g["sku"] in pieces
        ]
        back = ReturnParcel(run=self.stop["run"], stop=self.id, lines=lines)
        return self.driver.say("pod.return_parcel.v1", back)

    def empty(self) -> Said:
        return self.driver.say("pod.finish_returns.v1", FinishReturns(run=self.stop["run"]))


def _line(g: dict[str, Any], outcome: str, kept: dict[str, int], reason: str) -> dict[str, Any]:
    all_of_it = g["picked"] if outcome in ("full", "partial") else 0
    delivered = kept.get(g["sku"], all_of_it)
    said = "full" if delivered == g["picked"] else ("partial" if delivered else "refused")
    return {
        "no": g["no"],
        "sku": g["sku"],
        "qty": g["picked"],
        "delivered": delivered,
        "outcome": "failed" if outcome == "failed" else said,
        "reason": "" if delivered == g["picked"] else reason,
        "photos": [],
    }


def on_hand(store: Store, place: str) -> dict[str, int]:
    """Pieces by SKU, none where there are none."""
    found = table(store, "SELECT sku, qty FROM stock WHERE bin = :b AND qty <> 0", b=place)
    return {r["sku"]: int(r["qty"]) for r in found}


def newest(store: Store, stop: str) -> dict[str, Any]:
    """The proof that counts."""
    found = "SELECT * FROM proof WHERE stop = :s AND superseded IS NULL ORDER BY recv_at, n DESC"
    standing = [r for r in table(store, found, s=stop) if r["stands"]]
    assert len(standing) == 1, standing
    return standing[0] | {"verdicts": json.loads(standing[0]["verdicts"])}


def open_returns(store: Store, order_id: str) -> list[dict[str, Any]]:
    return table(store, "SELECT * FROM rma WHERE order_id = :o ORDER BY number", o=order_id)


def closed_before(store: Store, ms: int) -> None:
    """As if every stop had been closed so much earlier."""
    earlier = sa.update(stop).values(closed_at=stop.c.closed_at - ms)
    store.run_sync(lambda tx: tx.conn.execute(earlier))
