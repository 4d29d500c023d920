"""When the audit log was last walked along, and what came of it: beside the signed heads, outside
the database that it is about."""

from pathlib import Path

import msgspec

from server.insights.finding import Finding

FILE = "audit.checked"


class Checked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`vers`: by site the last version that was sealed when the check began. `at` in ms."""

    at: int
    vers: dict[str, int]
    findings: int
    first: str = ""


def write(folder: Path, vers: dict[str, int], found: list[Finding], at: int) -> None:
    first = f"{found[0].rule}: {found[0].what}" if found else ""
    checked = Checked(at=at, vers=vers, findings=len(found), first=first)
    new = folder / f"{FILE}.new"
    new.write_bytes(msgspec.json.encode(checked))
    new.replace(folder / FILE)


def last(folder: Path) -> Checked | None:
    """None where nobody checked yet, or what was written cannot be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Checked)
    except (OSError, msgspec.DecodeError):
        return None
