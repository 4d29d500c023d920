"""The composition root: settings and modules in, one ASGI app out. Nobody imports this but the
command line and tests."""

import asyncio
import contextlib
import gc
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

import server.modules  # noqa: F401  registers operations, rows, reactions and tables
from server import static, web
from server.auth import access
from server.auth import api as auth_api
from server.auth.live import RECHECK_SECONDS, Live
from server.board import api as board_api
from server.board import cases_api
from server.board.sweep import sweep
from server.documents import api as documents_api
from server.documents import label_api
from server.documents.pack import api as pack_api
from server.documents.printing.port import NullPrinter
from server.documents.printing.raw_tcp import RawTcp
from server.documents.printing.spooler import Spooler
from server.documents.report_sheet import report_sheet
from server.documents.trade import api as trade_api
from server.exceptions import chasing
from server.insights.epcis import api as epcis_api
from server.insights.measures import api as measures_api
from server.insights.measures.following import Follower
from server.insights.reports import api as reports_api
from server.insights.reports.sending import ReportMail
from server.insights.self_check import SelfCheck
from server.insights.trail import api as trail_api
from server.notices import api as notices_api
from server.notices import due as notices_due
from server.notices.channels.edi import EdiFolder
from server.notices.channels.mail import MailChannel
from server.notices.channels.port import Channel
from server.notices.channels.push import WebPush, site_key
from server.notices.channels.sms import SmsGateway
from server.notices.edi.inbox import read_inbox
from server.notices.sender import Sender
from server.orders import api as orders_api
from server.orders import promises
from server.orders.links import key_in
from server.orders.priorities import reprioritise_all
from server.picking.planner import Planner
from server.pod import api as pod_api
from server.pod import pins
from server.pod.carriers import api as carriers_api
from server.pod.carriers.polling import Poller
from server.pod.run_planner import TELL_S, RunPlanner, tell_overdue
from server.settings import Settings
from server.store import blobs
from server.store.sealer import Sealer
from server.store.store import Store
from server.store.worker import Worker
from server.survey import api as survey_api
from server.sync import api as sync_api
from server.sync import blobs_api, health
from server.sync.admission import Admission
from server.sync.hub import Hub
from server.sync.presence import Presence
from server.track import api as track_api
from server.track import push
from server.web.asgi import OWN_COMPRESSION, App

HOUR, MINUTE = 3600.0, 60.0
SEAL_SECONDS = 1.0
MEASURE_SECONDS = 2.0
PINS_S = 10.0
BOARD_S = 10.0
CHASE_S = 5.0
INBOX_S = 10.0
_SCHEMA = OpenAPIConfig(
    title="Dockhand", version="0.1.0", path="/api/schema", render_plugins=[JsonRenderPlugin()]
)
"""For those who try the demo; a site that works does not describe itself to strangers."""
SWITCH_S = 0.0005
"""A reading thread lends the interpreter to the event loop, which asks for it after each system
call, so soon; Python's own 5 ms would be added to one frame after the other."""

HANDLERS: tuple[Any, ...] = (
    sync_api.sync,
    sync_api.live_sync,
    health.health,
    auth_api.router,
    blobs_api.router,
    board_api.router,
    cases_api.router,
    carriers_api.router,
    documents_api.router,
    label_api.router,
    trade_api.router,
    *track_api.handlers,
    *push.handlers,
    *survey_api.handlers,
    *pack_api.HANDLERS,
    epcis_api.export,
    reports_api.router,
    trail_api.router,
    measures_api.router,
    pod_api.router,
    notices_api.router,
    orders_api.router,
)


