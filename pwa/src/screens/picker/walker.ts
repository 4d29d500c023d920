import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { REST } from "../../ops/picking-rest";
import { lotChange } from "../../scan/booking";
import { feedback } from "../../scan/feedback";
import { resolve, type Scan } from "../../scan/resolve";
import { isByPerson, type RawScan } from "../../scan/sources";
import { person } from "../../shell";
import { dispatch, lastOp, replica } from "../../sync";
import { isoDay, readByPerson } from "../floor/item-scan";
import { saved } from "../floor/saved";
import { skipped } from "./cures";
import { lastDone } from "./map-model";
import { asOneStop, shareOut, together } from "./totes";
import {
  acceptLot,
  aheadFrom,
  begin,
  type Came,
  type Confirmed,
  inHand,
  type Line,
  type Outcome,
  type Position,
  readAmount,
  readScan,
  type Stop,
  stepBack,
} from "./walk";

/** What closes a line, and what opens it again. */
const STEPS = [
  "picking.confirm_pick",
  "picking.report_short",
  "picking.pick_elsewhere",
  "picking.pick_substitute",
  "picking.await_stock",
  "picking.undo_pick",
] as const;

/** Pieces in the hand, on their way into a tote. */
export interface Put {
  readonly line: Line;
  readonly qty: number;
  readonly said: Confirmed;
}

/** The harmless things a walk says besides moving on. */
export type Note = "again" | "too_many" | null;

/** One person's walk through one task: keeps the position, says each line's fact exactly once. */
export class Walker {
  readonly lines: ReadonlySignal<readonly Line[]>;
  /** What is still to pick, in walking order. */
  readonly ahead: ReadonlySignal<readonly Line[]>;
  readonly line: ReadonlySignal<Line | undefined>;
  readonly at: ReadonlySignal<Position | undefined>;
  /** The line at whose bin the picker is, as far as scans tell: for the map. */
  readonly lastHere: ReadonlySignal<Line | undefined>;
  readonly stop = signal<Stop | null>(null);
  readonly note = signal<Note>(null);
  /** Fewer than asked were typed: the number found, until the picker decides. */
  readonly fewer = signal<number | null>(null);
  /** The location scanned last. */
  readonly verifiedBin = signal<string | null>(null);
  /** On a cart: what was taken and now goes into its tote. */
  readonly put = signal<Put | null>(null);
  /** The cart that another zone left was found. */
  readonly fetched = signal(false);
  /** By the books the bin of this line is empty now: the picker is asked. */
  readonly zero = signal<Line | null>(null);
  /** The number of the line that the last step closed. */
  private readonly last = signal<number | null>(null);
  private readonly position = signal<Position | null>(null);
  private turn: Promise<void> = Promise.resolve();

  readonly task: string;

  constructor(task: string) {
    this.task = task;
    this.lines = computed(() => linesOf(task));
    this.ahead = computed(() => aheadFrom(this.lines.value, this.position.value));
    this.line = computed(() => asOneStop(this.stopHere()));
    this.at = computed(() => {
      const line = this.line.value;
      if (!line) return undefined;
      const kept = this.position.value;
      return kept?.no === line.no ? kept : begin(line, this.verifiedBin.value);
    });
    this.lastHere = computed(() => {
      const bin = this.verifiedBin.value;
      const no = this.last.value;
      const lines = this.lines.value;
      if (bin !== null) return lines.find(line => line.bin === bin);
      // Another device was used before: the last stop of the walk that is done.
      return lines.find(line => line.no === no) ?? lastDone(lines);
    });
    void this.recall();
  }

