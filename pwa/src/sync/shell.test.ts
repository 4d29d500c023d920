/** Nothing that is heard while the app is still starting is lost. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Cursors, Frame, WireRow } from "../kernel/wire";
import { openStorage, type Storage } from "../outbox/storage";
import { Replica } from "../replica/view";
import { initial } from "./core";
import { found, fresh, load } from "./disk";
import { SyncShell } from "./shell";

class ModelSocket {
  static readonly OPEN = 1;
  static last: ModelSocket;
  readyState = 1;
  readonly asked: { id: number; frame: Frame }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;

  constructor() {
    ModelSocket.last = this;
  }

  send(text: string): void {
    const message = JSON.parse(text);
    if (message.t === "ask") this.asked.push(message);
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  close(): void {}
}

const FIRST: Cursors = { "d:k7": "5.5", "b:main": "5.5" };
const SECOND: Cursors = { "d:k7": "6.5", "b:main": "6.5" };
const online = (ver: number, device: string): WireRow => [
  "b:main",
  "presence",
  device,
  ver,
  { device },
];
const delta = (cur: Cursors, ...rows: WireRow[]) => ({
  epoch: "1-a",
  now: 0,
  rows,
  cur,
  reset: [],
  more: false,
});

let count = 0;
let storage: Storage;
let replica: Replica;
let shell: SyncShell;
/** Lets the first POST's answer through. */
let post: (answer: unknown) => void;

beforeEach(async () => {
  vi.stubGlobal("WebSocket", ModelSocket);
  vi.stubGlobal(
    "fetch",
    () =>
      new Promise(resolve => {
        post = answer => resolve(new Response(JSON.stringify(answer)));
      }),
  );
  storage = await openStorage(`shell-${++count}`);
  await found(storage, fresh("k7", "1-a"), { device: "k7" });
  replica = new Replica();
  const opened = await load(storage);
  if (!opened) throw new Error("no disk");
  const authenticate = async () => ({ ok: true });
  const state = initial(opened.durable, [], 0, null, "test");
  shell = new SyncShell(state, { storage, replica, authenticate, onState: () => {} });
  shell.post({ t: "start" });
});

afterEach(() => {
  shell.stop();
  vi.unstubAllGlobals();
});

const here = () => [...replica.view("presence").value.keys()].sort();
const asks = () => ModelSocket.last.asked;

it("asks on the socket for what was pushed while a POST was on its way", async () => {
  const socket = ModelSocket.last;
  socket.onopen?.();
  socket.say({ t: "push", base: {}, answer: delta(SECOND, online(6, "late")) });
  post(delta(FIRST, online(5, "early")));
  await vi.waitFor(() => expect(asks()).toHaveLength(1));
  expect(here()).toEqual(["early"]);
  expect(asks()[0]?.frame.cur).toEqual(FIRST);
  const id = asks()[0]?.id;
  socket.say({ t: "answer", id, status: 200, answer: delta(SECOND, online(6, "late")) });
  await vi.waitFor(() => expect(here()).toEqual(["early", "late"]));
});

it("takes a push that comes before the answer it continues is on the disk", async () => {
  const socket = ModelSocket.last;
  socket.onopen?.();
  post(delta(FIRST));
  await vi.waitFor(() => expect(asks()).toHaveLength(1));
  const id = asks()[0]?.id;
  socket.say({ t: "answer", id, status: 200, answer: delta(FIRST, online(5, "early")) });
  socket.say({ t: "push", base: FIRST, answer: delta(SECOND, online(6, "late")) });
  await vi.waitFor(() => expect(here()).toEqual(["early", "late"]));
  expect((await load(storage))?.durable.cur).toEqual(SECOND);
  expect(asks()).toHaveLength(1);
});

it("writes nothing any more after it was stopped: the disk may be another device's by now", async () => {
  shell.stop();
  await found(storage, fresh("k8", "1-a"), { device: "k8" });
  post(delta(FIRST, online(5, "early")));
  await new Promise(resolve => setTimeout(resolve, 20));
  expect((await load(storage))?.durable.device).toBe("k8");
});
