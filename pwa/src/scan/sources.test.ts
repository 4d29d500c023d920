// @vitest-environment node
import { beforeEach, expect, test } from "vitest";
import { type RawScan, ScanStream } from "./sources";

let stream: ScanStream;
let seen: string[];
const T = 1_795_000_000_000;
const scan = (raw: string, at = T): RawScan => ({ raw, at, source: "wedge" });
const settle = () => new Promise(resolve => setTimeout(resolve));

beforeEach(() => {
  stream = new ScanStream();
  seen = [];
});

test("a scan before anybody listens is kept and played", async () => {
  stream.offer(scan("A"));
  stream.offer(scan("B"));
  stream.subscribe(s => void seen.push(s.raw), T + 1000);
  await settle();
  expect(seen).toEqual(["A", "B"]);
});

test("a scan that nobody wanted for long is not played to the next screen", async () => {
  stream.offer(scan("A"));
  stream.subscribe(s => void seen.push(s.raw), T + 60_000);
  await settle();
  expect(seen).toEqual([]);
});

test("scans wait while a dialog holds them and are played in order after it", async () => {
  stream.subscribe(s => void seen.push(s.raw));
  const dialog = stream.hold();
  const transition = stream.hold();
  for (const raw of ["A", "B", "C"]) stream.offer(scan(raw));
  expect(stream.waiting.value).toBe(3);
  dialog();
  dialog();
  await settle();
  expect(seen).toEqual([]);
  transition();
  await settle();
  expect(seen).toEqual(["A", "B", "C"]);
});

test("a scan waits until the one before it is handled", async () => {
  let finish = () => {};
  stream.subscribe(s => {
    seen.push(s.raw);
    return new Promise<void>(resolve => {
      finish = resolve;
    });
  });
  stream.offer(scan("A"));
  stream.offer(scan("B"));
  await settle();
  expect(seen).toEqual(["A"]);
  finish();
  await settle();
  expect(seen).toEqual(["A", "B"]);
});

test("the same code within 300 ms counts once, another one counts", async () => {
  stream.subscribe(s => void seen.push(s.raw));
  stream.offer(scan("A", T));
  stream.offer(scan("A", T + 299));
  stream.offer(scan("B", T + 299));
  stream.offer(scan("A", T + 299));
  stream.offer(scan("A", T + 700));
  await settle();
  expect(seen).toEqual(["A", "B", "A", "A"]);
});

test("the newest subscriber has the stream, then the former one again", async () => {
  stream.subscribe(s => void seen.push(`screen ${s.raw}`));
  const close = stream.subscribe(s => void seen.push(`dialog ${s.raw}`));
  stream.offer(scan("A"));
  await settle();
  close();
  stream.offer(scan("B"));
  await settle();
  expect(seen).toEqual(["dialog A", "screen B"]);
});

test("a handler that fails does not stop the scans behind it", async () => {
  const reported: unknown[] = [];
  globalThis.reportError = failure => void reported.push(failure);
  stream.subscribe(s => {
    if (s.raw === "A") throw new Error("no");
    seen.push(s.raw);
  });
  stream.offer(scan("A"));
  stream.offer(scan("B"));
  await settle();
  expect(seen).toEqual(["B"]);
  expect(reported).toHaveLength(1);
});
