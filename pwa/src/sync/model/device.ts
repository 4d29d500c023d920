/** The real core on a model of a disk, a socket and a clock that only moves when it is told to. */
import type { Frame, WireOp, WireRow } from "../../kernel/wire";
import { initial, step as realStep } from "../core";
import { fresh } from "../disk";
import type { Happening } from "../shell";
import type { Asked, Durable, Effect, Event, State, Step, TimerName } from "../state";

export interface Sent {
  readonly device: string;
  readonly id: number;
  readonly frame: Frame;
  /** The socket it went by; 0 for POST. */
  readonly socket: number;
}

/** What a bug may change: the core's step, or how the device uses its disk. */
export interface Build {
  readonly step: (state: State, event: Event) => Step;
  readonly confirmsBeforeDisk?: boolean;
  readonly savesCursorsFirst?: boolean;
}

export const CORRECT: Build = { step: realStep };

interface Disk {
  durable: Durable;
  ops: WireOp[];
  rows: Map<string, WireRow>;
  nextN: number;
}

export class ModelDevice {
  readonly name: string;
  readonly disk: Disk;
  state: State;
  /** Operations that the worker saw turn green. */
  readonly confirmed: number[] = [];
  readonly armed = new Set<TimerName>();
  readonly asked = new Map<string, Asked>();
  /** 0: none. Each socket has a number of its own. */
  socket = 0;
  failNextSave = false;
  readonly #build: Build;
  readonly #send: (sent: Sent) => void;
  #notYetOnDisk: WireOp[] = [];
  #rowsNotYetOnDisk: (() => void) | null = null;
  #sockets = 0;
  #now = 0;

  constructor(name: string, build: Build, send: (sent: Sent) => void) {
    this.name = name;
    this.#build = build;
    this.#send = send;
    this.disk = { durable: fresh(name, "001"), ops: [], rows: new Map(), nextN: 1 };
    this.state = this.#boot();
  }

  #boot(): State {
    const { durable, ops, nextN } = this.disk;
    const pending = ops.filter(op => op.n > durable.done);
    return initial(durable, pending, nextN - 1, null, "test");
  }

  start(): void {
    this.feed({ t: "start" });
  }

  crash(): void {
    // What the process held in memory only is gone, and so is the half of a split write.
    this.#notYetOnDisk = [];
    this.#rowsNotYetOnDisk = null;
    this.armed.clear();
    this.socket = 0;
    this.disk.nextN = Math.max(1, (this.disk.ops.at(-1)?.n ?? 0) + 1);
    this.state = this.#boot();
    this.start();
  }

  scan(k: string, line: string): void {
    const n = this.disk.nextN++;
    const op: WireOp = {
      n,
      id: `${n}`,
      sid: null,
      k,
      v: 1,
      at: 0,
      boot: "",
      mono: 0,
      body: { line },
      refs: [],
    };
    if (this.#build.confirmsBeforeDisk) this.#notYetOnDisk.push(op);
    else this.disk.ops.push(op);
    this.confirmed.push(n);
    this.feed({ t: "queued", ops: [op] });
  }

  flush(): void {
    this.disk.ops.push(...this.#notYetOnDisk);
    this.#notYetOnDisk = [];
    this.#rowsNotYetOnDisk?.();
    this.#rowsNotYetOnDisk = null;
  }

  fire(timer: TimerName): void {
    if (this.armed.delete(timer)) this.feed({ t: "timer", name: timer });
  }

  open(): void {
    if (this.state.link !== "connecting") return;
    this.socket = ++this.#sockets;
    this.feed({ t: "opened" });
  }

  lose(): void {
    if (this.state.link === "down") return;
    this.socket = 0;
    this.feed({ t: "closed" });
  }

  /** An hour without a network, seen by the browser. */
  beAway(): void {
    this.#now += 3_600_000;
    this.socket = 0;
    this.feed({ t: "offline" });
    this.feed({ t: "online" });
  }

  /** The next answer cannot be written down. */
  breakDisk(): void {
    this.failNextSave = true;
  }

  feed(happening: Happening): void {
    const event = { ...happening, at: this.#now, jitter: 0.5 } as Event;
    const [next, effects] = this.#build.step(this.state, event);
    for (const effect of effects)
      if (effect.t === "save" && !this.#save(effect)) {
        this.#unsaved(event);
        return;
      }
    this.state = next;
    for (const effect of effects) this.#run(effect);
  }

  /** As the shell does. */
  #unsaved(event: Event): void {
    if (event.t === "answer")
      this.feed({ t: "failed", id: event.id, status: 0, error: { code: "not_saved" }, wait: 0 });
    else this.feed({ t: "pull" });
  }

  #save({ durable, change }: Effect & { t: "save" }): boolean {
    if (this.failNextSave) {
      this.failNextSave = false;
      return false;
    }
    this.disk.durable = durable;
    const { rows } = this.disk;
    const place = () => {
      for (const [id, [scope]] of rows)
        if (change.forget === "all" || change.forget.includes(scope)) rows.delete(id);
      for (const row of change.rows) {
        const id = row.slice(0, 3).join(" ");
        if (row[4] === null) rows.delete(id);
        else rows.set(id, row);
      }
    };
    this.#rowsNotYetOnDisk?.();
    this.#rowsNotYetOnDisk = null;
    if (this.#build.savesCursorsFirst) this.#rowsNotYetOnDisk = place;
    else place();
    return true;
  }

  #run(effect: Effect): void {
    if (effect.t === "timer") this.armed.add(effect.name);
    if (effect.t === "close") this.socket = 0;
    if (effect.t !== "send") return;
    const { id, frame, via } = effect;
    this.asked.set(String(id), { epoch: frame.epoch, cur: frame.cur });
    this.#send({ device: this.name, id, frame, socket: via === "ws" ? this.socket : 0 });
  }
}
