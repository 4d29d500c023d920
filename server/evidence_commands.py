"""The commands around evidence: the site's key, a check of its proofs, and of a pack from anywhere.

A pack is checked without a site and without a database; whoever does it needs only its file and the
fingerprint, from a paper receipt or from the site's `/.well-known/dockhand-keys.json`.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.store.store import Store

OK, BAD, UNUSABLE = 0, 1, 2


def blobs_folder() -> Path:
    return Path(os.environ.get("DOCKHAND_BLOBS", "site/blobs"))


def keys_folder() -> Path:
    """Beside the photos, unless DOCKHAND_KEYS names a safer place."""
    from server.store.secrets import keys_beside

    named = os.environ.get("DOCKHAND_KEYS", "")
    return Path(named) if named else keys_beside(blobs_folder())


def add_options(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    key = actions.add_parser("key", help="print the fingerprint of the site's key")
    key.add_argument("--rotate", action="store_true", help="sign with a new key from now on")
    key.set_defaults(run=_key)
    verify = actions.add_parser("verify", help="check a dispute pack; needs no site")
    verify.add_argument("pack", type=Path, help="the ZIP, or a folder with what was in it")
    verify.add_argument("--key", default="", metavar="FINGERPRINT", help="from outside the pack")
    verify.add_argument("--lang", default="en", choices=["en", "zh-Hans", "zh-Hant"])
    verify.add_argument("--json", action="store_true", help="for programs")
    verify.set_defaults(run=_verify)


def can_sign(store: "Store") -> bool:
    """Whether the site has its key, or could make one; says what to do where not."""
    try:
        store.signer()
    except OSError as trouble:
        print(f"{store.keys.folder}: {trouble.strerror}; set DOCKHAND_KEYS", file=sys.stderr)
        return False
    return True


def _key(options: argparse.Namespace) -> int:
    from server.store.site_keys import SiteKeys
    from server.store.writer import now_ms

    keys = SiteKeys(keys_folder())
    try:
        current = keys.rotate(now_ms()) if options.rotate else keys.current(now_ms())
    except OSError as trouble:
        print(f"{keys.folder}: {trouble.strerror}; set DOCKHAND_KEYS", file=sys.stderr)
        return UNUSABLE
    print(current.kid)
    for older in keys.published():
        if older.kid != current.kid:
            print(f"{older.kid}   (before; what it signed stays provable)")
    return OK


def _verify(options: argparse.Namespace) -> int:
    from server.documents.pack.command import report
    from server.documents.pack.reading import BadPack, read_pack

    try:
        entries = read_pack(options.pack)
    except BadPack as problem:
        print(problem, file=sys.stderr)
        return UNUSABLE
    text, holds = report(entries, options.key, options.lang, as_json=options.json)
    print(text)
    return OK if holds else BAD


def export_epcis(store: "Store", site: str, order_number: str) -> int:
    """The event log as EPCIS 2.0, of one order if it is named."""
    from server.insights.epcis.document import Wanted, document, order_of
    from server.store.engines import snapshot_engine

    engine = snapshot_engine(store.url)
    try:
        with engine.connect() as conn:
            order = order_of(conn, site, order_number) if order_number else ""
            if order is None:
                print(f"no order {order_number} at {site}", file=sys.stderr)
                return UNUSABLE
            for piece in document(conn, Wanted(site=site, order=order), store.clock()):
                sys.stdout.write(piece.decode())
    finally:
        engine.dispose()
    return OK
