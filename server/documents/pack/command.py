"""What `dockhand pod verify` prints."""

from collections.abc import Mapping

import msgspec

from server.documents.pack import shapes
from server.documents.pack.verifying import Answers, as_builtins, holds, verify
from server.documents.pack.words import PACK_WORDS
from server.documents.words import Language


def report(
    entries: Mapping[str, bytes], fingerprint: str, language: Language, *, as_json: bool
) -> tuple[str, bool]:
    """One line a check, its faults below it, and whether the pack holds."""
    answers = verify(entries, fingerprint)
    manifest = shapes.opened(entries).manifest
    if as_json:
        told = {"holds": holds(answers), "order": manifest.order.number}
        told |= {"checks": as_builtins(answers), "absent": manifest.absent}
        return msgspec.json.encode(told | {"unproven": manifest.unproven}).decode(), holds(answers)
    lines = [*_checks(answers, language), *_notes(manifest, language)]
    verdict = PACK_WORDS[language]["page"]["holds" if holds(answers) else "fails"]
    return "\n".join([*lines, verdict]), holds(answers)


def _checks(answers: Answers, language: Language) -> list[str]:
    words = PACK_WORDS[language]
    lines = []
    for name, faults in answers.items():
        good, bad = words["checks"][name]
        lines.append(f"{'FAIL' if faults else 'ok  '}  {name}: {bad if faults else good}")
        lines += [f"      {words['faults'][f.what].format(name=_shown(f.name))}" for f in faults]
    return lines


def _shown(name: str) -> str:
    """A stranger's file name must not drive the terminal."""
    return "".join(c if c.isprintable() else "?" for c in name)[:200]


def _notes(manifest: shapes.Manifest, language: Language) -> list[str]:
    """What is no tampering, and still to be known."""
    words = PACK_WORDS[language]["page"]
    told = [r for r in manifest.records if r.newest in ("superseded", "rival")]
    notes = [f"note  {_shown(r.file)}: {words[r.newest]}" for r in told]
    for name, missing in (("absent", manifest.absent), ("unproven", manifest.unproven)):
        if missing:
            notes.append(f"note  {words[name].format(n=len(missing))}")
    return notes
