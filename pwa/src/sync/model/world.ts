/** Devices, a server and the network between them; what must always be true is checked here. */
import { type Answer, type Cursors, sameCursors } from "../../kernel/wire";
import { type Build, CORRECT, ModelDevice, type Sent } from "./device";
import { DEVICES, LINES, type LineBody, ModelServer } from "./server";

type Message =
  | { readonly to: "server"; readonly sent: Sent }
  | { readonly to: "device"; readonly sent: Sent; readonly answer: Answer }
  | {
      readonly to: "push";
      readonly device: string;
      readonly socket: number;
      readonly base: Cursors;
      readonly answer: Answer;
    };

export interface Action {
  readonly do:
    | "scan"
    | "bad"
    | "deliver"
    | "repeat"
    | "drop"
    | "loseAnswer"
    | "ask"
    | "connect"
    | "lost"
    | "open"
    | "close"
    | "crash"
    | "flush"
    | "push"
    | "failSave"
    | "reassign"
    | "cancel"
    | "zone"
    | "zoneRow"
    | "collect"
    | "backup"
    | "restore"
    | "away"
    | "pull"
    | "settle";
  readonly d: number;
  readonly i: number;
}

const MAX_UNDERWAY = 8;

export class World {
  server = new ModelServer();
  readonly devices: readonly ModelDevice[];
  #net: Message[] = [];
  #backup: ModelServer | null = null;
  /** Where the server believes each socket stands. */
  #positions = new Map<string, Cursors>();
  #highest = new Map<string, number>();

  constructor(build: Build = CORRECT) {
    this.devices = DEVICES.map(
      name => new ModelDevice(name, build, sent => this.#underway({ to: "server", sent })),
    );
    for (const device of this.devices) device.start();
  }

  #underway(message: Message): void {
    if (this.#net.length < MAX_UNDERWAY) this.#net.push(message);
    else this.#lost(message);
  }

  /** A socket loses a message only by dying itself; a POST may lose its question or its answer. */
  #lost(message: Message | undefined): void {
    if (!message) return;
    const [name, socket] =
      message.to === "push"
        ? [message.device, message.socket]
        : [message.sent.device, message.sent.socket];
    const device = this.#device(name);
    if (socket > 0 && socket === device.socket) device.lose();
  }

  act({ do: what, d, i }: Action): void {
    const device = this.devices[d % this.devices.length] as ModelDevice;
    const line = LINES[i % LINES.length] as string;
    const acts: Record<Action["do"], () => void> = {
      scan: () => device.scan(what, line),
      bad: () => device.scan(what, line),
      deliver: () => this.#deliver(i, what),
      repeat: () => this.#deliver(i, what),
      loseAnswer: () => this.#deliver(i, what),
      drop: () => this.#lost(this.#net.splice(i % Math.max(1, this.#net.length), 1)[0]),
      ask: () => device.fire("ask"),
      connect: () => device.fire("connect"),
      lost: () => device.fire("lost"),
      open: () => device.open(),
      close: () => device.lose(),
      crash: () => device.crash(),
      flush: () => device.flush(),
      push: () => this.#push(device),
      failSave: () => device.breakDisk(),
      reassign: () => this.server.reassign(line, device.name),
      cancel: () => this.server.cancel(line),
      zone: () => this.#zone(device.name, i),
      zoneRow: () => this.server.commit(put => put("z:1", "stock", line, { x: i })),
      collect: () => this.server.collectTombstones(),
      backup: () => this.#keepCopy(),
      restore: () => this.#restore(),
      away: () => device.beAway(),
      pull: () => this.#pull(device),
      settle: () => this.#settle(device),
    };
    acts[what]();
  }

