"""The pack over HTTP: for desks alone; keys and verifier for everybody."""

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.documents.pack.page import verifier_page
from server.documents.pack.verifying import verify
from server.pod.checks import CHECKS
from server.store.site_keys import thumbprint
from tests.asked import Asked, asking, code_of
from tests.evidence_work import disputed, unpacked
from tests.floor_site import build, order
from tests.stores import open_store

pytestmark = pytest.mark.anyio
KEYS, VERIFIER = "/.well-known/dockhand-keys.json", "/.well-known/dockhand-verify.html"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        async with asking(store, tmp_path) as asked:
            yield asked


async def test_customer_service_takes_a_pack_and_a_stranger_checks_it(site: Asked) -> None:
    made = await _disputed(site)
    desk = site.browser("service")
    answer = await desk.ask("GET", f"/documents/orders/{made}/evidence.zip")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="evidence-')
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "content-encoding" not in answer.headers
    told = (await site.http.get(KEYS)).json()
    assert not any(verify(unpacked(answer.content), told["current"]).values())
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        assert pack.testzip() is None
        assert {entry.date_time for entry in pack.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    again = await desk.ask("GET", f"/documents/orders/{made}/evidence.zip")
    assert again.content == answer.content


async def _disputed(site: Asked) -> str:
    import anyio

    return (await anyio.to_thread.run_sync(disputed, site.store)).order


async def test_a_pack_is_for_the_desks_of_this_site(site: Asked) -> None:
    made = await _disputed(site)
    path = f"/documents/orders/{made}/evidence.zip"
    assert (await site.http.get(path)).status_code == 401
    for role in ("picker", "packer", "driver"):
        assert (await site.browser(role).ask("GET", path)).status_code == 403
    for role in ("supervisor", "service", "admin"):
        assert (await site.browser(role).ask("GET", path)).status_code == 200
    stranger = site.browser("admin", "other")
    theirs = await stranger.ask("GET", path)
    nobody = await stranger.ask("GET", "/documents/orders/none/evidence.zip")
    assert theirs.status_code == nobody.status_code == 404
    assert theirs.content == nobody.content


async def test_before_the_first_record_there_is_no_pack(site: Asked) -> None:
    made = order(site.store, "R-9", MUG=1)
    desk = site.browser("service")
    answer = await desk.ask("GET", f"/documents/orders/{made}/evidence.zip")
    assert (answer.status_code, code_of(answer)) == (409, "no_evidence_yet")


async def test_everybody_may_have_the_public_keys_and_nobody_a_private_one(site: Asked) -> None:
    answer = await site.http.get(KEYS)
    assert answer.status_code == 200
    told = answer.json()
    (key,) = told["keys"]
    assert told["current"] == key["kid"] == thumbprint(key) == site.store.signer().kid
    assert set(key) == {*("kty", "crv", "x", "y", "kid", "use", "alg", "made_at", "by", "voucher")}
    site.store.keys.rotate(site.store.clock() + 1)
    told = (await site.http.get(KEYS)).json()
    assert [k["kid"] == told["current"] for k in told["keys"]] == [False, True]


async def test_everybody_may_have_the_verifier_and_keeps_it_as_a_file(site: Asked) -> None:
    answer = await site.http.get(VERIFIER)
    assert answer.content == verifier_page()
    assert answer.headers["content-disposition"] == 'attachment; filename="verify.html"'
    page = answer.text
    assert "default-src 'none'" in page
    assert "connect-src" not in page
    for sign in ("http://", "https://", "src=", "fetch(", "innerHTML"):
        assert sign not in page.replace("http://www.w3.org/2000/svg", ""), sign


async def test_the_story_answers_eight_questions_about_each_proof(site: Asked) -> None:
    made = await _disputed(site)
    desk = site.browser("service")
    told = (await desk.ask("GET", f"/api/orders/{made}")).json()
    proofs = [m["proof"] for m in told["story"] if m["proof"]]
    fine = dict.fromkeys(CHECKS, "ok")
    assert len(CHECKS) == 8
    mended = fine | {"newest": "rival"}
    assert [p["checks"] for p in proofs] == [mended, mended, fine]
    assert [p["countersigned"]["n"] for p in proofs] == [1, 3, 4]
    assert {p["countersigned"]["key"] for p in proofs} == {site.store.signer().kid}
    assert told["unproven"] == []


async def test_a_stop_without_its_proof_is_asked_for_in_the_story(site: Asked) -> None:
    made = await _disputed(site)

    def lose(tx: object) -> None:
        tx.conn.exec_driver_sql("DELETE FROM proof")  # type: ignore[attr-defined]

    site.store.run_sync(lose)
    told = (await site.browser("service").ask("GET", f"/api/orders/{made}")).json()
    assert told["unproven"] == [told["stops"][0]["id"]]
