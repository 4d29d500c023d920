/** The real core, its real disk and outbox, living through a trace that the Python model has written. */
import type { Answer, Cursors, WireOp, WireRow } from "../../kernel/wire";
import { createOutbox, type Outbox } from "../../outbox/outbox";
import { openStorage, type Storage } from "../../outbox/storage";
import { initial } from "../core";
import { allOps, found, fresh, load, save } from "../disk";
import type { Happening } from "../shell";
import type { Event, State } from "../state";
import type { Build } from "./device";

/** What of the device's state a step has changed; rows by `scope kind key`, `null` when gone. */
export interface Shown {
  readonly epoch: string;
  readonly cur: Cursors;
  readonly seen: number;
  readonly done: number;
  readonly pending: readonly number[];
  readonly rows: Readonly<Record<string, unknown>>;
}

type Told =
  | { readonly do: "scan"; readonly kind: string }
  | { readonly do: "start" | "lose" | "revoked" }
  | { readonly do: "person"; readonly sid: string }
  | { readonly do: "ask"; readonly cur: Cursors }
  | {
      readonly do: "answer";
      /** To the question that is under way. */
      readonly mine: boolean;
      readonly asked: Cursors;
      readonly answer: Answer;
    }
  | { readonly do: "push"; readonly base: Cursors; readonly answer: Answer };

export type TraceStep = Told & { readonly then: Partial<Shown> };

export interface Trace {
  readonly device: string;
  readonly steps: readonly TraceStep[];
}

/** The core does not do what the model does; anything else that is thrown is a mistake of the test. */
export class Differs extends Error {}

export class Replay {
  readonly #build: Build;
  readonly #storage: Storage;
  #outbox: Outbox;
  #state: State;
  /** The question that the trace has under way. */
  #asking: number | null = null;

  private constructor(build: Build, storage: Storage, state: State) {
    this.#build = build;
    this.#storage = storage;
    this.#state = state;
    this.#outbox = createOutbox(storage, () => {});
  }

  static async open(build: Build, device: string, database: string): Promise<Replay> {
    const storage = await openStorage(database);
    const durable = fresh(device, "001");
    await found(storage, durable, { device });
    return new Replay(build, storage, initial(durable, [], 0, null, "test"));
  }

  close(): void {
    this.#storage.close();
  }

  async live(step: TraceStep): Promise<void> {
    switch (step.do) {
      case "scan":
        return this.#scan(step.kind);
      case "start":
        return this.#start();
      case "person":
        return this.#feed({ t: "person", sid: step.sid || null });
      case "ask":
        return this.#ask(step.cur);
      case "lose":
        return this.#fail(0, "busy");
      case "revoked":
        return this.#fail(403, "revoked");
      case "push":
        return this.#feed({ t: "push", base: step.base, answer: step.answer });
      case "answer":
        return this.#answer(step);
    }
  }

  async #scan(k: string): Promise<void> {
    const told = { id: k, sid: null, k, v: 1, at: 0, boot: "", mono: 0, body: {}, refs: [] };
    const op = await this.#outbox.put(told);
    await this.#feed({ t: "queued", ops: [op] });
  }

  /** The app is killed and started again: only what is on the disk is left. */
  async #start(): Promise<void> {
    const { durable, ops, lastN } = await this.#opened();
    this.#outbox = createOutbox(this.#storage, () => {});
    this.#asking = null;
    this.#state = initial(durable, ops, lastN, null, "test");
  }

  async #ask(cur: Cursors): Promise<void> {
    this.#asking = this.#state.nextId;
    await this.#feed({ t: "timer", name: "ask" });
    expectSame("the question's cursors", this.#sent, cur);
  }

  #sent: Cursors | null = null;

  #fail(status: number, code: string): Promise<void> {
    const id = this.#asking ?? -1;
    this.#asking = null;
    return this.#feed({ t: "failed", id, status, error: { code }, wait: 0 });
  }

  async #answer({ mine, asked, answer }: TraceStep & { do: "answer" }): Promise<void> {
    const id = mine ? (this.#asking ?? -1) : -1;
    if (mine) this.#asking = null;
    const kept = "restart" in answer ? { kept: await allOps(this.#storage) } : {};
    await this.#feed({
      t: "answer",
      id,
      asked: { epoch: answer.epoch, cur: asked },
      answer,
      ...kept,
    });
  }

  async #feed(happening: Happening): Promise<void> {
    const event = { ...happening, at: 0, jitter: 0.5 } as Event;
    const [next, effects] = this.#build.step(this.#state, event);
    this.#sent = null;
    for (const effect of effects) {
      if (effect.t === "save") await save(this.#storage, effect.durable, effect.change);
      if (effect.t === "send") this.#sent = effect.frame.cur;
    }
    this.#state = next;
    // When to ask is the core's own affair: a question that the trace does not know is lost at once.
    const { asking } = next;
    if (asking && asking.id !== this.#asking)
      await this.#feed({ t: "failed", id: asking.id, status: 0, error: { code: "busy" }, wait: 0 });
  }

  async #opened() {
    const opened = await load(this.#storage);
    if (!opened) throw new Differs("nothing is on the disk");
    return opened;
  }

  /** What is on the disk now; what the core believes must be the same. */
  async shown(): Promise<Shown> {
    const { durable, ops, rows } = await this.#opened();
    const pending = numbers(ops);
    expectSame("pending in memory", numbers(this.#state.pending), pending);
    expectSame("durable in memory", this.#state.durable, durable);
    const { epoch, cur, seen, done } = durable;
    return { epoch, cur, seen, done, pending, rows: Object.fromEntries(rows.map(named)) };
  }
}

function numbers(ops: readonly WireOp[]): number[] {
  return ops.map(op => op.n);
}

function named([scope, kind, key, , body]: WireRow): [string, unknown] {
  return [`${scope} ${kind} ${key}`, body];
}

export function expectSame(what: string, got: unknown, wanted: unknown): void {
  const [one, other] = [text(got), text(wanted)];
  if (one !== other) throw new Differs(`${what}: ${one} is not ${other}`);
}

/** With sorted keys. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === "object" && inner && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Plays the whole trace; throws `Differs` at the first step that ends otherwise. */
export async function play(build: Build, name: string, trace: Trace): Promise<void> {
  const replay = await Replay.open(build, trace.device, `${name} ${Math.random()}`);
  let wanted: Partial<Shown> = { rows: {} };
  try {
    for (const [i, step] of trace.steps.entries()) {
      await replay.live(step);
      const rows = Object.entries({ ...wanted.rows, ...step.then.rows });
      const left = Object.fromEntries(rows.filter(([, body]) => body !== null));
      wanted = { ...wanted, ...step.then, rows: left };
      expectSame(`${name}, step ${i + 1} (${step.do})`, await replay.shown(), wanted);
    }
  } finally {
    replay.close();
  }
}
