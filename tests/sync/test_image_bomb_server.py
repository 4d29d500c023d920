"""Image bombs at a real server process: refused within a second, and it does not grow."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from tests.floor_site import Handheld, build
from tests.serving import Server, cookie_for
from tests.stores import open_store
from tests.sync import blob_wire as wire
from tests.sync.blob_wire import CHUNK, jpeg, sha

MOST_BYTES = 100 * 1024 * 1024
BOMBS = {"image/png": wire.png_bomb, "image/webp": wire.webp_bomb}


class Phone:
    """A driver's device on the wire."""

    def __init__(self, server: Server, handheld: Handheld, cookie: str) -> None:
        self.http = httpx.Client(
            base_url=server.base,
            timeout=60,
            headers={
                "cookie": cookie,
                "x-dockhand": "1",
                "x-sid": f"sid-{handheld.id}",
                "origin": server.base,
                "content-type": "application/offset+octet-stream",
            },
        )

    def send(self, data: bytes, mime: str) -> httpx.Response:
        """The answer to the last piece, or to the first that is refused."""
        told = {"sha256": sha(data), "mime": mime}
        metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())
        length = {"upload-length": str(len(data)), "upload-metadata": metadata}
        answer = self.http.post("/blobs", headers=length)
        for offset in range(0, len(data), CHUNK):
            if answer.status_code >= 400:
                break
            at = {"upload-offset": str(offset)}
            piece = data[offset : offset + CHUNK]
            answer = self.http.patch(f"/blobs/{sha(data)}", content=piece, headers=at)
        return answer


@contextmanager
def phone_at(folder: Path, *program: str) -> Iterator[tuple[psutil.Process, Phone]]:
    """A server, and a driver's phone that has sent it an honest photo."""
    with open_store("sqlite", folder) as store:
        build(store)
        driver = Handheld(store, "driver")
        running = Server(store.url, folder, program=program or ("tests.serving",)).start()
        try:
            phone = Phone(running, driver, cookie_for(store, driver.id))
            assert phone.send(jpeg(), "image/jpeg").status_code == 204
            assert running.process is not None
            yield psutil.Process(running.process.pid), phone
            phone.http.close()
        finally:
            running.stop()


def spent_s(process: psutil.Process) -> float:
    """CPU time of the server and of what it has started: a busy machine does not stretch it."""
    return float(sum(process.cpu_times()[:4]))


def peak_bytes(process: psutil.Process) -> int:
    """The most memory that the process has had since `forget_peak`."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def forget_peak(process: psutil.Process) -> None:
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")


def bombed(process: psutil.Process, phone: Phone, mime: str) -> None:
    forget_peak(process)
    before, began = process.memory_info().rss, spent_s(process)
    answer = phone.send(BOMBS[mime](), mime)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_image"), answer.text
    assert answer.json()["error"]["field"] == "pixels"
    assert peak_bytes(process) - before <= MOST_BYTES, "memory"
    assert spent_s(process) - began <= 1, "time"
    assert phone.send(jpeg(), "image/jpeg").status_code == 204, "and it goes on"


@pytest.mark.parametrize("mime", list(BOMBS))
def test_a_bomb_is_refused_within_a_second_and_the_server_does_not_grow(
    tmp_path: Path, mime: str
) -> None:
    with phone_at(tmp_path) as (process, phone):
        bombed(process, phone, mime)


def test_a_server_that_opens_pictures_itself_grows_by_what_they_say(tmp_path: Path) -> None:
    with (
        phone_at(tmp_path, "tests.e2e.sabotage", "picture_process") as (process, phone),
        pytest.raises(AssertionError, match="memory"),
    ):
        bombed(process, phone, "image/png")
