/** Runs the core: its effects on the socket, the disk and the clock; what it hears, as events. */
import { batch } from "@preact/signals";
import { errorOf, isRecord, post, waitSeconds } from "../kernel/http";
import type { Cursors, Frame, WireOp } from "../kernel/wire";
import type { Storage } from "../outbox/storage";
import type { Replica } from "../replica/view";
import { readAnswer } from "./adopt";
import { step } from "./core";
import { allOps, save } from "./disk";
import { openSocket, type Socket } from "./socket";
import type { Asked, Effect, Event, State, TimerName } from "./state";
import { onRoadAt, sawServer } from "./status";

const KEEP_ASKED = 16;

type Untimed<E> = E extends Event ? Omit<E, "at" | "jitter"> : never;
export type Happening = Untimed<Event>;

/** `code` when the server turned the device away for good. */
export interface Proved {
  readonly ok: boolean;
  readonly code?: string;
}

export interface Surroundings {
  readonly storage: Storage;
  readonly replica: Replica;
  /** Proves the device to the server. */
  readonly authenticate: () => Promise<Proved>;
  /** Called whenever the state has changed, after its rows are on show. */
  readonly onState: (state: State) => void;
}

export class SyncShell {
  #state: State;
  readonly #around: Surroundings;
  readonly #waiting: Happening[] = [];
  readonly #timers = new Map<TimerName, ReturnType<typeof setTimeout>>();
  readonly #asked = new Map<number, Asked>();
  #socket: Socket | null = null;
  #draining = false;
  #ended = false;

  constructor(state: State, around: Surroundings) {
    this.#state = state;
    this.#around = around;
  }

  get state(): State {
    return this.#state;
  }

  /** Events are handled one after another: the next sees what the last has written down. */
  post(happening: Happening): void {
    if (this.#ended) return;
    this.#waiting.push(happening);
    if (!this.#draining) void this.#drain();
  }

  /** For good: a late answer must not be written on what may be another device's disk by now. */
  stop(): void {
    this.#ended = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#close();
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift())
      await this.#handle(next);
    this.#draining = false;
  }

  async #handle(happening: Happening): Promise<void> {
    const event = { ...happening, at: Date.now(), jitter: Math.random() } as Event;
    const [next, effects] = step(this.#state, event);
    for (const effect of effects) {
      if (effect.t !== "save") continue;
      if (!(await this.#save(effect, event))) return this.#unsaved(event);
    }
    this.#state = next;
    for (const effect of effects) this.#run(effect);
    this.#around.onState(next);
  }

  async #save(effect: Effect & { t: "save" }, event: Event): Promise<boolean> {
    const { storage, replica } = this.#around;
    const { durable, change } = effect;
    try {
      await save(storage, durable, change);
    } catch {
      // Nothing that a person has done is at stake: their work is in the outbox.
      return false;
    }
    const kept = event.t === "answer" ? event.kept : undefined;
    batch(() => replica.adopt(change.forget, change.rows, durable.done, kept));
    return true;
  }

  /** The disk has not taken it, so for the core it never came: it will be asked for again. */
  #unsaved(event: Event): void {
    if (event.t === "answer")
      this.post({ t: "failed", id: event.id, status: 0, error: { code: "not_saved" }, wait: 1 });
    else this.post({ t: "pull" });
  }

  #run(effect: Effect): void {
    switch (effect.t) {
      case "send":
        this.#send(effect);
        break;
      case "timer":
        this.#arm(effect.name, effect.ms);
        break;
      case "connect":
        this.#connect();
        break;
      case "close":
        this.#close();
        break;
      case "beat":
        void this.#beat();
        break;
      case "authenticate":
        void this.#around
          .authenticate()
          .then(result => this.post({ t: "authenticated", ...result }));
    }
  }

  #send({ via, id, frame }: Effect & { t: "send" }): void {
    this.#asked.set(id, { epoch: frame.epoch, cur: frame.cur });
    // Questions that a dead socket took along are never answered.
    for (const old of this.#asked.keys()) if (old < id - KEEP_ASKED) this.#asked.delete(old);
    if (via === "ws") this.#socket?.send({ t: "ask", id, frame });
    else void this.#post(id, frame);
  }

  #arm(name: TimerName, ms: number): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(
      name,
      setTimeout(() => this.post({ t: "timer", name }), ms),
    );
  }

  #connect(): void {
    this.#close();
    this.#socket = openSocket(
      event => this.post(event),
      message => void this.#hear(message),
    );
  }

  #close(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  async #post(id: number, frame: Frame): Promise<void> {
    const reply = await post("/sync", frame);
    await this.#replied(id, reply.status, reply.body, waitSeconds(reply));
  }

  async #hear(message: unknown): Promise<void> {
    this.post({ t: "heard" });
    if (!isRecord(message)) return;
    if (message.t === "beat") sawServer(message.now);
    if (message.t === "pull") this.post({ t: "pull" });
    if (message.t === "answer" && typeof message.id === "number")
      await this.#replied(message.id, Number(message.status), message.answer ?? message, 0);
    if (message.t === "push") this.#pushed(message);
  }

  #pushed(message: Record<string, unknown>): void {
    const answer = readAnswer(message.answer);
    if (!answer || !isRecord(message.base)) return;
    sawServer(answer.now);
    this.post({ t: "push", base: message.base as Cursors, answer });
  }

  async #replied(id: number, status: number, body: unknown, wait: number): Promise<void> {
    const asked = this.#asked.get(id);
    if (!asked) return;
    this.#asked.delete(id);
    const answer = status >= 200 && status < 300 ? readAnswer(body) : null;
    if (!answer) {
      const error = errorOf(body);
      // A page of some proxy with status 200 is no answer of ours: as good as nothing.
      const told = status >= 200 && status < 400 ? 0 : status;
      const seconds = Number(error.data?.seconds ?? wait) || 0;
      return this.post({ t: "failed", id, status: told, error, wait: seconds });
    }
    sawServer(answer.now);
    const kept: readonly WireOp[] | null =
      "restart" in answer ? await allOps(this.#around.storage) : null;
    this.post({ t: "answer", id, asked, answer, ...(kept && { kept }) });
  }

  async #beat(): Promise<void> {
    const { pending } = this.#around.replica;
    const battery = await batteryLevel();
    const oldest = pending[0]?.at ?? null;
    const at = onRoadAt.peek();
    this.#socket?.send({ t: "beat", unsent: pending.length, oldest, battery, ...at });
  }
}

interface BatteryNavigator {
  getBattery?: () => Promise<{ level: number }>;
}

async function batteryLevel(): Promise<number | null> {
  const battery = await (navigator as BatteryNavigator).getBattery?.().catch(() => null);
  return battery?.level ?? null;
}
