"""The `dockhand` command: serve a site, take files in, look after its store, solve routes."""

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from server import check_commands, evidence_commands, seed_command
from server.evidence_commands import blobs_folder, keys_folder

if TYPE_CHECKING:
    from server.kernel.values import Role
    from server.settings import Settings
    from server.store.store import Store
    from server.web.asgi import App

OK, UNUSABLE = 0, 2


def main(argv: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever reads the lines has enough of them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dockhand", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _demo_options(commands.add_parser("demo", help="a site to try, with people, goods and orders"))
    seed = commands.add_parser("seed", help="fill an empty site with orders, to try sizes")
    seed_command.add_options(seed)
    _site_options(seed)
    seed.set_defaults(run=_seed)
    _serve_options(commands.add_parser("serve", help="serve a site, as the environment says"))
    _import_options(commands.add_parser("import", help="take a file in"))
    _layout_options(commands.add_parser("layout", help="look after a layout file"))
    export = commands.add_parser("export", help="write CSV or JSON-LD to the standard output")
    export.add_argument("what", choices=["orders", "epcis"])
    export.add_argument("--order", default="", help="epcis: of this order number alone")
    _site_options(export)
    export.set_defaults(run=_export)
    check = commands.add_parser("check", help="do the books agree with themselves?")
    check_commands.add_options(check)
    _site_options(check)
    check.set_defaults(run=_check)
    _scan_options(commands.add_parser("scan", help="say what scans mean, a JSON string a line"))
    _people_options(commands)
    _backup_options(commands)
    evidence_commands.add_options(commands.add_parser("pod", help="the site's key, and its packs"))
    _route_options(commands.add_parser("route", help="solve files of routing tasks, a line each"))
    return parser


def _people_options(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    person = commands.add_parser("person", help="add somebody; the PIN is printed once")
    person.add_argument("name")
    person.add_argument("--role", default="admin", choices=[r.value for r in _roles()])
    person.add_argument("--badge", help="what their badge says, B-…; without it one is made")
    _site_options(person)
    person.set_defaults(run=_person)
    code = commands.add_parser("code", help="a one-time code that makes a browser a device")
    code.add_argument("--origin", default="", help="https://…, to print a link instead")
    _site_options(code)
    code.set_defaults(run=_code)


def _backup_options(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = commands.add_parser("backup", help="copy the working site into a new folder")
    backup.add_argument("folder", type=Path)
    _site_options(backup)
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="begin a new life from a backup's folder")
    restore.add_argument("folder", type=Path)
    _site_options(restore)
    restore.set_defaults(run=_restore)


def _roles() -> "list[Role]":
    from server.kernel.values import Role

    return [r for r in Role if r is not Role.SYSTEM]


def _demo_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=Path("site/demo"), help="the demo's folder")
    parser.add_argument("--lan", action="store_true", help="for phones on the same network")
    parser.add_argument("--fresh", action="store_true", help="begin the site anew")
    parser.add_argument("--orders-per-minute", type=float, default=2.0, metavar="N")
    parser.set_defaults(run=_demo)


def _seed(options: argparse.Namespace) -> int:
    return seed_command.seed_site(options, blobs_folder())


def _serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--cert", type=Path, help="TLS certificate; without it, a proxy does TLS")
    parser.add_argument("--key", type=Path)
    parser.set_defaults(run=_serve)


def _import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["items", "stock", "orders", "layout"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--map", default="", help="a built-in map's name or a TOML file")
    parser.add_argument("--reject", type=Path, help="where rows go that are not taken")
    parser.add_argument("--ref", default="opening", help="stock: the name of this delivery")
    _site_options(parser)
    parser.set_defaults(run=_import)


def _layout_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["check"])
    parser.add_argument("file", type=Path, help="TOML or JSON, see docs/guide/layout.md")
    parser.set_defaults(run=_layout)


def _scan_options(parser: argparse.ArgumentParser) -> None:
    forms = ["auto", "element", "bracketed", "uri"]
    parser.add_argument("--format", choices=forms, default="auto", help="what each must be")
    parser.add_argument("--separator", default="", help="what the scanner sends for FNC1")
    parser.add_argument("--short-gtin", action="store_true", help="links may leave zeros out")
    parser.set_defaults(run=_scan)


def _route_options(parser: argparse.ArgumentParser) -> None:
    policies = ["optimal", "s_shape", "return", "largest_gap", "combined", "nearest"]
    parser.add_argument("file", type=Path, nargs="+", help="JSON: pick-route/1 and its like")
    parser.add_argument("--policy", default="optimal", choices=policies)
    parser.set_defaults(run=_route)


def _site_options(parser: argparse.ArgumentParser) -> None:
    default = os.environ.get("DOCKHAND_DB", "sqlite:///site/dockhand.db")
    parser.add_argument("--db", default=default, metavar="URL")
    parser.add_argument("--site", default=os.environ.get("DOCKHAND_SITE", "main"))


def _open(url: str) -> "Store":
    import server.modules  # noqa: F401  registers operations and tables
    from server.store.store import Store

    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return Store(url, blobs_folder(), keys=keys_folder())


def _import(options: argparse.Namespace) -> int:
    from server.imports.command import Wish, run

    wish = Wish(
        what=options.what,
        path=options.file,
        site=options.site,
        map_name=options.map,
        reject=options.reject,
        ref=options.ref,
    )
    with contextlib.closing(_open(options.db)) as store:
        return run(wish, store, sys.stderr)


def _layout(options: argparse.Namespace) -> int:
    from server.imports.layout_command import check

    return check(options.file, sys.stdout, sys.stderr)


def _route(options: argparse.Namespace) -> int:
    import msgspec

    from server.picking.route_files import BadRouteFile, answers

    try:
        for path in options.file:
            for answer in answers(path, options.policy):
                print(msgspec.json.encode(answer).decode())
    except BadRouteFile as problem:
        print(problem, file=sys.stderr)
        return UNUSABLE
    return OK


def _export(options: argparse.Namespace) -> int:
    from server.insights.exports import export_orders

    with contextlib.closing(_open(options.db)) as store:
        if options.what == "epcis":
            return evidence_commands.export_epcis(store, options.site, options.order)
        export_orders(store, options.site, sys.stdout)
    return OK


def _check(options: argparse.Namespace) -> int:
    with contextlib.closing(_open(options.db)) as store:
        return check_commands.check(store, options.what, replay=options.replay)


def _scan(options: argparse.Namespace) -> int:
    from server.kernel.scan import ScanSettings
    from server.kernel.scan_lines import answer_lines

    year = datetime.now(UTC).year
    settings = ScanSettings(
        year, options.separator, short_gtin=options.short_gtin, form=options.format
    )
    for answer in answer_lines(sys.stdin.buffer, settings):
        print(answer, flush=True)
    return OK


def _person(options: argparse.Namespace) -> int:
    from server.auth import pins
    from server.auth.people import add_person, new_badge
    from server.kernel.errors import Refusal
    from server.kernel.values import Role

    pin = pins.new_pin()
    hashed, badge, role = pins.hash_pin(pin), options.badge or new_badge(), Role(options.role)
    with contextlib.closing(_open(options.db)) as store:
        try:
            store.run_sync(
                lambda tx: add_person(
                    tx,
                    site=options.site,
                    name=options.name,
                    badge=badge,
                    role=role,
                    pin_hash=hashed,
                )
            )
        except Refusal as refusal:
            print(f"{refusal.code}: {refusal.data.get('mend', '')}", file=sys.stderr)
            return UNUSABLE
    print(f"badge {badge}   PIN {pin}   (stored nowhere: write it down)")
    return OK


def _code(options: argparse.Namespace) -> int:
    from server.auth.enrol import make_code

    with contextlib.closing(_open(options.db)) as store:
        code, _ = store.run_sync(lambda tx: make_code(tx, site=options.site, made_by="command"))
    link = f"{options.origin}/#enrol={code}" if options.origin else code
    print(f"{link}   (once, within 10 minutes)")
    return OK


def _backup(options: argparse.Namespace) -> int:
    import server.modules  # noqa: F401  registers all tables
    from server.store.backup import BackupProblem, backup

    try:
        backup(options.db, blobs_folder(), options.folder, keys_folder())
    except BackupProblem as problem:
        print(problem, file=sys.stderr)
        return UNUSABLE
    print(f"backed up to {options.folder}")
    return OK


def _restore(options: argparse.Namespace) -> int:
    import server.modules  # noqa: F401  registers all tables
    from server.store.backup import BackupProblem, restore
    from server.store.writer import now_ms

    try:
        epoch = restore(options.folder, options.db, blobs_folder(), now_ms(), keys_folder())
    except BackupProblem as problem:
        print(problem, file=sys.stderr)
        return UNUSABLE
    print(f"restored; the site's new life is {epoch}; devices hand in again what is missing")
    return OK


def _serve(options: argparse.Namespace) -> int:
    from server.app import create_app
    from server.settings import WeakSettings, from_environment

    try:
        settings = from_environment(os.environ)
    except WeakSettings as problem:
        print(problem, file=sys.stderr)
        return UNUSABLE
    store = _open(settings.url)
    if not evidence_commands.can_sign(store):
        return UNUSABLE
    tls = (options.cert, options.key) if options.cert else None
    asyncio.run(_run(create_app(settings, store), options.host, options.port, tls))
    return OK


def _demo(options: argparse.Namespace) -> int:
    import server.modules  # noqa: F401  registers operations and tables
    from server.demo.opening import NotADemo, open_site, open_store
    from server.demo.terminal import welcome

    try:
        store = open_store(options.data, fresh=options.fresh)
    except NotADemo as problem:
        print(problem, file=sys.stderr)
        return UNUSABLE
    made = open_site(store)
    tls, origins = _lan(options) if options.lan else (None, _local(options.port))
    print(welcome(made, origins[0]), flush=True)
    host = "0.0.0.0" if options.lan else "127.0.0.1"  # noqa: S104  asked for by --lan
    settings = _demo_settings(options.data, store.url, origins)
    asyncio.run(_run_demo(settings, store, host, options, tls, origins[0]))
    return OK


def _local(port: int) -> list[str]:
    from server.web import local_origins

    return sorted(local_origins(port), key=lambda origin: "localhost" not in origin)


def _lan(options: argparse.Namespace) -> tuple[tuple[Path, Path], list[str]]:
    """Certificate and origins, likeliest first; tells a phone's owner what to do."""
    from server.demo.trust import CA_PATH, serve_trust
    from server.lan import lan_addresses, machine_name, make_trust
    from server.lan_steps import terminal_steps, trust_page

    addresses, name = lan_addresses(), machine_name()
    trust = make_trust(options.data / "lan", name, addresses, now=datetime.now(UTC))
    hosts = [*addresses, name, "localhost", "127.0.0.1"]
    origins = list(dict.fromkeys(f"https://{host}:{options.port}" for host in hosts))
    plain = f"http://{hosts[0]}:{options.port + 1}"
    page = trust_page(trust, site_url=origins[0], ca_url=plain + CA_PATH)
    serve_trust("0.0.0.0", options.port + 1, page, trust.ca_der)  # noqa: S104  asked for by --lan
    colour = sys.stdout.isatty()
    print(terminal_steps(trust, page_url=plain, language="en", colour=colour))
    return (trust.cert_path, trust.key_path), origins


def _demo_settings(folder: Path, url: str, origins: Sequence[str]) -> "Settings":
    from server.mailing.null import NullMail
    from server.settings import Settings

    return Settings(
        url=url,
        blobs=folder / "blobs",
        origins=frozenset(origins),
        demo=True,
        mail=NullMail(),
    )


async def _run_demo(
    settings: "Settings",
    store: "Store",
    host: str,
    options: argparse.Namespace,
    tls: tuple[Path, Path] | None,
    origin: str,
) -> None:
    from server.app import create_app
    from server.demo.api import HANDLERS
    from server.demo.terminal import links_on_enter
    from server.demo.trickle import trickle

    chance = Random()  # noqa: S311  decides what is ordered, nothing secret
    arriving = asyncio.create_task(trickle(store, settings.site, options.orders_per_minute, chance))
    links_on_enter(store, settings.site, origin)
    try:
        await _run(create_app(settings, store, HANDLERS), host, options.port, tls)
    finally:
        arriving.cancel()


async def _run(app: "App", host: str, port: int, tls: tuple[Path, Path] | None) -> None:
    import uvicorn

    from server.web.listening import configure

    await uvicorn.Server(configure(app, host, port, tls)).serve()
