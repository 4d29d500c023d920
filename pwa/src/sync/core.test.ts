// @vitest-environment node
import { describe, expect, it } from "vitest";
import { type Cursors, type Delta, MAX_OPS, type WireOp } from "../kernel/wire";
import { answeredBefore, readAnswer } from "./adopt";
import { initial, step } from "./core";
import { fresh } from "./disk";
import { backOff } from "./link";
import type { Happening } from "./shell";
import type { Effect, Event, State } from "./state";

const DAY = 86_400_000;
const op = (n: number, note = ""): WireOp => ({
  n,
  id: `${n}`,
  sid: "s1",
  k: "picking.confirm_pick",
  v: 1,
  at: n,
  boot: "b",
  mono: n,
  body: { note },
  refs: [],
});

const CUR: Cursors = { "d:k7": "5.1", "u:17": "5.1" };
const DURABLE = { ...fresh("k7", "001"), cur: CUR, more: false };

class Core {
  state: State;
  effects: readonly Effect[] = [];

  constructor(
    ops: readonly WireOp[] = [],
    state: Partial<State> = { behind: false, heard: 1_000 },
  ) {
    this.state = { ...initial(DURABLE, ops, ops.length, "s1", "1.0.0"), ...state };
  }

  hear(happening: Happening, at = 1_000, jitter = 0.5): this {
    [this.state, this.effects] = step(this.state, { ...happening, at, jitter } as Event);
    return this;
  }

  up(): this {
    return this.hear({ t: "start" }).hear({ t: "opened" });
  }

  fails(status: number, code = "busy", wait = 0, jitter = 0.5): this {
    const id = this.state.asking?.id ?? -1;
    return this.hear({ t: "failed", id, status, error: { code }, wait }, 1_000, jitter);
  }

  answers(answer: Partial<Delta>): this {
    const id = this.state.asking?.id ?? -1;
    const { epoch, cur } = this.state.durable;
    const full = { epoch, now: 0, rows: [], cur, reset: [], more: false, ...answer };
    return this.hear({ t: "answer", id, asked: { epoch, cur }, answer: full });
  }

  get sent() {
    return this.effects.find(effect => effect.t === "send");
  }

  timer(name: string): number | undefined {
    const of = (e: Effect): e is Effect & { t: "timer" } => e.t === "timer" && e.name === name;
    return this.effects.find(of)?.ms;
  }

  does(t: Effect["t"]): boolean {
    return this.effects.some(effect => effect.t === t);
  }
}

const done = (n: number) => [["d:k7", "done", "", 6, n]] as const;

describe("asking", () => {
  it("goes by the socket when it is up and by POST when it is not", () => {
    expect(new Core().up().sent?.via).toBe("ws");
    expect(new Core().hear({ t: "start" }).hear({ t: "closed" }).sent?.via).toBe("http");
  });

  it("sends an operation at once when nothing is under way", () => {
    const core = new Core().up().answers({});
    core.hear({ t: "queued", ops: [op(1)] });
    expect(core.sent?.frame.ops.map(o => o.n)).toEqual([1]);
  });

  it("sends at most fifty operations, and no more than a frame holds, but always one", () => {
    const many = Array.from({ length: 120 }, (_, i) => op(i + 1));
    expect(new Core(many).hear({ t: "start" }).sent?.frame.ops).toHaveLength(MAX_OPS);
    const fat = [op(1, "x".repeat(150_000)), op(2, "x".repeat(100_000))];
    expect(new Core(fat).up().sent?.frame.ops).toHaveLength(1);
    expect(new Core([op(1, "x".repeat(199_000))]).up().sent?.frame.ops).toHaveLength(1);
  });

  it("asks again at once while there is more, without sending the same operations again", () => {
    const core = new Core([op(1)]).up().answers({ more: true });
    expect(core.sent?.frame.ops).toEqual([]);
    expect(core.state.pending).toHaveLength(1);
    core.answers({ rows: done(1) });
    expect(core.state.pending).toEqual([]);
    expect(core.state.durable.done).toBe(1);
  });

  it("names the newest sign-in, and asks again when it changed under way", () => {
    const core = new Core().up();
    core.hear({ t: "person", sid: "s2" });
    expect(core.sent).toBeUndefined();
    expect(core.answers({}).sent?.frame.sid).toBe("s2");
  });

  it("waits when the server makes no headway with an operation", () => {
    const core = new Core([op(1)]).up().answers({});
    expect(core.sent).toBeUndefined();
    expect(core.timer("ask")).toBeGreaterThanOrEqual(1_000);
  });
});