  #keepCopy(): void {
    this.#backup = this.server.backup();
  }

  #zone(device: string, i: number): void {
    if (i % 2) this.server.zones.add(device);
    else this.server.zones.delete(device);
    this.server.commit(put => put(`d:${device}`, "scopes", "", { on: i % 2 }));
  }

  #restore(): void {
    if (!this.#backup) return;
    this.server = this.server.restored(this.#backup);
    this.#positions.clear();
    // A restore is done on a stopped server: every socket goes.
    for (const device of this.devices) device.lose();
  }

  #deliver(i: number, how: Action["do"]): void {
    const at = i % Math.max(1, this.#net.length);
    const message = this.#net[at];
    if (!message) return;
    if (how !== "repeat") this.#net.splice(at, 1);
    this.#arrive(message, how === "loseAnswer");
  }

  #arrive(message: Message, loseAnswer = false): void {
    if (message.to === "server") this.#ask(message.sent, loseAnswer);
    else this.#arriveAtDevice(message);
  }

  #arriveAtDevice(message: Exclude<Message, { to: "server" }>): void {
    const name = message.to === "push" ? message.device : message.sent.device;
    const socket = message.to === "push" ? message.socket : message.sent.socket;
    const device = this.#device(name);
    // A closed socket says nothing more; an answer to a POST always gets through.
    if (socket > 0 && socket !== device.socket) return;
    const answer = structuredClone(message.answer);
    if (message.to === "push") {
      device.feed({ t: "push", base: message.base, answer });
      return;
    }
    const { id, frame } = message.sent;
    const asked = { epoch: frame.epoch, cur: frame.cur };
    device.feed({
      t: "answer",
      id,
      asked,
      answer,
      ...("restart" in answer && { kept: [...device.disk.ops] }),
    });
  }

  #ask(sent: Sent, loseAnswer: boolean): void {
    const answer = this.server.handle(sent.frame);
    if (sent.socket > 0 && !("restart" in answer))
      this.#positions.set(`${sent.device}/${sent.socket}`, answer.cur);
    const message = { to: "device", sent, answer } as const;
    if (loseAnswer) this.#lost(message);
    else this.#underway(message);
  }

  #push(device: ModelDevice): void {
    const at = `${device.name}/${device.socket}`;
    const base = this.#positions.get(at);
    if (!device.socket || !base) return;
    const answer = this.server.pull(device.name, base);
    if ("restart" in answer || sameCursors(answer.cur, base)) return;
    this.#positions.set(at, answer.cur);
    this.#underway({ to: "push", device: device.name, socket: device.socket, base, answer });
  }

  /** As the hub does who has more to tell than a push may hold. */
  #pull(device: ModelDevice): void {
    if (device.socket) device.feed({ t: "pull" });
  }

  #device(name: string): ModelDevice {
    return this.devices.find(device => device.name === name) as ModelDevice;
  }

  /** A while of good network for one device. */
  #settle(device: ModelDevice): void {
    device.open();
    for (let i = 0; i < 6; i++) {
      const at = this.#net.findIndex(
        m => (m.to === "push" ? m.device : m.sent.device) === device.name,
      );
      if (at < 0) return;
      const [message] = this.#net.splice(at, 1);
      if (message) this.#arrive(message);
    }
  }

  /** The network heals; devices go on by their own timers only, until nothing moves. */
  heal(): void {
    for (const device of this.devices) device.flush();
    for (let round = 0; round < 120; round++) {
      for (const device of this.devices) {
        device.failNextSave = false;
        device.fire("lost");
        device.fire("connect");
        device.open();
        device.fire("ask");
        this.#push(device);
        this.#settle(device);
      }
    }
    this.checkSafety();
    this.#checkRest();
  }

  checkSafety(): void {
    for (const device of this.devices) {
      this.#checkCursors(device);
      this.#checkKept(device);
      this.#checkEffects(device);
    }
  }

  #checkCursors({ name, disk }: ModelDevice): void {
    const { cur, epoch } = disk.durable;
    for (const [scope, cursor] of Object.entries(cur)) {
      const key = `${name} ${epoch} ${scope} ${cursor.split(".")[1]}`;
      const pos = Number(cursor.split(".")[0]);
      check(pos >= (this.#highest.get(key) ?? 0), `I7 cursor of ${name} ${scope} went back`);
      this.#highest.set(key, pos);
    }
    for (const [id, [scope]] of disk.rows)
      check(scope in cur, `I10 ${name} holds ${id} outside its scopes`);
  }

  #checkKept({ name, disk, confirmed, state }: ModelDevice): void {
    const kept = new Set(disk.ops.map(op => op.n));
    for (const n of confirmed) check(kept.has(n), `I1 confirmed ${name}/${n} is not on the disk`);
    const pending = disk.ops.filter(op => op.n > state.durable.done).map(op => op.n);
    check(
      String(state.pending.map(op => op.n)) === String(pending),
      `${name} forgot what is pending`,
    );
  }

  #checkEffects({ name, disk }: ModelDevice): void {
    const { durable, rows } = disk;
    if (durable.more || durable.epoch !== this.server.epoch) return;
    for (const { n, body } of disk.ops) {
      if (n > durable.done) return;
      const id = `${name}/${n}`;
      const outcome = this.server.log.get(id);
      if (outcome === "applied") {
        const row = rows.get(`u:${name} line ${body.line}`)?.[4] as LineBody | undefined;
        check(!row || row.picks.includes(id), `I8 ${id} is done but its effect is not on show`);
      } else {
        const told = rows.get(`d:${name} result ${n}`)?.[4] as { outcome: string } | undefined;
        check(outcome !== undefined, `I3 ${id} counts as done but no server has it`);
        check(told?.outcome === outcome, `I9 ${id} was ${outcome} and the worker was not told`);
      }
    }
  }

  #checkRest(): void {
    for (const { name, disk, confirmed } of this.devices) {
      for (const n of confirmed)
        check(this.server.log.has(`${name}/${n}`), `I3 confirmed ${name}/${n} never arrived`);
      const mine = this.server.scopesOf(name);
      const want = [...this.server.feed.values()]
        .filter(cell => mine.includes(cell.scope) && cell.body !== null)
        .map(cell => JSON.stringify([cell.scope, cell.kind, cell.key, cell.ver, cell.body]))
        .sort();
      const got = [...disk.rows.values()].map(row => JSON.stringify(row)).sort();
      check(String(got) === String(want), `I5 ${name} at rest: ${got} is not ${want}`);
    }
  }
}

/** An invariant does not hold; anything else that is thrown is a mistake of the model. */
export class Broken extends Error {}

function check(holds: boolean, rule: string): void {
  if (!holds) throw new Broken(rule);
}
