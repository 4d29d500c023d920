import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { feedback } from "../../scan/feedback";
import { resolve } from "../../scan/resolve";
import { isByPerson, type RawScan } from "../../scan/sources";
import { person } from "../../shell";
import { dispatch, replica } from "../../sync";
import { isoDay } from "../floor/item-scan";
import type { Came } from "../floor/piece";
import { saved } from "../floor/saved";
import {
  begin,
  type MoveLine,
  type Outcome,
  openLines,
  type Position,
  readAmount,
  readScan,
  type Stop,
  stepBack,
} from "./mover";

/** What came off a scanner, read and dated. */
export function cameNow(came: RawScan): Came {
  const now = new Date();
  const scan = resolve(came.raw, { year: now.getFullYear() });
  return { scan, raw: came.raw, typed: isByPerson(came), today: isoDay(now) };
}

/** One person's way through one moving task: keeps the position, says each go's fact once. */
export class Carrier {
  readonly lines: ReadonlySignal<readonly MoveLine[]>;
  readonly ahead: ReadonlySignal<readonly MoveLine[]>;
  readonly line: ReadonlySignal<MoveLine | undefined>;
  readonly at: ReadonlySignal<Position | undefined>;
  readonly stop = signal<Stop | null>(null);
  readonly tooMany = signal(false);
  private readonly position = signal<Position | null>(null);
  private readonly verified = signal<string | null>(null);
  private turn: Promise<void> = Promise.resolve();

  readonly task: string;

  constructor(task: string) {
    this.task = task;
    this.lines = computed(() =>
      [...replica.view("move_line").value.values()].filter(line => line.task === task),
    );
    this.ahead = computed(() => openLines(this.lines.value));
    this.line = computed(() => this.ahead.value[0]);
    this.at = computed(() => {
      const line = this.line.value;
      if (!line) return undefined;
      const kept = this.position.value;
      const same = kept?.no === line.no && kept.before === line.moved;
      return same ? kept : begin(line, this.verified.value);
    });
  }

  /** Scans and taps one after the other. */
  private inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.turn.catch(() => undefined).then(() => saved(act));
    this.turn = done.then(() => undefined);
    return this.turn;
  }

  take(raw: RawScan): Promise<void> {
    return this.inTurn(async () => {
      const line = this.line.value;
      const at = this.at.value;
      if (!line || !at) return feedback("wrong");
      const before = this.stop.value;
      const refused = before?.why === "other_place" ? before.scanned : null;
      await this.settle(line, at, readScan(line, at, cameNow(raw), refused));
    });
  }

  /** The worker has put the goods into another place than proposed. */
  putElsewhere(place: string): Promise<void> {
    return this.inTurn(async () => {
      const line = this.line.value;
      const at = this.at.value;
      if (line && at?.step === "to") await this.settle(line, at, { kind: "confirm", to: place });
    });
  }

  amount(qty: number): boolean {
    const line = this.line.value;
    const at = this.at.value;
    const amount = line && at ? readAmount(line, at, qty) : null;
    this.tooMany.value = amount?.kind === "too_many";
    if (amount?.kind !== "onward") {
      feedback("wrong");
      return false;
    }
    this.position.value = amount.at;
    feedback("right");
    return true;
  }

  back(): void {
    const line = this.line.value;
    const at = this.at.value;
    if (!line || !at) return;
    this.position.value = stepBack(line, at);
    this.clear();
  }

  clear(): void {
    this.stop.value = null;
    this.tooMany.value = false;
  }

  /** It cannot be brought: what was found may still be. */
  report(reason: string, found: number, note: string): Promise<void> {
    return this.inTurn(async () => {
      const line = this.line.value;
      if (!line) return;
      const { task, no, from_bin: bin, moved: before } = line;
      const epoch = this.epoch();
      const body = { task, line: no, bin, reason, found, before, note, epoch };
      await dispatch("moving.report_move", body);
      this.clear();
      feedback("right");
    });
  }

  private async settle(line: MoveLine, at: Position, outcome: Outcome): Promise<void> {
    if (outcome.kind === "stop") {
      this.stop.value = outcome.stop;
      return feedback("wrong");
    }
    this.clear();
    if (outcome.kind === "confirm") await this.confirm(line, at, outcome.to);
    if (outcome.kind === "onward") {
      if (outcome.at.step === "item") this.verified.value = line.from_bin;
      this.position.value = outcome.at;
    }
    feedback("right");
  }

  /** Green only after it is on the disk. */
  private async confirm(line: MoveLine, at: Position, to: string): Promise<void> {
    const { task, no, sku, lot, from_bin, moved: before } = line;
    const what = { task, line: no, sku, lot, from_bin, before, epoch: this.epoch() };
    await dispatch("moving.confirm_move", { ...what, to_bin: to, qty: at.qty, code: at.code });
    this.position.value = null;
    // They walk from there: the next source must be scanned, unless it is this very place.
    this.verified.value = to;
  }

  private epoch(): number {
    return replica.row("task", this.task).value?.epoch ?? 0;
  }
}

let latest: { whose: string; carrier: Carrier } | undefined;

/** The work goes on where it was when the worker comes back from another screen. */
export function carrierOf(task: string): Carrier {
  const whose = `${person.peek()?.id}/${task}`;
  if (latest?.whose !== whose) latest = { whose, carrier: new Carrier(task) };
  return latest.carrier;
}
