"""The calls of `docs/protocol.md`, section Identity, and the administrator's."""

from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from server.auth import enrol, keys, people, pins, rules, sessions, signin
from server.auth.access import AnyRequest, ByDevice, ByGrant, require, store_of
from server.auth.grants import Grant
from server.auth.live import Live
from server.kernel.errors import Refusal
from server.kernel.values import Code, Id, Name, Role
from server.store.tx import Tx
from server.web import error_response
from server.web.qr import qr_rows

DESK = require(Role.SUPERVISOR, Role.ADMIN)


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class CodeWanted(_Body, frozen=True, kw_only=True):
    site: Id


class Enrolment(_Body, frozen=True, kw_only=True):
    code: Annotated[str, Meta(min_length=8, max_length=16)]
    name: Name
    key: keys.PublicKey


class ChallengeWanted(_Body, frozen=True, kw_only=True):
    device: Id


class Proof(_Body, frozen=True, kw_only=True):
    device: Id
    nonce: Annotated[str, Meta(max_length=64)]
    signature: Annotated[str, Meta(max_length=128)]


Pin = Annotated[str, Meta(min_length=6, max_length=12, pattern=rules.PIN_PATTERN)]


class Credentials(_Body, frozen=True, kw_only=True):
    badge: Code
    pin: Pin


class SignOut(_Body, frozen=True, kw_only=True):
    sid: Id


class NewPerson(_Body, frozen=True, kw_only=True):
    name: Name
    badge: Code
    role: Role
    pin: Pin
    lang: Annotated[str, Meta(pattern=r"^(en|zh-Hans|zh-Hant)$")] = "en"


class NewPin(_Body, frozen=True, kw_only=True):
    pin: Pin


class CodeMade(msgspec.Struct, frozen=True):
    """`qr`: rows of 0/1 modules, quiet zone included, of a symbol that carries `url`."""

    code: str
    expires: int
    url: str
    qr: list[str]


class Enrolled(msgspec.Struct, frozen=True):
    device: str
    site: str
    epoch: str


class Challenge(msgspec.Struct, frozen=True):
    nonce: str


class Done(msgspec.Struct, frozen=True):
    ok: bool = True


class Me(msgspec.Struct, frozen=True):
    device: str
    site: str
    epoch: str
    now: int


class PersonMade(msgspec.Struct, frozen=True):
    person: str


def _by(grant: Grant) -> people.By:
    return people.By(grant.person, grant.role, grant.device)


def _live(request: AnyRequest) -> Live:
    live: Live = request.app.state.live
    return live


@post("/codes", guards=[DESK], status_code=200)
async def make_code(request: AnyRequest, data: JSONBody[CodeWanted], grant: ByGrant) -> CodeMade:
    if data.site != grant.site:
        raise Refusal("not_allowed", field="site", value=data.site)
    code, expires = await store_of(request).run(
        lambda tx: enrol.make_code(tx, site=grant.site, made_by=grant.person)
    )
    url = f"{request.headers.get('origin', '')}/#enrol={code}"
    return CodeMade(code, expires, url, qr_rows(url))


@post("/enrol", status_code=200)
async def enrol_device(request: AnyRequest, data: JSONBody[Enrolment]) -> Response[Enrolled]:
    store = store_of(request)
    key = keys.check_key(data.key)

    def job(tx: Tx) -> tuple[str, str, str]:
        device, site = enrol.do_enrol(tx, code=data.code, name=data.name, key=key)
        return device, site, sessions.open_session(tx, device)

    device, site, token = await store.run(job)
    return Response(Enrolled(device, site, store.epoch), cookies=[sessions.cookie(token)])


@post("/challenge", status_code=200)
async def challenge(request: AnyRequest, data: JSONBody[ChallengeWanted]) -> Challenge:
    return Challenge(await store_of(request).run(lambda tx: enrol.make_challenge(tx, data.device)))


