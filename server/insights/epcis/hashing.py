"""The name of an EPCIS event is the hash of what it says: exported twice, it is the same event.

Source: GS1 CBV 2.0, 8.9 "Event Hash ID": the fields in a fixed order, times in UTC to the ms,
numbers without idle zeros, words and identifiers as full addresses, lists sorted; left out are the
event's own id, when it was recorded, and whether it was later declared an error.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from server.insights.epcis.uris import canonical_uri

CBV, VOC = "https://ref.gs1.org/cbv/", "https://gs1.org/voc/"
IGNORED = frozenset({"eventID", "recordTime", "errorDeclaration", "@context", "type"})
_ORDER = (
    *("eventTime", "eventTimeZoneOffset", "certificationInfo", "parentID", "epcList"),
    *("inputEPCList", "childEPCs", "quantityList", "childQuantityList", "inputQuantityList"),
    *("outputEPCList", "outputQuantityList", "action", "transformationID", "bizStep"),
    *("disposition", "persistentDisposition", "readPoint", "bizLocation", "bizTransactionList"),
    *("destinationList", "sourceList", "sensorElementList", "ilmd"),
)
_INNER = (
    *("type", "bizTransaction", "destination", "source", "set", "unset", "id", "epcClass"),
    *("quantity", "sensorMetadata", "sensorReport", "exception", "startTime", "endTime", "time"),
    *("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"),
    *("microorganism", "chemicalSubstance", "value", "component", "stringValue", "booleanValue"),
    *("hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue", "sDev", "percRank"),
    *("percValue", "uom", "coordinateReferenceSystem"),
)
_ENTRY = {
    "epcList": "epc",
    "childEPCs": "epc",
    "inputEPCList": "epc",
    "outputEPCList": "epc",
    "quantityList": "quantityElement",
    "childQuantityList": "quantityElement",
    "inputQuantityList": "quantityElement",
    "outputQuantityList": "quantityElement",
    "sensorElementList": "sensorElement",
}
"""Each entry of these lists has a name of its own."""
_BARE = frozenset({"bizTransactionList", "destinationList", "sourceList"})
"""Entries of these have none."""
_WORDS = {"bizStep": "BizStep-", "disposition": "Disp-", "set": "Disp-", "unset": "Disp-"}
_TYPES = {"bizTransactionList": "BTT-", "destinationList": "SDT-", "sourceList": "SDT-"}
_TIMES = frozenset({"eventTime", "time", "startTime", "endTime"})
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


def event_id(event: Mapping[str, Any]) -> str:
    """`ni:///sha-256;…?ver=CBV2.0` of an event without fields of anybody's own."""
    return hash_uri(prehash(event, {}))


def hash_uri(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def prehash(
    event: Mapping[str, Any], names: Mapping[str, str], left_out: Collection[str] = ()
) -> str:
    """The text that is hashed. `names`: prefixes of the document's context, as addresses;
    `left_out`: fields of one's own that do not count."""
    told = [f"eventType={event['type']}"]
    told += [_field(name, event[name], names) for name in _ORDER if name in event]
    return "".join(told + _extensions(event, names, frozenset((*_ORDER, *left_out)) | IGNORED))


def _extensions(
    part: Mapping[str, Any], names: Mapping[str, str], known: frozenset[str]
) -> list[str]:
    """Fields that are the document's own, sorted."""
    return sorted(_extension(n, v, names) for n, v in part.items() if n not in known)


def _extension(name: str, value: Any, names: Mapping[str, str]) -> str:
    full = _full(name, names)
    if isinstance(value, Mapping):
        inside = {n: v for n, v in value.items() if n != "@context"}
        return full + "".join(_extensions(inside, names, frozenset()))
    if isinstance(value, list):
        return "".join(sorted(_extension(name, entry, names) for entry in value))
    return f"{full}={_plain(value)}"


def _full(name: str, names: Mapping[str, str]) -> str:
    prefix, colon, rest = name.partition(":")
    return f"{{{names[prefix]}}}{rest}" if colon and prefix in names else name


def _field(name: str, value: Any, names: Mapping[str, str], of: str = "") -> str:
    if isinstance(value, list):
        return _list(name, value, names)
    if isinstance(value, Mapping):
        return name + _object(value, names, of or name)
    return f"{name}={_value(name, value, of)}"


def _list(name: str, entries: list[Any], names: Mapping[str, str]) -> str:
    entry = _ENTRY.get(name)
    if entry is None and name not in _BARE:
        return "".join(sorted(_field(name, each, names) for each in entries))
    made = []
    for each in entries:
        if isinstance(each, Mapping):
            made.append((entry or "") + _object(each, names, name))
        else:
            made.append(f"{entry}={canonical_uri(each)}")
    return name + "".join(sorted(made))


def _object(part: Mapping[str, Any], names: Mapping[str, str], of: str) -> str:
    if of == "ilmd":
        return "".join(_extensions(part, names, frozenset({"@context"})))
    told = [_field(n, part[n], names, of) for n in _INNER if n in part]
    return "".join(told + _extensions(part, names, frozenset(_INNER)))


def _value(name: str, value: Any, of: str) -> str:
    if name in _TIMES:
        return _moment(str(value))
    if name in _WORDS:
        return _word(str(value), CBV + _WORDS[name])
    if name == "type":
        return _word(str(value), CBV + _TYPES[of] if of in _TYPES else VOC)
    if name == "exception":
        return _word(str(value), VOC)
    if name == "component":
        return _word(str(value), CBV + "Comp-")
    return _plain(value)


_OLD_WORDS = re.compile(r"urn:epcglobal:cbv:(?:bizstep|disp|btt|sdt):(.+)")


def _word(value: str, head: str) -> str:
    """A word of GS1's own list as its address; a `gs1:`-prefixed or old form counts the same."""
    if found := _OLD_WORDS.fullmatch(value):
        return head + found[1]
    if value.startswith("gs1:"):
        return VOC + value.removeprefix("gs1:")
    if value.startswith("cbv:"):
        return CBV + value.removeprefix("cbv:")
    return value if ":" in value else head + value


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(str(value))
    return canonical_uri(str(value).strip())


def _number(text: str) -> str:
    found = Decimal(text).normalize()
    return f"{found:f}"


def _moment(text: str) -> str:
    """UTC to the millisecond, halves rounded up."""
    whole, _, rest = text.partition(".")
    digits = re.match(r"\d*", rest)[0] if rest else ""  # type: ignore[index]
    zone = rest[len(digits) :] if rest else ""
    fraction = Decimal(f"0.{digits or 0}").quantize(Decimal("0.001"), ROUND_HALF_UP)
    moment = dt.datetime.fromisoformat(whole + zone).astimezone(dt.UTC)
    moment += dt.timedelta(milliseconds=int(fraction * 1000))
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def context_names(document: Mapping[str, Any]) -> dict[str, str]:
    """The prefixes that a document declares, as addresses."""
    return dict(_names(document.get("@context", [])))


def _names(context: Any) -> Iterator[tuple[str, str]]:
    for entry in context if isinstance(context, list) else [context]:
        if isinstance(entry, Mapping):
            yield from ((n, v) for n, v in entry.items() if isinstance(v, str))