describe("catching up", () => {
  const ops = (count: number) => Array.from({ length: count }, (_, i) => op(i + 1));
  const back = (count = 0) => new Core(ops(count), {}).hear({ t: "start" });

  it("goes by POST while the socket opens, and the last question places the socket", () => {
    const core = back();
    expect(core.does("connect")).toBe(true);
    expect(core.sent?.via).toBe("http");
    core.hear({ t: "opened" });
    expect(core.sent).toBeUndefined();
    expect(core.answers({ more: true }).sent?.via).toBe("http");
    expect(core.answers({}).sent?.via).toBe("ws");
    expect(core.answers({}).sent).toBeUndefined();
  });

  it("waits for a socket that is still opening once it has caught up", () => {
    const core = back().answers({});
    expect(core.sent).toBeUndefined();
    expect(core.hear({ t: "opened" }).sent?.via).toBe("ws");
  });

  it("hands a backlog over by POST, frame by frame, and keeps the socket for the rest", () => {
    const core = back(120).hear({ t: "opened" });
    const ways = [50, 100].map(n => core.answers({ rows: done(n) }).sent?.via);
    expect(ways).toEqual(["http", "http"]);
    expect(core.answers({ rows: done(120) }).sent).toMatchObject({ via: "ws", frame: { ops: [] } });
    core.answers({});
    expect(core.hear({ t: "queued", ops: [op(121)] }).sent?.via).toBe("ws");
  });

  it("asks nothing by a timer of the way back once its socket is placed", () => {
    const core = new Core().hear({ t: "closed" }).hear({ t: "timer", name: "connect" });
    core.hear({ t: "opened" }).answers({}).answers({});
    expect(core.hear({ t: "timer", name: "ask" }).state.asking).toBeNull();
    expect(core.hear({ t: "pull" }).state.asking).not.toBeNull();
  });

  it("goes on by the socket after a POST that failed, and by POST where there is none", () => {
    const core = back().hear({ t: "opened" }).answers({ more: true }).fails(0);
    expect(core.hear({ t: "timer", name: "ask" }).sent?.via).toBe("ws");
    expect(core.answers({ more: true }).sent?.via).toBe("http");
    const alone = back().answers({ more: true }).fails(0);
    expect(alone.hear({ t: "timer", name: "ask" }).sent?.via).toBe("http");
  });

  it("does not lose its POST when the socket closes, and places the next socket", () => {
    const core = back().hear({ t: "opened" }).hear({ t: "closed" });
    expect(core.state.asking?.via).toBe("http");
    core.answers({});
    core.hear({ t: "timer", name: "connect" });
    expect(core.hear({ t: "opened" }).sent?.via).toBe("ws");
  });

  it("discards a push that overtakes the answer to a POST, and asks on the socket", () => {
    const core = new Core().up().answers({}).hear({ t: "pull" });
    expect(core.sent?.via).toBe("http");
    const delta = { epoch: "001", now: 0, rows: [], reset: [], more: false };
    const cur = { ...CUR, "u:17": "6.1" };
    core.hear({ t: "push", base: CUR, answer: { ...delta, cur } });
    expect(core.does("save")).toBe(false);
    expect(core.answers({ cur }).sent).toMatchObject({ via: "ws", frame: { cur } });
  });

  it("is what a long absence, a new sign-in and too much news call for; a short one is not", () => {
    const lost = () => new Core().up().answers({}).hear({ t: "closed" }, 2_000);
    expect(lost().hear({ t: "online" }, 30_000).sent).toBeUndefined();
    expect(lost().hear({ t: "online" }, 70_000).sent?.via).toBe("http");
    const asleep = new Core().up().answers({});
    expect(asleep.hear({ t: "visible" }, 3_600_000).sent?.via).toBe("http");
    const other = new Core().up().answers({}).hear({ t: "person", sid: "s2" });
    expect(other.sent?.via).toBe("http");
  });
});

