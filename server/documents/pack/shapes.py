"""What is inside a pack, as types. A file that does not fit is named, the rest is still read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import rfc8785
from msgspec import Meta

from server.pod.countersign import Receipt
from server.store.site_keys import PublicKey

T = TypeVar("T")
Text = Annotated[str, Meta(max_length=2_000)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Text
    sha256: Text
    size: Count


class Listed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record of the pack. `newest`: `ok`, or why another record of the stop is to be read."""

    file: Text
    device: Text
    seq: Count
    hash: Text
    stop: Text
    newest: Text


class ChainLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One record of a device. `file` is empty for those of other orders, whose contents are
    nobody's business here."""

    seq: Count
    hash: Text
    prev: Text
    file: Text = ""


class DeviceHead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The newest record of a device, and the links from the first one in the pack up to it."""

    device: Text
    seq: Count
    hash: Text
    links: list[ChainLink]


class OrderName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Text = ""
    number: Text = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`as_of`: the site's version that was looked at; `absent`: references whose bytes had not
    arrived; `unproven`: stops that were closed without a record."""

    v: Literal[1] = 1
    site: Text = ""
    order: OrderName = OrderName()
    as_of: Count = 0
    records: list[Listed] = []
    heads: list[DeviceHead] = []
    files: list[File] = []
    absent: list[Text] = []
    unproven: list[Text] = []


class Seal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: Text = ""
    signature: Text = ""


class DeviceKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`jwk`: None for a device that has none."""

    device: Text
    jwk: dict[str, str] | None


class Keys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    server: list[PublicKey] = []
    devices: list[DeviceKey] = []


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a record, whatever its version."""

    device: Text
    seq: Count
    prev: Text
    stop: Text
    order: Text
    at: Count


class SignedRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    record: dict[str, Any]
    hash: Text
    signature: Text

    @property
    def told(self) -> Told:
        return msgspec.convert(self.record, Told)


class SignedReceipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    receipt: dict[str, Any]
    signature: Text

    @property
    def told(self) -> Receipt:
        return msgspec.convert(self.receipt, Receipt)


def shown_file(record: Mapping[str, Any]) -> str:
    """The file with the words that a record was signed below; empty where it names none."""
    shown = record.get("shown")
    return f"shown/{shown}.txt" if isinstance(shown, str) and shown else ""


@dataclass
class Pack:
    """A pack's files, and those of them that could be read. Records and receipts are by the name of
    the record's file, in the order of these names."""

    entries: Mapping[str, bytes]
    manifest: Manifest = field(default_factory=Manifest)
    seal: Seal = field(default_factory=Seal)
    server_keys: list[PublicKey] = field(default_factory=list)
    device_keys: dict[str, dict[str, str]] = field(default_factory=dict)
    records: dict[str, SignedRecord] = field(default_factory=dict)
    receipts: dict[str, SignedReceipt] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    def key(self, kid: str) -> PublicKey | None:
        return next((key for key in self.server_keys if key.kid == kid), None)

    def listed_hash(self, file: str) -> str | None:
        return next((r.hash for r in self.manifest.records if r.file == file), None)

    def file_of(self, ref: str) -> str | None:
        """The file that holds the bytes a record names, whatever its ending."""
        begins = f"files/{ref.removeprefix('sha256:')}."
        return next((name for name in sorted(self.entries) if name.startswith(begins)), None)

    def read(self, name: str, kind: type[T]) -> T | None:
        """None when the file is not there, or is not the canonical JSON of such an object."""
        body = self.entries.get(name, b"")
        try:
            found = msgspec.json.decode(body)
            if rfc8785.dumps(found) == body:
                return msgspec.convert(found, kind)
        except (ValueError, RecursionError, rfc8785.CanonicalizationError):
            pass
        self.unreadable.append(name)
        return None


def opened(entries: Mapping[str, bytes]) -> Pack:
    pack = Pack(entries)
    pack.manifest = pack.read("manifest.json", Manifest) or Manifest()
    pack.seal = pack.read("manifest.sig.json", Seal) or Seal()
    keys = pack.read("keys.json", Keys) or Keys()
    pack.server_keys = keys.server
    pack.device_keys = {d.device: d.jwk for d in keys.devices if d.jwk is not None}
    for name in sorted(entries):
        if name.startswith("records/"):
            _open_record(pack, name)
    return pack


def _open_record(pack: Pack, name: str) -> None:
    kept = pack.read(name, SignedRecord)
    if kept is None or not _fits(pack, name, kept.record, Told):
        return
    pack.records[name] = kept
    beside = name.replace("records/", "receipts/", 1)
    if beside in pack.entries:
        receipt = pack.read(beside, SignedReceipt)
        if receipt is not None and _fits(pack, beside, receipt.receipt, Receipt):
            pack.receipts[name] = receipt


def _fits(pack: Pack, name: str, found: dict[str, Any], kind: type[Any]) -> bool:
    try:
        msgspec.convert(found, kind)
    except msgspec.ValidationError:
        pack.unreadable.append(name)
        return False
    return True