  /** Scans and taps one after the other: two of them must not confirm the same line. */
  private inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.turn.catch(() => undefined).then(() => saved(act));
    this.turn = done.then(() => undefined);
    return this.turn;
  }

  take(came: RawScan): Promise<void> {
    return this.inTurn(async () => {
      const line = this.line.value;
      const at = this.at.value;
      if (!line || !at) return feedback("wrong");
      const scan = resolve(came.raw, { year: new Date().getFullYear() });
      const read = cameNow(scan, came.raw, isByPerson(came));
      await this.settle(line, readScan(line, at, read));
    });
  }

  /** The picker has read the label: the doubtful value is what stands there. */
  labelIsRight(): Promise<void> {
    return this.inTurn(async () => {
      const line = this.line.value;
      const at = this.at.value;
      const scan = this.stop.value?.doubtful;
      if (!line || !at || !scan) return;
      const came = cameNow(readByPerson(scan), scan.text, false);
      await this.settle(line, readScan(line, at, came));
    });
  }

  /** The picker takes the other lot, where the site's rule lets it stand in. */
  takeLot(): Promise<void> {
    return this.inTurn(async () => {
      const line = this.line.value;
      const at = this.at.value;
      const stop = this.stop.value;
      if (!line || !at || !stop?.offered) return;
      const came = cameNow({ kind: "plain", text: "" }, "", false);
      await this.settle(line, acceptLot(line, at, stop, came));
    });
  }

  amount(qty: number): Promise<void> {
    return this.inTurn(async () => {
      const line = this.line.value;
      const at = this.at.value;
      const amount = line && at ? readAmount(line, at, qty) : null;
      if (!line || !at || !amount) return;
      this.note.value = amount.kind === "too_many" ? "too_many" : null;
      if (amount.kind === "too_many") return feedback("wrong");
      if (amount.kind === "fewer") this.fewer.value = await this.fill(line, at, amount.found);
      else await this.confirm(line, amount);
    });
  }

  /** Lot and numbers of the pieces of this line that were counted. */
  inHand(line: Line): { lot: string; serials: readonly string[] } {
    const at = this.at.value;
    return at?.no === line.no ? inHand(line, at) : { lot: line.lot, serials: [] };
  }

  back(): void {
    const line = this.line.value;
    const at = this.at.value;
    if (!line || !at) return;
    this.position.value = stepBack(line, at);
    this.clear();
  }

  /** The line comes again at the end; the line that was skipped, or `null` if it is the only one. */
  skip(): Line | null {
    const line = this.line.value;
    if (!line || this.ahead.value.length < 2) return null;
    const walk = skipped(this.ahead.value, line.no);
    const epoch = replica.row("task", this.task).value?.epoch ?? 0;
    this.position.value = null;
    this.clear();
    void this.inTurn(async () => {
      await dispatch("picking.skip_line", { task: this.task, line: line.no, walk, epoch });
    });
    return line;
  }

  /** The line that the last step closed, while it may be taken back. */
  get undoable(): Line | undefined {
    const no = this.last.value;
    const line = this.lines.value.find(each => each.no === no);
    // Parted between two totes: neither half stands without the other.
    if (line?.state === "picked" && this.lines.value.some(each => each.no === line.no + REST))
      return undefined;
    return line && (line.state === "picked" || line.state === "short") ? line : undefined;
  }

  did(no: number): void {
    this.last.value = no;
  }

  /** The pieces lie in their bin again; whether that was saved. */
  async undoLast(): Promise<boolean> {
    let done = false;
    await this.inTurn(async () => {
      const line = this.undoable;
      if (!line) return;
      const { task, no, bin, sku, lot, picked } = line;
      const epoch = replica.row("task", task).value?.epoch ?? 0;
      await dispatch("picking.undo_pick", { task, line: no, bin, sku, lot, qty: picked, epoch });
      this.last.value = null;
      this.zero.value = null;
      this.clear();
      done = true;
    });
    return done;
  }

  /** After the app was loaded again: what this device said last of this task. */
  private async recall(): Promise<void> {
    const steps = await Promise.all(STEPS.map(name => lastOp(name)));
    const mine = steps.filter(op => op?.body.task === this.task);
    const latest = mine.sort((a, b) => (b?.n ?? 0) - (a?.n ?? 0))[0];
    if (this.last.value !== null || !latest || latest.k === "picking.undo_pick") return;
    if (typeof latest.body.line === "number") this.last.value = latest.body.line;
  }

  clear(): void {
    this.stop.value = null;
    this.note.value = null;
    this.fewer.value = null;
  }

  /** The open lines that are picked in one go: of a batch all of this bin, item and lot. */
  private stopHere(): readonly Line[] {
    const isBatch = replica.row("task", this.task).value?.mode === "batch";
    return isBatch ? together(this.ahead.value) : this.ahead.value.slice(0, 1);
  }

  private async settle(line: Line, outcome: Outcome): Promise<void> {
    if (outcome.kind === "stop") {
      this.stop.value = outcome.stop;
      return feedback("wrong");
    }
    this.clear();
    if (outcome.kind === "again") {
      this.note.value = "again";
      return feedback("right");
    }
    if (outcome.kind === "confirm") return this.confirm(line, outcome);
    if (outcome.at.step === "what") this.verifiedBin.value = line.bin;
    this.position.value = outcome.at;
    feedback("right");
  }

  /** The one fact of each line. Green only after it is on the disk. */
  private async confirm(line: Line, said: Confirmed): Promise<void> {
    const mode = replica.row("task", this.task).value?.mode;
    if (mode === "cluster" || mode === "zone") {
      this.put.value = { line, qty: said.qty, said };
      return feedback("right");
    }
    await this.share(said.qty, said);
    this.clear();
    feedback("right");
  }

  /** The right tote was scanned: now the line is picked. */
  putInto(tote: string): Promise<void> {
    return this.inTurn(async () => {
      const put = this.put.value;
      if (!put) return;
      await this.book(put.line, put.said, tote);
      this.put.value = null;
      this.clear();
      feedback("right");
    });
  }

  /** The tote is full with `qty` of the pieces in hand; the others go into this other one. */
  fillTote(toSlot: number, tote: string, qty: number): Promise<void> {
    return this.inTurn(async () => {
      const put = this.put.value;
      if (!put) return;
      const { line, said } = put;
      const { code, lot = line.lot, serials = [] } = said;
      const open = this.lines.value.filter(
        each => each.state === "open" && each.slot === line.slot,
      );
      await dispatch("picking.fill_tote", {
        ...{
          task: this.task,
          slot: line.slot,
          to_slot: toSlot,
          code: tote,
          line: line.no,
          qty,
          lot,
        },
        ...{ serials: serials.slice(0, qty), lines: open.map(({ no }) => no), item: code },
        epoch: replica.row("task", this.task).value?.epoch ?? 0,
      });
      const rest = this.lines.value.find(({ no }) => no === line.no + (qty > 0 ? REST : 0));
      const others = { ...said, qty: put.qty - qty, serials: serials.slice(qty) };
      if (rest?.state === "open") await this.book(rest, others, tote);
      this.put.value = null;
      this.clear();
      feedback("right");
    });
  }

  /** Fills the lines of this stop one after the other; how many pieces are left for the next. */
  private async share(pieces: number, said: Confirmed): Promise<number> {
    const { full, left } = shareOut(this.stopHere(), pieces);
    let taken = 0;
    for (const { line, qty } of full) {
      const serials = said.serials?.slice(taken, taken + qty);
      taken += qty;
      await this.book(line, { ...said, qty, ...(serials && { serials }) });
    }
    return left;
  }

  /** Too few for all lines of a stop: the first ones are filled, what is left is the next one's. */
  private async fill(line: Line, at: Position, found: number): Promise<number> {
    const lines = this.stopHere();
    const { lot, serials } = inHand(line, at);
    const said = { kind: "confirm", qty: 0, code: at.code, lot, serials } as const;
    const left = await this.share(found, said);
    const next = lines[shareOut(lines, found).full.length];
    if (next && next.no !== line.no)
      this.position.value = { ...at, no: next.no, counted: left, serials: serials.slice(-left) };
    return left;
  }

  private async book(line: Line, { qty, code, ...said }: Confirmed, tote = ""): Promise<void> {
    const epoch = replica.row("task", this.task).value?.epoch ?? 0;
    const { task, no, bin, sku } = line;
    const { lot = line.lot, serials = [] } = said;
    const what = { task, line: no, bin, sku, qty, lot, serials, code, tote, epoch };
    await dispatch("picking.confirm_pick", what);
    this.last.value = no;
    if (line.cures.empties && qty >= line.qty) this.zero.value = line;
  }
}

function cameNow(scan: Scan, raw: string, typed: boolean): Came {
  const rule = lotChange(replica.row("setting", "lot_change").value?.value);
  return { scan, raw, typed, today: isoDay(new Date()), lotChange: rule };
}

function linesOf(task: string): readonly Line[] {
  const lines: Line[] = [];
  for (const line of replica.view("line").value.values()) if (line.task === task) lines.push(line);
  return lines.sort((a, b) => a.no - b.no);
}

let latest: { whose: string; walker: Walker } | undefined;

/** The walk goes on where it was when the picker comes back from another screen. */
export function walkerOf(task: string): Walker {
  const whose = `${person.peek()?.id}/${task}`;
  if (latest?.whose !== whose) latest = { whose, walker: new Walker(task) };
  return latest.walker;
}
