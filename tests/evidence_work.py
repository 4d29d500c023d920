"""An order with a chain of signed records, and its dispute pack: what verifiers are tested on."""

import asyncio
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from server.documents.pack.gathering import Wanted, gather
from server.documents.pack.making import make_pack
from server.kernel import base64url
from server.pod.evidence import record_hash
from server.pod.ops import Depart, LoadParcel, PlanRun
from server.store import blobs
from server.store.site_keys import SiteKey, thumbprint
from server.store.store import Store
from tests.floor_site import Handheld, good, order, release_wave, system, table
from tests.floor_work import APPLIED, evidence, open_task, pack_all, pick_all, take
from tests.pod_work import Door

STROKES = "application/vnd.dockhand.strokes+json"
ORIGIN = "http://localhost:8000"


def new_key() -> SiteKey:
    """A P-256 key as devices and sites have them."""
    private = ec.generate_private_key(ec.SECP256R1())
    return SiteKey(thumbprint(jwk_of(private)), private)


def jwk_of(private: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    at = private.public_key().public_numbers()
    x, y = (base64url.encode(n.to_bytes(32, "big")) for n in (at.x, at.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


@dataclass
class SigningDriver:
    """A driver whose device signs and chains what it hands in, as the web app does."""

    store: Store
    key: SiteKey = field(default_factory=new_key)
    seq: int = 0
    prev: str = "0" * 64

    def __post_init__(self) -> None:
        self.handheld = Handheld(
            self.store, "driver", public_key=json.dumps(jwk_of(self.key.private))
        )

    def record(self, stop: Mapping[str, Any], outcome: str, **named: Any) -> dict[str, Any]:
        self.seq += 1
        told: dict[str, Any] = evidence(self.handheld, dict(stop), outcome)["record"]
        told |= {"seq": self.seq, "prev": self.prev, "signature": None, **named}
        self.prev = record_hash(told)
        return told

    def hand_in(self, record: dict[str, Any]) -> tuple[str, str | None]:
        signature = self.key.sign(rfc8785.dumps(record))
        body = {"record": record, "hash": record_hash(record), "signature": signature}
        return self.handheld.say("pod.deliver.v1", body)

    def deliver(self, stop: Mapping[str, Any], outcome: str, **named: Any) -> dict[str, Any]:
        record = self.record(stop, outcome, **named)
        assert self.hand_in(record)[0] in ("applied", "diverted")
        return record


def on_the_road(store: Store, *order_ids: str) -> tuple[SigningDriver, list[dict[str, Any]]]:
    """One run with a stop for each order, loaded and departed; stops in the orders' order."""
    good(release_wave(store))
    picker, packer = Handheld(store, "picker"), Handheld(store, "packer")
    while table(store, "SELECT id FROM task WHERE kind = 'pick' AND state = 'open'"):
        pick_all(picker, take(picker, "pick"))
    while table(store, "SELECT id FROM task WHERE kind = 'pack' AND state = 'open'"):
        pack_all(packer, take(packer, "pack"))
    good(system(store, "pod.plan_run.v1", PlanRun()))
    driver = SigningDriver(store)
    assert open_task(store, "drive")
    take(driver.handheld, "drive")
    loads = "SELECT s.id, s.run, l.parcel FROM stop s JOIN load l ON l.stop = s.id"
    for row in table(store, loads):
        loaded = LoadParcel(run=row["run"], stop=row["id"], parcel=row["parcel"])
        assert driver.handheld.say("pod.load_parcel.v1", loaded) == APPLIED
    departed = Depart(run=row["run"], vehicle="VAN-1")
    assert driver.handheld.say("pod.depart.v1", departed) == APPLIED
    stops = {s["order_id"]: s for s in table(store, "SELECT * FROM stop")}
    return driver, [stops[order_id] for order_id in order_ids]


def send_blob(store: Store, data: bytes, mime: str, device: str = "dev-driver") -> str:
    """The reference of bytes that have arrived."""
    name = hashlib.sha256(data).hexdigest()

    async def sent() -> None:
        told = {"site": "main", "sha256": name}
        await blobs.declare(store, device=device, size=len(data), mime=mime, **told)
        await blobs.append(store, offset=0, data=data, **told)

    asyncio.run(sent())
    return f"sha256:{name}"


def photo(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    return out.getvalue()


def drawn() -> bytes:
    points = [{"x": 300 + 250 * i, "y": 4_500 if i % 2 else 500, "t": 20 * i} for i in range(30)]
    return rfc8785.dumps({"v": 1, "width": 10_000, "height": 5_000, "strokes": [points]})


@dataclass
class Disputed:
    """Order `order` with three records of one device; between and after them that device has
    records of another order, which are nobody's business."""

    store: Store
    order: str
    other: str
    driver: SigningDriver
    stops: list[dict[str, Any]]


def disputed(store: Store) -> Disputed:
    """A part delivery with photo and signature, mended twice."""
    first = order(store, "R-1", MUG=3, TEE=2)
    other = order(store, "R-2", LAMP=1)
    driver, stops = on_the_road(store, first, other)
    mine, theirs = stops
    seen = {
        "photos": [send_blob(store, photo(), "image/jpeg")],
        "signature": send_blob(store, drawn(), STROKES),
    }
    driver.deliver(mine, "partial", **seen)
    driver.deliver(theirs, "full", receiver="Somebody Else")
    driver.deliver(mine, "partial", receiver="B. Receiver", **seen)
    driver.deliver(mine, "refused", photos=[send_blob(store, photo("blue"), "image/jpeg")])
    driver.deliver(theirs, "full", receiver="Somebody Else")
    return Disputed(store, first, other, driver, stops)


def corrected(store: Store) -> str:
    """An order with records of version 2: signed below words and by PIN, then corrected; its id."""
    door = Door(store, "R-9", MUG=2, LAMP=1)
    seen: dict[str, Any] = {
        "signature": send_blob(store, drawn(), STROKES),
        "photos": [send_blob(store, photo("green"), "image/jpeg")],
        "pin": "ok",
    }
    assert door.close("full", pin_tries=2, **seen) == APPLIED
    mended = door.correct("partial", {"MUG": 1}, reason="wrong_goods", **seen)
    assert mended == APPLIED
    return door.order


def pack_of(store: Store, order_id: str, **asked: Any) -> bytes:
    told = {"site": "main", "language": "en", "url": ORIGIN, "own_key": store.signer().kid} | asked
    wanted = Wanted(order=order_id, root=store.blobs, **told)
    gathered = store.run_sync(lambda tx: gather(tx.conn, wanted))
    with make_pack(gathered, store.signer(), store.keys.published()) as made:
        return made.read()


def unpacked(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(entries: Mapping[str, bytes]) -> bytes:
    """As a stranger's tool does it: compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()