def create_app(settings: Settings, store: Store, extra: Sequence[Any] = ()) -> App:
    """`extra`: handlers that only this start needs (the demo's page)."""
    web.refuse_debug(os.environ, developing=False)
    hub, live, presence = Hub(store), Live(), Presence(store)
    node = f"{socket.gethostname()}/{os.getpid()}"
    sealer = Sealer(store)
    notices = _notices(settings, store, node)
    reports = ReportMail(store, node, settings.mail, report_sheet)
    house_keeping = _house_keeping(store, live, sealer, Follower(store), settings.edi)
    workers = (*_workers(store, node), notices, reports, *house_keeping)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await store.open()
        await asyncio.to_thread(store.signer)  # a site that cannot sign is told so at its start
        hub.start()
        for worker in workers:
            worker.start()
        # What start-up made stays: to walk through it again stops every answer for some 80 ms.
        gc.collect()
        gc.freeze()
        sys.setswitchinterval(SWITCH_S)
        try:
            yield
        finally:
            for worker in workers:
                await worker.stop()
            await hub.stop()
            await presence.stop()
            with contextlib.suppress(OSError):  # the keys' folder is gone: the chain still holds
                await sealer.sign()
            await store.aclose()
            gc.unfreeze()

    app = Litestar(
        [*HANDLERS, *static.handlers(settings.static), *extra],
        dependencies=access.dependencies,
        exception_handlers=web.exception_handlers,
        request_max_body_size=web.JSON_LIMIT,
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=5, exclude_opt_key=OWN_COMPRESSION
        ),
        openapi_config=_SCHEMA if settings.demo else None,
        lifespan=[lifespan],
    )
    app.state.store, app.state.hub, app.state.live = store, hub, live
    app.state.presence, app.state.settings = presence, settings
    app.state.mail, app.state.reports, app.state.notices = settings.mail, reports, notices
    app.state.tracking = track_api.Tracking(store)
    app.state.admission, app.state.watch = Admission(), health.Watch(store)
    return web.wrap(app, web.WebSettings(origins=settings.origins))


def _workers(store: Store, node: str) -> tuple[Worker, ...]:
    return (
        Planner(store, node),
        RunPlanner(store, node),
        Worker("arrivals", lambda: tell_overdue(store), TELL_S),
        Spooler(store, node, {"network": RawTcp(), "null": NullPrinter()}),
        Poller(store, node),
        SelfCheck(store),
    )


def _notices(settings: Settings, store: Store, node: str) -> Sender:
    channels: dict[str, Channel] = {
        "mail": MailChannel(settings.mail),
        "sms": SmsGateway(settings.sms_token),
        "push": WebPush(lambda: site_key(store.keys.folder)),
        "edi": EdiFolder(settings.edi),
    }
    return Sender(store, node, channels, settings.origin)


def _house_keeping(
    store: Store, live: Live, sealer: Sealer, follower: Follower, edi: Path
) -> Iterator[Worker]:
    """None of it right at the start."""
    jobs: tuple[tuple[str, float, Callable[[], Awaitable[object]]], ...] = (
        ("sessions", RECHECK_SECONDS, lambda: live.recheck(store)),
        ("audit seal", SEAL_SECONDS, sealer.seal),
        ("measures", MEASURE_SECONDS, follower.follow),
        ("cases", CHASE_S, lambda: _chase(store)),
        ("board", BOARD_S, lambda: sweep(store)),
        ("order PINs", PINS_S, lambda: _issue_pins(store)),
        ("notices ahead", MINUTE, lambda: notices_due.look(store)),
        ("EDI inbox", INBOX_S, lambda: read_inbox(store, edi)),
        ("orphaned blobs", HOUR, lambda: blobs.collect_orphans(store)),
        ("priorities", HOUR, lambda: store.run(reprioritise_all)),
        ("promises", HOUR, lambda: _learn(store)),
    )
    for name, seconds, work in jobs:
        yield Worker(name, work, seconds, first_s=seconds)


async def _learn(store: Store) -> None:
    """Once a day: most of the time there is nothing new."""
    now = store.clock()
    if await store.read(lambda conn: promises.unlearned(conn, now)):
        await store.run(promises.learn_all)


async def _issue_pins(store: Store) -> None:
    """Looks before it writes: most of the time nobody lacks one."""
    if await store.read(pins.lacking):
        key = key_in(store.keys.folder)
        await store.run(lambda tx: pins.issue_lacking(tx, key))


async def _chase(store: Store) -> None:
    """Looks before it writes: most of the time nobody's time has run out."""
    now = store.clock()
    if await store.read(lambda conn: chasing.due_sites(conn, now)):
        await store.run(chasing.chase)