describe("the socket", () => {
  it("is closed after 15 s of silence and opened anew", () => {
    const core = new Core().up();
    expect(core.hear({ t: "heard" }).timer("silence")).toBe(15_000);
    core.hear({ t: "timer", name: "silence" });
    expect(core.does("close")).toBe(true);
    expect(core.state).toMatchObject({ link: "down", online: false, asking: null });
    expect(core.timer("connect")).toBeDefined();
  });

  it("hears from us each 10 s", () => {
    const core = new Core().up().hear({ t: "timer", name: "beat" });
    expect(core.does("beat")).toBe(true);
    expect(core.timer("beat")).toBe(10_000);
  });

  it("is not waited for by work where sockets have failed before", () => {
    const core = new Core().hear({ t: "start" }).hear({ t: "closed" }).answers({});
    core.hear({ t: "timer", name: "connect" });
    expect(core.state.link).toBe("connecting");
    expect(core.hear({ t: "queued", ops: [op(1)] }).sent?.via).toBe("http");
  });

  it("backs off with full jitter between 1 s and 30 s", () => {
    expect([1, 2, 3, 4, 5, 6, 9].map(n => backOff(n, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(backOff(9, 0)).toBe(100);
  });

  it("says since when it has been away", () => {
    const core = new Core().up().hear({ t: "offline" }, 7_000);
    expect(core.state).toMatchObject({ online: false, since: 7_000 });
    expect(core.hear({ t: "online" }).does("connect")).toBe(true);
  });
});

describe("pushes", () => {
  const push = (core: Core, base: Cursors) =>
    core.hear({
      t: "push",
      base,
      answer: {
        epoch: "001",
        now: 0,
        rows: done(1),
        cur: { ...CUR, "d:k7": "6.1" },
        reset: [],
        more: false,
      },
    });

  it("count when they continue our cursors", () => {
    const core = push(new Core([op(1)]).up().answers({}).hear({ t: "timer", name: "beat" }), CUR);
    expect(core.does("save")).toBe(true);
    expect(core.state.durable.cur["d:k7"]).toBe("6.1");
  });

  it("are discarded and asked for when they do not", () => {
    const core = push(new Core().up().answers({}), { ...CUR, "d:k7": "4.1" });
    expect(core.does("save")).toBe(false);
    expect(core.sent).toBeDefined();
  });
});

describe("errors", () => {
  it("401: the device proves itself, then asks again", () => {
    const core = new Core().up().fails(401, "not_signed_in");
    expect(core.does("authenticate")).toBe(true);
    expect(core.hear({ t: "authenticated", ok: true }).sent).toBeDefined();
  });

  it("401 again and again does not become a storm", () => {
    const core = new Core().up().fails(401).hear({ t: "authenticated", ok: true }).fails(401);
    expect(core.hear({ t: "authenticated", ok: true }).sent).toBeUndefined();
  });

  it("403 revoked: hands over everything that was done, batch by batch, then stops", () => {
    const core = new Core(Array.from({ length: 60 }, (_, i) => op(i + 1))).up();
    core.fails(403, "revoked");
    expect(core.state.stopped).toEqual({ code: "revoked", retry: false });
    expect(core.sent?.frame.ops.map(o => o.n)[0]).toBe(51);
    core.fails(403, "revoked");
    expect(core.sent).toBeUndefined();
    expect(core.state.pending).toHaveLength(60);
    core.hear({ t: "queued", ops: [op(61)] });
    expect(core.sent?.frame.ops.map(o => o.n)).toEqual([61]);
  });

  it("409 fork: sends nothing any more and keeps everything", () => {
    const core = new Core([op(1)]).up().fails(409, "fork");
    core
      .hear({ t: "queued", ops: [op(2)] })
      .hear({ t: "timer", name: "ask" })
      .hear({ t: "online" });
    expect(core.sent).toBeUndefined();
    expect(core.does("connect")).toBe(false);
    expect(core.state.pending).toHaveLength(2);
  });

  it("409 rewound: tries again once a minute", () => {
    const core = new Core().up().fails(409, "rewound");
    expect(core.state.stopped).toEqual({ code: "rewound", retry: true });
    expect(core.timer("ask")).toBe(60_000);
    expect(core.hear({ t: "timer", name: "ask" }).answers({}).state.stopped).toBeNull();
  });

  it("413: sends half as many", () => {
    const core = new Core(Array.from({ length: 50 }, (_, i) => op(i + 1))).up().fails(413);
    expect(core.hear({ t: "timer", name: "ask" }).sent?.frame.ops).toHaveLength(25);
  });

  it("426: the operations are handed over and the app must be loaded anew", () => {
    const core = new Core([op(1)]).up().fails(426, "too_old");
    expect(core.state.stopped).toEqual({ code: "too_old", retry: false });
    expect(core.state.pending).toHaveLength(1);
  });

  it("503 and 429: waits as long as the server says", () => {
    expect(new Core().up().fails(503, "busy", 45).timer("ask")).toBe(45_000);
    expect(new Core().up().fails(429, "wait", 3, 0).timer("ask")).toBe(3_000);
  });

  it("an answer for operations that this disk never held: the disk is an older copy", () => {
    const core = new Core([op(1)]).up().answers({ rows: done(9) });
    expect(core.state.stopped?.code).toBe("fork");
    expect(core.does("save")).toBe(false);
  });
});

describe("answers", () => {
  it("may carry fields that this build does not know, and must carry those it needs", () => {
    const known = { epoch: "001", now: 1, rows: [], cur: {} };
    expect(readAnswer({ ...known, shiny: true })).toMatchObject({ reset: [], more: false });
    expect(readAnswer({ restart: true, epoch: "002", last_n: 3, also: [] })).toMatchObject({
      last_n: 3,
    });
    for (const none of [null, "x", {}, { epoch: "001" }, { restart: true, epoch: "002" }])
      expect(readAnswer(none)).toBeNull();
  });

  it("of another life put every kept operation back to pending, those queued meanwhile too", () => {
    const core = new Core([op(1), op(2), op(3)]).up().answers({ rows: done(3) as never });
    core.hear({ t: "queued", ops: [op(4)] });
    const { epoch, cur } = core.state.durable;
    const answer = { restart: true, epoch: "002", last_n: 1, now: 0 } as const;
    const kept = [op(1), op(2), op(3)];
    const id = core.state.asking?.id ?? -1;
    core.hear({ t: "answer", id, asked: { epoch, cur }, answer, kept });
    expect(core.state.pending.map(({ n }) => n)).toEqual([2, 3, 4]);
  });

  it("are remembered by day, so that nothing younger than 30 days is pruned", () => {
    const core = new Core(Array.from({ length: 9 }, (_, i) => op(i + 1)));
    const answerAt = (at: number, n: number) => {
      const { epoch, cur } = core.state.durable;
      const answer = { epoch, now: 0, rows: done(n), cur, reset: [], more: false };
      core.hear({ t: "answer", id: -1, asked: { epoch, cur }, answer }, at);
    };
    answerAt(DAY, 2);
    answerAt(DAY + 5, 3);
    answerAt(9 * DAY, 8);
    const { answered } = core.state.durable;
    expect(answered).toHaveLength(2);
    expect(answeredBefore(answered, DAY)).toBe(0);
    expect(answeredBefore(answered, 2 * DAY)).toBe(3);
    expect(answeredBefore(answered, 10 * DAY)).toBe(8);
  });
});
