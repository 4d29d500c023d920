import { computed, type ReadonlySignal, signal } from "@preact/signals";
import {
  currentCarton,
  insideOf,
  type Job,
  type JobCarton,
  wanted,
} from "../../packing/bench-plan";
import { type Carton, cartonsOf, type Packing, packingOf } from "../../packing/settings";
import { feedback } from "../../scan/feedback";
import { resolve, type Scan } from "../../scan/resolve";
import type { RawScan } from "../../scan/sources";
import { person } from "../../shell";
import { dispatch, replica } from "../../sync";
import { isoDay, readByPerson } from "../floor/item-scan";
import { saved } from "../floor/saved";
import { isMismatch, type PackLine, readPiece, type Stop, stillExpected } from "./pack";

/** What the scale said, or the packer; 0 g: not weighed. */
export interface Weighed {
  readonly grams: number;
  readonly scale: "" | "typed" | "port";
  /** Why it is right although it is not as expected. */
  readonly reason: "" | "packaging" | "item_weight" | "scale" | "other";
}

export const site = {
  packing: computed<Packing>(() => packingOf(replica.row("setting", "packing").value?.value)),
  cartons: computed<Carton[]>(() => cartonsOf(replica.row("setting", "cartons").value?.value)),
  guide: computed<unknown>(() => replica.row("setting", "packing_guide").value?.value),
};

/** One packer at one order: says each piece's fact, and each piece that does not belong. */
export class Bench {
  readonly task: string;
  readonly lines: ReadonlySignal<readonly PackLine[]>;
  readonly job: ReadonlySignal<Job | undefined>;
  readonly carton: ReadonlySignal<JobCarton | undefined>;
  /** The packer counts and is not told how many there should be. */
  readonly blind: ReadonlySignal<boolean>;
  readonly stop = signal<Stop | null>(null);
  /** The line whose piece was scanned last: the keypad counts this one. */
  readonly last = signal<number | null>(null);
  readonly typedTooMany = signal(false);
  /** This carton is on its way to the tape, whatever else is to be packed. */
  readonly closing = signal(false);
  readonly weighed = signal<Weighed | null>(null);
  private code = "";
  private turn: Promise<void> = Promise.resolve();

  constructor(task: string) {
    this.task = task;
    this.lines = computed(() => linesOf(task));
    this.job = computed(() => replica.row("pack_job", task).value);
    this.carton = computed(() => this.job.value && currentCarton(this.job.value));
    this.blind = computed(() => site.packing.value.blind && this.job.value?.counted === false);
  }

  /** Scans and taps one after the other: each counts on what the one before has left. */
  private inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.turn.catch(() => undefined).then(() => saved(act));
    this.turn = done.then(() => undefined);
    return this.turn;
  }

  private get parcel(): string {
    return this.carton.value?.parcel ?? "";
  }

  take({ raw }: RawScan): Promise<void> {
    const now = new Date();
    const scan = resolve(raw, { year: now.getFullYear() });
    return this.inTurn(() => this.piece(scan, raw));
  }

  /** The packer has read the label: the doubtful value is what stands there. */
  labelIsRight(): Promise<void> {
    const scan = this.stop.value?.doubtful;
    return this.inTurn(async () => {
      if (scan && this.stop.value?.doubtful === scan)
        await this.piece(readByPerson(scan), scan.text);
    });
  }

  /** How many pieces of a line are in this carton, all told. */
  amount(no: number | null, packed: number): Promise<boolean> {
    let done = false;
    return this.inTurn(async () => {
      const line = this.lines.value.find(each => each.no === no);
      if (!line || !Number.isInteger(packed) || packed < 0) return;
      this.typedTooMany.value = !this.blind.value && packed > this.most(line);
      if (this.typedTooMany.value) return feedback("wrong");
      await this.check(line, packed, this.code);
      done = true;
    }).then(() => done);
  }

  /** The most that may be in this carton. */
  most(line: PackLine): number {
    return wanted(line) - (line.packed - insideOf(line, this.parcel));
  }

  /** One piece comes out of this carton again; whether there was one. */
  takeOut(no: number): Promise<boolean> {
    const line = this.lines.value.find(each => each.no === no);
    const packed = line ? insideOf(line, this.parcel) : 0;
    return packed > 0 ? this.amount(no, packed - 1) : Promise.resolve(false);
  }

  /** Whether the line scanned last still has a piece in this carton. */
  get undoable(): PackLine | undefined {
    return this.lines.value.find(
      ({ no, ...line }) => no === this.last.value && insideOf({ ...line, no }, this.parcel) > 0,
    );
  }

  clear(): void {
    this.stop.value = null;
    this.typedTooMany.value = false;
  }

  /** The carton is sealed: the next one begins afresh. */
  begin(): void {
    this.closing.value = false;
    this.weighed.value = null;
    this.last.value = null;
  }

  private async piece(scan: Scan, raw: string): Promise<void> {
    const into = { parcel: this.parcel, blind: this.blind.value };
    const outcome = readPiece(this.lines.value, scan, isoDay(new Date()), into);
    if (outcome.kind === "check") return this.check(outcome.line, outcome.packed, raw);
    this.stop.value = outcome.stop;
    feedback("wrong");
    if (!isMismatch(outcome.stop)) return;
    const expected = stillExpected(this.lines.value);
    await dispatch("packing.report_mismatch", { task: this.task, code: raw, expected });
  }

  /** Green only after it is on the disk. */
  private async check(line: PackLine, packed: number, code: string): Promise<void> {
    const { task, no, sku } = line;
    const where = { parcel: this.parcel, blind: this.blind.value };
    await dispatch("packing.check_item", { task, line: no, sku, packed, code, ...where });
    this.code = code;
    this.last.value = no;
    this.clear();
    feedback("right");
  }
}

function linesOf(task: string): readonly PackLine[] {
  const lines: PackLine[] = [];
  for (const line of replica.view("pack_line").value.values())
    if (line.task === task) lines.push(line);
  return lines.sort((a, b) => a.no - b.no);
}

let latest: { whose: string; bench: Bench } | undefined;

/** The bench is as it was when the packer comes back from another screen. */
export function benchOf(task: string): Bench {
  const whose = `${person.peek()?.id}/${task}`;
  if (latest?.whose !== whose) latest = { whose, bench: new Bench(task) };
  return latest.bench;
}
