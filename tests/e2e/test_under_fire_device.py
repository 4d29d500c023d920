"""The handheld itself fails: killed, of another build, handed to somebody else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.e2e import sabotage
from tests.e2e.conftest import Device, Site
from tests.e2e.fire import (
    Line,
    all_sent,
    assert_at_rest,
    assert_picked_once,
    begin,
    pick_all,
    picked,
    red,
    scan_line,
    serve_without,
    take_next,
    twin,
)
from tests.floor_site import Handheld, table
from tests.floor_work import take

pytestmark = pytest.mark.faults
QUEUES = sorted((Path(__file__).parent / "queues").glob("*.json"))
TELL_BEEPS = """
  const real = Navigator.prototype.vibrate;
  Navigator.prototype.vibrate = function (pattern) {
    if (pattern.length === 1) window.beeped?.();
    return real.call(this, pattern);
  };
"""


def scan_and_wait(page: Page, lines: list[Line]) -> None:
    for line in lines:
        scan_line(page, line)
    page.wait_for_timeout(20_000)


def scan_until_killed(device: Device, page: Page, lines: list[Line], beeps: int) -> None:
    """Scan without ever looking at the screen; at so many beeps every process dies."""
    heard = 0

    def beeped() -> None:
        nonlocal heard
        heard += 1
        if heard == beeps:
            device.kill_processes()

    page.expose_function("beeped", beeped)
    with pytest.raises(Error):
        scan_and_wait(page, lines)
    device.kill()


def killed_while_scanning(site: Site, device: Device, kills: int) -> None:
    """Each line beeps twice: for its place and for its piece, which then is on the disk."""
    page = begin(device)
    take_next(page)
    lines = site.walk()[:-1]
    done = 0
    for kill in range(kills):
        confirmed = 1 + kill % 3
        scan_until_killed(device, page, lines[done:], beeps=2 * confirmed)
        page = device.open()
        page.goto(device.url)
        page.get_by_test_id("continue").click()
        assert picked(page) >= done + confirmed
        done = picked(page)
        expect(page.get_by_test_id("where")).to_contain_text(lines[done]["bin"])
    pick_all(page, lines[done:])
    all_sent(page)
    assert_picked_once(site, lines)
    assert_at_rest(site, page)


def test_a_browser_killed_six_times_while_scanning_keeps_what_it_beeped(
    site: Site, devices: Callable[..., Device]
) -> None:
    """After one, two and three lines, twice each."""
    site.long_order(24)
    device = devices()
    device.scripts.append(TELL_BEEPS)
    killed_while_scanning(site, device, kills=6)


@pytest.mark.soak
def test_a_browser_killed_twenty_times_while_scanning_keeps_what_it_beeped(
    site: Site, devices: Callable[..., Device]
) -> None:
    site.long_order(70)
    device = devices()
    device.scripts.append(TELL_BEEPS)
    killed_while_scanning(site, device, kills=20)


@twin
def test_a_store_that_says_done_before_the_disk_does_loses_what_it_beeped(
    site: Site, devices: Callable[..., Device]
) -> None:
    site.long_order(8)
    device = devices()
    device.scripts.append(TELL_BEEPS)
    device.take_out(sabotage.DONE_BEFORE_THE_DISK)
    with pytest.raises(AssertionError):
        killed_while_scanning(site, device, kills=1)


def signed_out_with_seven_unsent(site: Site, device: Device) -> None:
    site.long_order(8)
    page = begin(device)
    take_next(page)
    lines = site.walk()[:7]
    device.offline(True)
    pick_all(page, lines)
    page.goto(f"{device.url}/#/settings")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{device.url}/#/")
    expect(page.get_by_text("7 actions of earlier work will be sent by itself.")).to_be_visible()
    assert table(site.store, "SELECT * FROM movement WHERE why = 'pick'") == []
    device.offline(False)
    device.sign_in(page, "picker2")
    all_sent(page)
    by = table(site.store, "SELECT DISTINCT person FROM op WHERE kind = 'picking.confirm_pick'")
    assert by == [{"person": "picker"}], "under whose name"
    assert_picked_once(site, lines)
    found = assert_at_rest(site, page, who="picker2")
    assert not any(scope == "u:picker" for scope, _, _ in found.replica)


def test_work_of_a_person_who_has_signed_out_travels_under_their_name(
    site: Site, devices: Callable[..., Device]
) -> None:
    signed_out_with_seven_unsent(site, devices())


@twin
def test_a_server_that_asks_who_sends_takes_it_for_somebody_elses(
    site: Site, devices: Callable[..., Device]
) -> None:
    serve_without(site, "names")
    with red("under whose name"):
        signed_out_with_seven_unsent(site, devices())


PUT_QUEUE = """async ({stores, device}) => {
  const {subtle} = crypto;
  const keys = await subtle.generateKey(
    {name: "ECDSA", namedCurve: "P-256"}, false, ["sign", "verify"]);
  const secret = await subtle.generateKey({name: "HMAC", hash: "SHA-256"}, false, ["sign"]);
  const seal = await subtle.generateKey(
    {name: "AES-GCM", length: 256}, false, ["encrypt", "decrypt"]);
  const db = await new Promise(done => {
    const asked = indexedDB.open("dockhand", stores.version);
    asked.onupgradeneeded = () => {
      for (const store of stores.names) asked.result.createObjectStore(store);
    };
    asked.onsuccess = () => done(asked.result);
  });
  const tx = db.transaction(stores.names, "readwrite");
  for (const [store, key, value] of stores.records) tx.objectStore(store).put(value, key);
  tx.objectStore("meta").put({...device, keys, secret, seal}, "device");
  await new Promise(done => { tx.oncomplete = done; });
  db.close();
  return subtle.exportKey("jwk", keys.publicKey);
}"""


def old_queue(site: Site, file: Path, device: str, task: str) -> dict[str, Any]:
    """A queue as an older build has left it on the disk, with the names of this site filled in."""
    lines = site.walk()
    text = file.read_text()
    text = text.replace('"@NOW@"', str(site.store.clock()))
    names = {"DEVICE": device, "TASK": task, "EPOCH": site.store.epoch}
    for i, line in enumerate(lines):
        names |= {f"BIN{i + 1}": line["bin"], f"SKU{i + 1}": line["sku"]}
    for name, value in names.items():
        text = text.replace(f"@{name}@", value)
    found: dict[str, Any] = json.loads(text)
    return found


def open_on_an_old_queue(site: Site, device: Device, file: Path) -> Page:
    """The app's first start on a disk that another build has filled."""
    site.long_order(3)
    before = Handheld(site.store, "picker", "old-1")
    task = take(before, "pick")
    page = device.open()
    page.goto(f"{device.url}/icon.svg")
    queue = old_queue(site, file, before.id, task)
    record = {"device": before.id, "site": "main", "name": "Handheld"}
    key = page.evaluate(PUT_QUEUE, {"stores": queue, "device": record})
    public = json.dumps({name: key[name] for name in ("kty", "crv", "x", "y")})
    site.store.run_sync(
        lambda tx: tx.conn.exec_driver_sql(
            "UPDATE device SET public_key = ? WHERE id = ?", (public, before.id)
        )
    )
    page.goto(device.url)
    return page


def sent_by_this_build(site: Site, device: Device, file: Path) -> None:
    page = open_on_an_old_queue(site, device, file)
    all_sent(page)
    device.sign_in(page, "picker")
    assert_picked_once(site, site.walk())
    assert_at_rest(site, page)


@pytest.mark.parametrize("file", QUEUES, ids=lambda file: file.stem)
def test_a_queue_that_an_older_build_left_behind_is_sent(
    site: Site, devices: Callable[..., Device], file: Path
) -> None:
    sent_by_this_build(site, devices(), file)


@twin
def test_a_build_that_passes_over_what_another_queued_loses_it(
    site: Site, devices: Callable[..., Device]
) -> None:
    device = devices()
    device.take_out(sabotage.OLD_WORK_UNREAD)
    with red("moved stock once"):
        sent_by_this_build(site, device, QUEUES[0])