@post("/device", status_code=200)
async def prove_device(request: AnyRequest, data: JSONBody[Proof]) -> Response[Any]:
    """A revoked device is told so, yet given a session: with it the exchange takes what it holds
    into quarantine, and everything else refuses it."""
    store = store_of(request)
    found = await store.run(lambda tx: enrol.spend_challenge(tx, data.device, data.nonce))
    message = enrol.SIGNED_PREFIX + data.nonce
    if found is None or not keys.signed(found.key, message, data.signature):
        raise Refusal("bad_signature", mend="ask for a new challenge, or enrol the device")
    token = await store.run(lambda tx: sessions.open_session(tx, data.device))
    answer: Response[Any] = error_response("revoked") if found.revoked else Response(Done())
    answer.set_cookie(sessions.cookie(token))
    return answer


@post("/signin", status_code=200)
async def sign_in(
    request: AnyRequest, data: JSONBody[Credentials], device: ByDevice
) -> Response[signin.SignedIn]:
    made, token, ended = await signin.sign_in(
        store_of(request), device, data.badge.strip(), data.pin
    )
    _live(request).close_grants(ended)
    return Response(made, cookies=[sessions.cookie(token)])


@post("/signout", status_code=200)
async def sign_out(request: AnyRequest, data: JSONBody[SignOut], device: ByDevice) -> Done:
    """Ending what has ended already, or another device's grant, is no error and no effect."""
    ended = await store_of(request).run(lambda tx: signin.end_grants(tx, device.device, data.sid))
    _live(request).close_grants(ended)
    return Done()


@get("/me")
async def me(request: AnyRequest, device: ByDevice) -> Response[Me]:
    """Asked at every start of the app: here the session's thirty days begin anew."""
    store = store_of(request)
    now = store.clock()
    answer = Response(Me(device.device, device.site, store.epoch, now))
    if sessions.wants_prolonging(device, now):
        await store.run(lambda tx: sessions.prolong(tx, device))
        answer.set_cookie(sessions.cookie(request.cookies[sessions.COOKIE]))
    return answer


@post("/people", guards=[require(Role.ADMIN)], status_code=200)
async def add_person(request: AnyRequest, data: JSONBody[NewPerson], grant: ByGrant) -> PersonMade:
    if data.role is Role.SYSTEM:
        raise Refusal("not_allowed", field="role", value=data.role)
    pin_hash = await pins.hash_later(data.pin)
    made = await store_of(request).run(
        lambda tx: people.add_person(
            tx,
            site=grant.site,
            name=data.name,
            badge=data.badge.strip(),
            role=data.role,
            pin_hash=pin_hash,
            lang=data.lang,
            by=_by(grant),
        )
    )
    return PersonMade(made)


@post("/people/{person_id:str}/pin", guards=[DESK], status_code=200)
async def set_pin(
    request: AnyRequest, person_id: FromPath[str], data: JSONBody[NewPin], grant: ByGrant
) -> Done:
    pin_hash = await pins.hash_later(data.pin)
    await store_of(request).run(
        lambda tx: people.set_pin(tx, grant.site, person_id, pin_hash, _by(grant))
    )
    return Done()


@post("/people/{person_id:str}/unlock", guards=[DESK], status_code=200)
async def unlock(request: AnyRequest, person_id: FromPath[str], grant: ByGrant) -> Done:
    await store_of(request).run(lambda tx: people.do_unlock(tx, grant.site, person_id, _by(grant)))
    return Done()


@post("/people/{person_id:str}/revoke", guards=[DESK], status_code=200)
async def revoke_person(request: AnyRequest, person_id: FromPath[str], grant: ByGrant) -> Done:
    store = store_of(request)
    await store.run(lambda tx: people.do_revoke_person(tx, grant.site, person_id, _by(grant)))
    await _live(request).recheck(store)
    return Done()


@post("/devices/{device_id:str}/revoke", guards=[DESK], status_code=200)
async def revoke_device(request: AnyRequest, device_id: FromPath[str], grant: ByGrant) -> Done:
    await store_of(request).run(
        lambda tx: people.do_revoke_device(tx, grant.site, device_id, _by(grant))
    )
    _live(request).close_device(device_id)
    return Done()


router = Router(
    path="/auth",
    route_handlers=[
        make_code,
        enrol_device,
        challenge,
        prove_device,
        sign_in,
        sign_out,
        me,
        add_person,
        set_pin,
        unlock,
        revoke_person,
        revoke_device,
    ],
)
