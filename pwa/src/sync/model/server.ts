/** A server small enough to be seen through: one site, picks of three lines, pages of two rows. */
import type { Answer, Cursors, Frame, WireOp, WireRow } from "../../kernel/wire";

export const DEVICES = ["A", "B"] as const;
export const LINES = ["L1", "L2", "L3"] as const;
const PAGE = 2;

interface Cell {
  readonly scope: string;
  readonly kind: string;
  readonly key: string;
  readonly ver: number;
  readonly body: unknown;
}

interface Line {
  owner: string;
  cancelled: boolean;
  picks: string[];
}

export interface LineBody {
  readonly picks: readonly string[];
  readonly cancelled: boolean;
}

type Put = (scope: string, kind: string, key: string, body: unknown) => void;

export class ModelServer {
  epoch = "001";
  ver = 0;
  lastN = new Map<string, number>(DEVICES.map(d => [d, 0]));
  /** `device/n` -> outcome. */
  log = new Map<string, string>();
  feed = new Map<string, Cell>();
  floor = new Map<string, number>();
  zones = new Set<string>();
  lines = new Map<string, Line>(LINES.map(l => [l, { owner: "A", cancelled: false, picks: [] }]));

  constructor() {
    this.commit(put => {
      for (const line of LINES) this.#publish(put, line);
    });
  }

  /** One transaction; what it puts gets one new version. */
  commit(change: (put: Put) => void): void {
    const puts: Parameters<Put>[] = [];
    change((...put) => puts.push(put));
    if (puts.length === 0) return;
    this.ver++;
    for (const [scope, kind, key, body] of puts)
      this.feed.set(`${scope} ${kind} ${key}`, { scope, kind, key, ver: this.ver, body });
  }

  scopesOf(device: string): string[] {
    const own = [`d:${device}`, `u:${device}`];
    return this.zones.has(device) ? [...own, "z:1"] : own;
  }

  handle(frame: Frame): Answer {
    const last_n = this.lastN.get(frame.dev) ?? 0;
    if (frame.epoch !== this.epoch) return { restart: true, epoch: this.epoch, last_n, now: 0 };
    this.commit(put => {
      for (const op of frame.ops) this.#take(put, frame.dev, op);
    });
    return this.pull(frame.dev, frame.cur);
  }

  #take(put: Put, device: string, op: WireOp): void {
    const last = this.lastN.get(device) ?? 0;
    if (op.n !== last + 1) return;
    const outcome = this.#apply(put, `${device}/${op.n}`, op);
    this.log.set(`${device}/${op.n}`, outcome);
    this.lastN.set(device, op.n);
    if (outcome !== "applied") put(`d:${device}`, "result", String(op.n), { n: op.n, outcome });
    put(`d:${device}`, "done", "", op.n);
  }

  #apply(put: Put, id: string, op: WireOp): string {
    if (op.k === "bad") return "refused";
    const name = String(op.body.line);
    const line = this.lines.get(name);
    if (!line || line.cancelled || line.picks.length > 0) return "diverted";
    line.picks = [...line.picks, id];
    this.#publish(put, name);
    return "applied";
  }

  #publish(put: Put, name: string, before?: string): void {
    const line = this.lines.get(name);
    if (!line) return;
    if (before && before !== line.owner) put(`u:${before}`, "line", name, null);
    const { picks, cancelled } = line;
    put(`u:${line.owner}`, "line", name, { picks, cancelled } satisfies LineBody);
  }

  pull(device: string, given: Cursors): Answer {
    const mine = this.scopesOf(device);
    const known = new Map(
      Object.entries(given).flatMap(([s, c]) => (mine.includes(s) ? [[s, read(c)] as const] : [])),
    );
    const reset = [...known].flatMap(([s, c]) =>
      c.pos > 0 && Math.max(c.pos, c.snap) < (this.floor.get(s) ?? 0) ? [s] : [],
    );
    for (const scope of reset) known.delete(scope);
    const from = (scope: string) => known.get(scope)?.pos ?? 0;
    const found = [...this.feed.values()]
      .filter(cell => mine.includes(cell.scope) && cell.ver > from(cell.scope))
      .sort((a, b) => a.ver - b.ver);
    const more = found.length > PAGE;
    const to = more ? (found[PAGE - 1]?.ver ?? 0) : this.ver;
    const rows = found.filter(cell => cell.ver <= to).map(wire);
    const cur = Object.fromEntries(
      mine.map(s => [s, `${Math.max(from(s), to)}.${known.get(s)?.snap ?? this.ver}`]),
    );
    return { epoch: this.epoch, now: 0, rows, cur, reset, more };
  }

  reassign(name: string, owner: string): void {
    this.commit(put => {
      const line = this.lines.get(name);
      if (!line) return;
      const before = line.owner;
      line.owner = owner;
      this.#publish(put, name, before);
    });
  }

  cancel(name: string): void {
    this.commit(put => {
      const line = this.lines.get(name);
      if (!line) return;
      line.cancelled = true;
      this.#publish(put, name);
    });
  }

  collectTombstones(): void {
    for (const [id, { scope, ver, body }] of this.feed) {
      if (body !== null) continue;
      this.floor.set(scope, Math.max(this.floor.get(scope) ?? 0, ver));
      this.feed.delete(id);
    }
  }

  backup(): ModelServer {
    return Object.assign(new ModelServer(), structuredClone({ ...this }));
  }

  /** This server as it was, living anew. */
  restored(from: ModelServer): ModelServer {
    const copy = from.backup();
    copy.epoch = String(Number(this.epoch) + 1).padStart(3, "0");
    return copy;
  }
}

function wire(cell: Cell): WireRow {
  return [cell.scope, cell.kind, cell.key, cell.ver, cell.body];
}

function read(cursor: string): { pos: number; snap: number } {
  const [pos = 0, snap = 0] = cursor.split(".").map(Number);
  return { pos, snap };
}
