import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { feedback } from "../../scan/feedback";
import { resolve, type Scan } from "../../scan/resolve";
import type { RawScan } from "../../scan/sources";
import { person } from "../../shell";
import { dispatch, replica } from "../../sync";
import { isoDay, readByPerson } from "../floor/item-scan";
import { saved } from "../floor/saved";
import { isMismatch, type PackLine, readPiece, type Stop, stillExpected } from "./pack";

/** One packer at one parcel: says each piece's fact, and each piece that does not belong. */
export class Bench {
  readonly task: string;
  readonly lines: ReadonlySignal<readonly PackLine[]>;
  readonly stop = signal<Stop | null>(null);
  /** The line whose piece was scanned last: the keypad counts this one. */
  readonly last = signal<number | null>(null);
  readonly typedTooMany = signal(false);
  private code = "";
  private turn: Promise<void> = Promise.resolve();

  constructor(task: string) {
    this.task = task;
    this.lines = computed(() => linesOf(task));
  }

  /** Scans and taps one after the other: each counts on what the one before has left. */
  private inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.turn.catch(() => undefined).then(() => saved(act));
    this.turn = done.then(() => undefined);
    return this.turn;
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

  /** How many pieces of the line scanned last are in the parcel, all told. */
  amount(packed: number): Promise<boolean> {
    let done = false;
    return this.inTurn(async () => {
      const line = this.lines.value.find(each => each.no === this.last.value);
      if (!line || !Number.isInteger(packed) || packed < 1) return;
      this.typedTooMany.value = packed > line.qty;
      if (this.typedTooMany.value) return feedback("wrong");
      await this.check(line, packed, this.code);
      done = true;
    }).then(() => done);
  }

  clear(): void {
    this.stop.value = null;
    this.typedTooMany.value = false;
  }

  private async piece(scan: Scan, raw: string): Promise<void> {
    const outcome = readPiece(this.lines.value, scan, isoDay(new Date()));
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
    await dispatch("packing.check_item", { task, line: no, sku, packed, code });
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
