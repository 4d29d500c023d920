/** How an answer changes what is durable: the part of the core that must never be wrong. */
import { isRecord } from "../kernel/http";
import { type Answer, type Delta, type Restart, sameCursors } from "../kernel/wire";
import type { Asked, Change, Durable, Mark } from "./state";

const DAY = 86_400_000;

export interface Adopted {
  readonly durable: Durable;
  readonly change: Change;
}

/**
 * What the device becomes by an answer to what it `asked`; `null` when the answer is of another
 * life or continues cursors that are no longer ours (somebody moved us on).
 */
export function adopt(durable: Durable, answer: Answer, asked: Asked, at: number): Adopted | null {
  if ("restart" in answer) return restart(durable, answer);
  if (answer.epoch !== durable.epoch || asked.epoch !== durable.epoch) return null;
  if (!sameCursors(asked.cur, durable.cur)) return null;
  return continued(durable, answer, at);
}

function continued(durable: Durable, answer: Delta, at: number): Adopted {
  const { cur, more } = answer;
  const rows = answer.rows.filter(([scope]) => scope in cur);
  const gone = Object.keys(durable.cur).filter(scope => !(scope in cur));
  const seen = Math.max(durable.seen, doneIn(answer, durable.device));
  // Half a snapshot shows half the effects: an operation stays pending until the last page.
  const done = more ? durable.done : seen;
  const answered = done > durable.done ? mark(durable.answered, { n: done, at }) : durable.answered;
  return {
    durable: { ...durable, cur, seen, done, more, answered },
    change: { forget: [...gone, ...answer.reset], rows },
  };
}

function doneIn(answer: Delta, device: string): number {
  const scope = `d:${device}`;
  let highest = 0;
  for (const [at, kind, , , body] of answer.rows)
    if (at === scope && kind === "done" && typeof body === "number")
      highest = Math.max(highest, body);
  return highest;
}

/** Another life of the store: what it had not taken by the time of its backup is sent again. */
function restart(durable: Durable, answer: Restart): Adopted | null {
  // Lives sort by the time they began: an older one is an answer that was long under way.
  if (answer.epoch <= durable.epoch) return null;
  const { last_n } = answer;
  const answered = durable.answered.filter(m => m.n <= last_n);
  return {
    durable: {
      device: durable.device,
      epoch: answer.epoch,
      cur: {},
      done: last_n,
      seen: last_n,
      more: true,
      answered,
    },
    change: { forget: "all", rows: [] },
  };
}

/** One mark a day is enough to know what is older than 30 days. */
function mark(marks: readonly Mark[], next: Mark): readonly Mark[] {
  const last = marks.at(-1);
  const sameDay = last && Math.floor(last.at / DAY) === Math.floor(next.at / DAY);
  return [...(sameDay ? marks.slice(0, -1) : marks), next];
}

/** The highest operation that was answered before `at`. */
export function answeredBefore(marks: readonly Mark[], at: number): number {
  return marks.reduce((n, m) => (m.at < at ? Math.max(n, m.n) : n), 0);
}

/** An answer from the wire: unknown fields are left alone, a missing one makes it none of ours. */
export function readAnswer(body: unknown): Answer | null {
  if (!isRecord(body) || typeof body.epoch !== "string") return null;
  if (body.restart === true)
    return typeof body.last_n === "number" ? (body as unknown as Restart) : null;
  if (!Array.isArray(body.rows) || !isRecord(body.cur)) return null;
  const { reset, more } = body;
  return {
    ...(body as unknown as Delta),
    reset: Array.isArray(reset) ? (reset as string[]) : [],
    more: more === true,
  };
}
