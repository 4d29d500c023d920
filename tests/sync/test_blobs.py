"""Photos and signatures on the tus wire: what is sent arrives once, whole and checked."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.kernel.errors import Unavailable
from server.store import blob_files, blobs
from server.store.store import Store
from tests.asked import ORIGIN, Asked, asking, code_of
from tests.stores import open_store
from tests.sync.blob_wire import CHUNK, STROKES, add, declare, jpeg, send, sha, signature

pytestmark = pytest.mark.anyio
PHOTO = jpeg(1000, 700, quality=90)
NAME = sha(PHOTO)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store("sqlite", tmp_path) as store:
        async with asking(store, tmp_path) as asked:
            yield asked


def files(store: Store) -> list[str]:
    return sorted(p.name for p in store.blobs.rglob("*") if p.is_file())


async def state(asked: Asked, name: str = NAME) -> tuple[str | None, str | None]:
    answer = await asked.browser("driver").ask("HEAD", f"/blobs/{name}")
    return answer.headers.get("x-state"), answer.headers.get("upload-offset")


async def test_a_photo_arrives_in_chunks_and_its_very_bytes_are_kept(site: Asked) -> None:
    driver = site.browser("driver")
    assert len(PHOTO) > 3 * CHUNK
    created = await declare(driver, PHOTO)
    assert (created.status_code, created.headers["location"]) == (201, f"/blobs/{NAME}")
    assert (await send(driver, PHOTO)).status_code == 204
    done = await driver.ask("HEAD", f"/blobs/{NAME}")
    assert done.status_code == 200
    assert done.headers["x-state"] == "complete"
    assert done.headers["upload-offset"] == done.headers["upload-length"] == str(len(PHOTO))
    kept = blobs.file_of(site.store, "main", NAME)
    assert kept.whole.read_bytes() == PHOTO
    assert files(site.store) == [f"{NAME}.bin", f"{NAME}.jpg"]


async def test_it_goes_on_from_wherever_the_network_went(site: Asked) -> None:
    driver = site.browser("driver")
    cuts = {b + d for b in range(0, len(PHOTO), CHUNK) for d in (-1, 0, 1)}
    cuts = {c for c in cuts if 0 < c < len(PHOTO)}
    await declare(driver, PHOTO)
    at = 0
    for cut in [*sorted(cuts), len(PHOTO)]:
        told = await driver.ask("HEAD", f"/blobs/{NAME}")
        assert (told.headers["x-state"], told.headers["upload-offset"]) == ("partial", str(at))
        answer = await add(driver, NAME, at, PHOTO[at:cut])
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(cut))
        at = cut
    assert await state(site) == ("complete", str(len(PHOTO)))


async def test_what_came_of_a_chunk_before_the_cut_need_not_be_sent_again(site: Asked) -> None:
    driver = site.browser("driver")
    await declare(driver, PHOTO)
    arriving = [{"type": "http.request", "body": PHOTO[:7000], "more_body": True}]

    async def receive() -> dict[str, Any]:
        return arriving.pop() if arriving else {"type": "http.disconnect"}

    async def send_nowhere(_message: Any) -> None:
        pass

    headers = {
        "host": "localhost:8000",
        "origin": ORIGIN,
        "x-dockhand": "1",
        "cookie": driver.cookie,
        "content-type": "application/offset+octet-stream",
        "content-length": str(CHUNK),
        "upload-offset": "0",
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PATCH",
        "scheme": "http",
        "path": f"/blobs/{NAME}",
        "raw_path": f"/blobs/{NAME}".encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }
    await site.app(scope, receive, send_nowhere)
    assert await state(site) == ("partial", "7000")


async def test_a_chunk_sent_twice_or_astray_conflicts_and_spoils_nothing(site: Asked) -> None:
    driver = site.browser("driver")
    await declare(driver, PHOTO)
    first, second = PHOTO[:CHUNK], PHOTO[CHUNK : 2 * CHUNK]
    assert (await add(driver, NAME, 0, first)).status_code == 204
    for offset, piece in ((0, first), (2 * CHUNK, second), (CHUNK - 1, second)):
        answer = await add(driver, NAME, offset, piece)
        assert (answer.status_code, code_of(answer)) == (409, "wrong_offset")
        assert answer.json()["error"]["data"] == {"have": CHUNK}
    assert (await add(driver, NAME, CHUNK, PHOTO[CHUNK : CHUNK * 2])).status_code == 204
    last = None
    for offset in range(2 * CHUNK, len(PHOTO), CHUNK):
        last = await add(driver, NAME, offset, PHOTO[offset : offset + CHUNK])
    again = await add(driver, NAME, len(PHOTO) - 1, PHOTO[-1:])
    assert last is not None
    assert (last.status_code, again.status_code) == (204, 204)
    assert again.headers["upload-offset"] == str(len(PHOTO))


async def test_senders_at_once_cannot_write_over_each_other(site: Asked) -> None:
    senders = [site.browser("driver") for _ in range(4)]
    await asyncio.gather(*(declare(s, PHOTO) for s in senders))

    async def push(sender: int) -> None:
        who = senders[sender]
        while True:
            told = await who.ask("HEAD", f"/blobs/{NAME}")
            if told.headers["x-state"] == "complete":
                return
            at = int(told.headers["upload-offset"])
            size = 40_000 + sender * 11_111
            answer = await add(who, NAME, at, PHOTO[at : at + size])
            assert answer.status_code in (204, 409), answer.text

    await asyncio.wait_for(asyncio.gather(*(push(i) for i in range(4))), 60)
    assert blobs.file_of(site.store, "main", NAME).whole.read_bytes() == PHOTO


async def test_wrong_bytes_are_told_and_the_upload_starts_again(site: Asked) -> None:
    driver = site.browser("driver")
    await declare(driver, PHOTO)
    spoilt = PHOTO[:-1] + bytes([PHOTO[-1] ^ 1])
    assert (await add(driver, NAME, 0, spoilt)).status_code == 460
    assert await state(site) == ("partial", "0")
    assert (await add(driver, NAME, 0, PHOTO)).status_code == 204
    assert (await state(site))[0] == "complete"


async def test_what_is_there_already_is_not_sent_again_by_another_device(site: Asked) -> None:
    await send(site.browser("driver"), PHOTO)
    answer = await declare(site.browser("driver"), PHOTO)
    assert (answer.status_code, answer.headers["x-state"]) == (200, "complete")


async def test_another_site_neither_sees_it_nor_gets_it_for_naming_it(site: Asked) -> None:
    await send(site.browser("driver"), PHOTO)
    stranger = site.browser("supervisor", "other")
    for method in ("GET", "HEAD", "PATCH"):
        theirs = await stranger.ask(method, f"/blobs/{NAME}", upload_offset="0")
        nobody = await stranger.ask(method, f"/blobs/{'0' * 64}", upload_offset="0")
        assert theirs.status_code == nobody.status_code == 404
        assert theirs.content.replace(NAME.encode(), b"0" * 64) == nobody.content
        assert "etag" not in theirs.headers
        assert "upload-length" not in theirs.headers
    assert (await declare(stranger, PHOTO)).status_code == 201
    assert (await stranger.ask("GET", f"/blobs/{NAME}")).status_code == 404
    assert (await send(stranger, PHOTO)).status_code == 204
    assert (await stranger.ask("GET", f"/blobs/{NAME}")).status_code == 200


async def test_only_desks_and_the_sender_look_at_it(site: Asked) -> None:
    driver = site.browser("driver")
    await send(driver, PHOTO)
    path = f"/blobs/{NAME}"
    assert (await site.http.get(path)).status_code == 401
    assert (await site.http.head(path)).status_code == 401
    assert (await driver.ask("GET", path, signed=False)).status_code == 200
    other = site.browser("driver")
    assert (await other.ask("GET", path, signed=False)).status_code == 401
    assert (await other.ask("GET", path)).status_code == 403
    assert (await other.ask("GET", f"/blobs/{'0' * 64}")).status_code == 403
    for role in ("supervisor", "service", "admin"):
        desk = site.browser(role)
        assert (await desk.ask("GET", path)).status_code == 200
        assert (await desk.ask("GET", f"{path}?sid={desk.sid}", signed=False)).status_code == 200


@pytest.mark.parametrize("role", ["driver", "service"])
async def test_names_that_are_no_hash_are_not_found(site: Asked, role: str) -> None:
    who = site.browser(role)
    for name in ("..%2f..%2fsite.db", "%2e%2e", "A" * 64, "x" * 500, "%00", NAME + "0"):
        for method in ("GET", "HEAD", "PATCH"):
            answer = await who.ask(method, f"/blobs/{name}", upload_offset="0")
            assert answer.status_code in (404, 403), (method, name)


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({}, "upload-length"),
        ({"upload_length": "-1"}, "upload-length"),
        ({"upload_length": "9" * 400}, "upload-length"),
        ({"upload_length": "5", "upload_metadata": "sha256 ***"}, "upload-metadata"),
        ({"upload_length": "5", "upload_metadata": "sha256 eA=="}, "sha256"),
    ],
)
async def test_a_bad_declaration_names_its_field(
    site: Asked, headers: dict[str, str], field: str
) -> None:
    answer = await site.browser("driver").ask("POST", "/blobs", b"", True, **headers)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


async def test_sizes_and_types_are_bounded(site: Asked) -> None:
    driver = site.browser("driver")
    assert (await declare(driver, b"x", size=blobs.MAX_BYTES + 1)).status_code == 413
    assert (await declare(driver, b"x", size=0)).status_code == 400
    for mime in ("image/svg+xml", "text/html", "image/gif", "application/json"):
        answer = await declare(driver, b"x", mime)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, "mime")
    await declare(driver, PHOTO)
    assert (await add(driver, NAME, 0, bytes(2**20 + 1))).status_code == 413
    assert (await add(driver, NAME, 0, PHOTO + b"x")).status_code == 413
    assert (await add(driver, NAME, -1, b"x")).status_code == 400
    json = await driver.ask("PATCH", f"/blobs/{NAME}", content_type="application/json")
    assert json.status_code == 415
    assert await state(site) == ("partial", "0")


async def test_a_signature_is_kept_as_strokes_and_shown_as_a_picture(site: Asked) -> None:
    driver, drawn = site.browser("driver"), signature()
    assert (await send(driver, drawn, STROKES)).status_code == 204
    path = f"/blobs/{sha(drawn)}"
    assert (await driver.ask("GET", path)).content == drawn
    picture = await driver.ask("GET", f"{path}?as=svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox; default-src 'none'" in picture.headers.get_list("content-security-policy")
    assert b'd="M1200 900L5200 2100"' in picture.content


@pytest.mark.parametrize(
    "strokes",
    [
        [],
        [[]],
        {"x": 1},
        [[{"x": -1, "y": 0, "t": 0}]],
        [[{"x": 10_001, "y": 0, "t": 0}]],
        [[{"x": 0, "y": 5_001, "t": 0}]],
        [[{"x": 0.5, "y": 0, "t": 0}]],
        [[{"x": 1, "y": 0}]],
        [[{"x": "1", "y": 0, "t": 0}]],
        [[{"x": 1, "y": 0, "t": 0, "onload": "alert(1)"}]],
        [[{"x": 1, "y": 1, "t": 0}]] * 501,
    ],
)
async def test_strokes_that_are_none_are_refused_for_good(site: Asked, strokes: object) -> None:
    driver, drawn = site.browser("driver"), signature(strokes)
    answer = await send(driver, drawn, STROKES)
    assert (answer.status_code, code_of(answer)) == (400, "bad_strokes")
    assert code_of(await declare(driver, drawn, STROKES)) == "bad_strokes"
    assert files(site.store) == []


async def test_a_crash_between_the_last_byte_and_its_check_heals_itself(site: Asked) -> None:
    driver = site.browser("driver")
    await declare(driver, PHOTO)
    blob_files.append(blobs.file_of(site.store, "main", NAME), 0, PHOTO)
    assert await state(site) == ("complete", str(len(PHOTO)))


async def test_a_crash_between_the_file_and_its_row_heals_itself(site: Asked) -> None:
    driver = site.browser("driver")
    await declare(driver, PHOTO)
    file = blobs.file_of(site.store, "main", NAME)
    blob_files.append(file, 0, PHOTO)
    with blob_files.open_part(file) as part:
        blob_files.seal(file, part)
    assert await state(site) == ("complete", str(len(PHOTO)))


async def test_parts_that_nobody_adds_to_for_a_day_are_forgotten(site: Asked) -> None:
    driver, fresh = site.browser("driver"), jpeg()
    for data in (PHOTO, fresh):
        await declare(driver, data)
        await add(driver, sha(data), 0, data[:1000])
    day_ago = site.store.clock() / 1000 - 86_401
    os.utime(blobs.file_of(site.store, "main", NAME).part, (day_ago, day_ago))
    assert await blobs.collect_orphans(site.store) == 1
    assert await state(site) == ("missing", None)
    assert await state(site, sha(fresh)) == ("partial", "1000")


async def test_photos_leave_room_on_the_disk_for_operations(
    site: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = site.browser("driver")
    await declare(driver, PHOTO)
    monkeypatch.setattr(blob_files, "HEADROOM", 2**62)
    answer = await add(driver, NAME, 0, PHOTO[:CHUNK])
    assert (answer.status_code, code_of(answer)) == (503, "busy")
    assert "retry-after" in answer.headers
    with pytest.raises(Unavailable):
        blob_files.check_room(site.store.blobs)
