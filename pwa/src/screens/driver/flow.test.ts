import { describe, expect, it } from "vitest";
import { EMPTY } from "../../pod/draft";
import type { Clause } from "../../pod/policy";
import { policyOf } from "../../pod/record";
import { resolve } from "../../scan/resolve";
import {
  type Filled,
  firstLack,
  lackOf,
  leftBehind,
  loadScan,
  mapLink,
  missing,
  missingOf,
  nextStop,
  offScan,
  openExtras,
  type Stop,
  stepFrom,
  stepsOf,
  telLink,
} from "./flow";

const clause = (ask: Clause["ask"], outcomes: string[] = [], reasons: string[] = []): Clause => ({
  ask,
  outcomes,
  reasons,
});

const OFF = { signature: "off", receiver: "off", photo: "mandatory" } as const;
const EITHER = { signature: "one_of", photo: "one_of", receiver: "optional" } as const;
const USUAL = [
  clause({ signature: "mandatory", receiver: "mandatory", photo: "optional", slip: "optional" }),
  clause(EITHER, ["refused"]),
  clause({ photo: "mandatory" }, [], ["damaged"]),
  clause(OFF, ["failed"]),
];

const stop = (seq: number, fields: Partial<Stop> = {}): Stop => ({
  id: `S${seq}`,
  run: "R1",
  task: "T1",
  seq,
  order: `O${seq}`,
  order_number: `2026-EC-00000${seq}`,
  state: "planned",
  outcome: null,
  reason: null,
  name: `Customer ${seq}`,
  street: "1 Mill Lane",
  city: "Leeds",
  postcode: "LS1 4AP",
  country: "GB",
  phone: "",
  parcels: [
    { number: `P-${seq}A`, loaded: false },
    { number: `P-${seq}B`, loaded: true },
  ],
  lines: [
    { no: 1, sku: "MUG", name: "Mug", qty: 3 },
    { no: 2, sku: "TEE", name: "Tee", qty: 1 },
  ],
  lat_e7: null,
  lon_e7: null,
  opens_at: 0,
  closes_at: 0,
  eta: null,
  policy: { rev: "r1", clauses: USUAL, checklist: [], stages: [], correct_ms: 0 },
  pin: null,
  signed: null,
  proof: null,
  closed_at: null,
  left_behind: false,
  back: [],
  papers: [],
  ...fields,
});

const scan = (raw: string) => resolve(raw, { year: 2026 });
const run = [stop(2), stop(1), stop(3)];

describe("loading", () => {
  it("takes a parcel of the run and says which stop it goes to", () => {
    expect(loadScan(run, scan("P-2A"))).toMatchObject({ kind: "right", parcel: "P-2A" });
    expect(loadScan(run, scan("]C0P-2A"))).toMatchObject({ kind: "right", stop: { seq: 2 } });
  });

  it("stops at a parcel of another run", () => {
    expect(loadScan(run, scan("P-9A"))).toEqual({ kind: "wrong", scanned: "P-9A" });
  });

  it("stops at what is no parcel label", () => {
    expect(loadScan(run, scan("4006381333931")).kind).toBe("not_a_parcel");
    expect(loadScan(run, scan("L-A01-1-1")).kind).toBe("not_a_parcel");
  });

  it("does not book a parcel twice", () => {
    expect(loadScan(run, scan("P-2B"))).toEqual({ kind: "again", parcel: "P-2B" });
  });

  it("lists what is missing with the last stop's parcels first, as they go in", () => {
    expect(missing(run).map(({ parcel }) => parcel)).toEqual(["P-3A", "P-2A", "P-1A"]);
  });
});

describe("on the road", () => {
  it("goes to the first stop in sequence that is not closed", () => {
    expect(nextStop([stop(2), stop(1, { state: "closed" })])?.seq).toBe(2);
    expect(nextStop([stop(1, { state: "closed" })])).toBeUndefined();
  });

  it("knows a stop of which nothing is on the vehicle", () => {
    expect(leftBehind(stop(1))).toBe(false);
    expect(leftBehind(stop(1, { parcels: [{ number: "P-1A", loaded: false }] }))).toBe(true);
  });

  it("hands an address to the phone's map app with nothing left unescaped", () => {
    const odd = stop(1, { street: "7 R&D Court #4" });
    expect(mapLink(odd, false)).toBe(
      "geo:0,0?q=7%20R%26D%20Court%20%234%2C%20LS1%204AP%20Leeds%2C%20GB",
    );
    expect(mapLink(odd, true)).toMatch(/^https:\/\/maps\.apple\.com\/\?daddr=7%20R%26D/);
  });

  it("calls only a number", () => {
    expect(telLink("+44 (113) 496-0001")).toBe("tel:+441134960001");
    expect(telLink("ask at the desk")).toBeNull();
  });
});

describe("handing over", () => {
  it("takes this stop's parcels only", () => {
    expect(offScan(stop(1), [], scan("P-1B")).kind).toBe("right");
    expect(offScan(stop(1), ["P-1B"], scan("P-1B")).kind).toBe("again");
    expect(offScan(stop(1), [], scan("P-2B")).kind).toBe("wrong");
  });
});

const name = [
  [
    { x: 0, y: 0, t: 0 },
    { x: 3_000, y: 400, t: 90 },
  ],
];
const dot = [[{ x: 500, y: 500, t: 0 }]];
const photo = { of: "" };

const filled = (fields: Partial<Filled>): Filled => ({
  ...EMPTY,
  outcome: "full",
  receiver: "A. Receiver",
  strokes: name,
  photos: [],
  ...fields,
});

const asking = (ask: Clause["ask"]): Stop => {
  const question = { code: "seals", text: "Seals whole?" };
  const policy = { rev: "r2", clauses: [clause(ask)], checklist: [question], stages: [question] };
  return stop(1, { policy: { ...policy, correct_ms: 0 } });
};

const steps = (outcome: Filled["outcome"], at = stop(1), fields: Partial<Filled> = {}) => {
  const said = filled({ outcome, ...fields });
  return stepsOf(outcome, policyOf(at, said), said);
};

describe("the steps of a stop", () => {
  it("are as few as the outcome allows", () => {
    expect(steps("full")).toEqual(["handover", "receiver", "check"]);
    expect(steps("partial")).toEqual(["handover", "lines", "reason", "photo", "receiver", "check"]);
    expect(steps("refused")).toEqual(["handover", "reason", "photo", "receiver", "check"]);
    expect(steps("failed")).toEqual(["handover", "reason", "photo", "check"]);
    expect(stepsOf(null, policyOf(stop(1), filled({})), filled({}))).toEqual(["handover"]);
  });

  it("ask for whatever the policy wants", () => {
    const all = asking({
      photo: "mandatory",
      slip: "mandatory",
      inspection: "mandatory",
      stages: "mandatory",
      pin: "mandatory",
    });
    expect(steps("full", all)).toEqual([
      "handover",
      "photo",
      "slip",
      "inspection",
      "stages",
      "pin",
      "check",
    ]);
  });

  it("offer what is optional, and open it when the driver wants it", () => {
    const policy = policyOf(stop(1), filled({}));
    expect(openExtras(policy, steps("full"))).toEqual(["photo", "slip"]);
    const wanted = steps("full", stop(1), { extra: ["slip"] });
    expect(wanted).toEqual(["handover", "slip", "receiver", "check"]);
    expect(openExtras(policy, wanted)).toEqual(["photo"]);
  });

  it("go one by one and stay at either end", () => {
    const all = steps("failed");
    expect(stepFrom(all, "handover", 1)).toBe("reason");
    expect(stepFrom(all, "reason", -1)).toBe("handover");
    expect(stepFrom(all, "handover", -1)).toBe("handover");
    expect(stepFrom(all, "check", 1)).toBe("check");
  });
});

type Step = Parameters<typeof lackOf>[0];

const lack = (step: Step, fields: Partial<Filled>, at: Stop = stop(1)) => {
  const said = filled(fields);
  return lackOf(step, at, said, policyOf(at, said));
};

describe("what a step still lacks", () => {
  it("refuses an empty pad and a dot where a signature is asked for", () => {
    expect(lack("receiver", {})).toBeNull();
    expect(lack("receiver", { strokes: [] })).toBe("signature");
    expect(lack("receiver", { strokes: dot })).toBe("dot");
  });

  it("takes what the receiver signed on a phone of their own", () => {
    const signed = { link: "L", receiver: "Ann", signature: "", pin: "", shown: "", at: 1 };
    expect(lack("receiver", { strokes: [] }, stop(1, { signed }))).toBeNull();
  });

  it("asks for the receiver's name before the signature", () => {
    expect(lack("receiver", { receiver: "  ", strokes: [] })).toBe("receiver");
  });

  it("takes a photo or a signature of a refusal, but not neither", () => {
    const refused = { outcome: "refused", reason: "late", receiver: "" } as const;
    expect(lack("receiver", { ...refused, strokes: [] })).toBe("one_of");
    expect(lack("receiver", { ...refused, strokes: [], photos: [photo] })).toBeNull();
    expect(lack("receiver", { ...refused, strokes: name })).toBeNull();
  });

  it("knows that all of it is no part, and nothing of it neither", () => {
    const partial = { outcome: "partial", reason: "damaged" } as const;
    expect(lack("lines", partial)).toBe("lines_all");
    expect(lack("lines", { ...partial, delivered: { 1: 0, 2: 0 } })).toBe("lines_none");
    expect(lack("lines", { ...partial, delivered: { 1: 2 } })).toBeNull();
  });

  it("asks for a reason that fits the outcome", () => {
    expect(lack("reason", { outcome: "refused" })).toBe("reason");
    expect(lack("reason", { outcome: "refused", reason: "nobody_home" })).toBe("reason");
    expect(lack("reason", { outcome: "failed", reason: "nobody_home" })).toBeNull();
  });

  it("asks for a photo of damage unless a reason against it is recorded", () => {
    const broken = { outcome: "partial", reason: "damaged" } as const;
    expect(lack("photo", broken)).toBe("photo");
    expect(lack("photo", { ...broken, photos: [photo] })).toBeNull();
    expect(lack("photo", { ...broken, photos: [{ of: "slip" }] })).toBe("photo");
    expect(lack("photo", { ...broken, relaxed: { photo: "no_camera" } })).toBeNull();
  });

  it("asks for a photo of one line that is damaged", () => {
    const part = { outcome: "partial", reason: "late", delivered: { 1: 1 } } as const;
    expect(lack("photo", part)).toBeNull();
    expect(lack("photo", { ...part, lineReasons: { 1: "damaged" } })).toBe("photo");
    const shown = { ...part, lineReasons: { 1: "damaged" }, photos: [{ of: "1" }] };
    expect(lack("photo", shown)).toBeNull();
  });

  it.each([
    ["pin", { pin: "ok" }],
    ["slip", { photos: [{ of: "slip" }] }],
    ["inspection", { answers: { seals: { answer: "no", note: "" } } }],
    ["stages", { stages: { seals: { by: "Ann", at: 1 } } }],
  ] as const)("asks for %s until it is there", (method, said) => {
    const at = asking({ [method]: "mandatory" });
    expect(lack(method, {}, at)).toBe(method);
    expect(missingOf(at, filled(said), policyOf(at, filled(said)))).toEqual([]);
    expect(lack(method, said, at)).toBeNull();
  });

  it("leads back to the first step that a changed outcome left open", () => {
    const broken = filled({ outcome: "refused", reason: "damaged" });
    expect(firstLack(stop(1), broken)).toBe("photo");
    expect(firstLack(stop(1), filled({}))).toBeNull();
    const unsaid = { outcome: "refused", reason: "late", strokes: [] } as const;
    expect(firstLack(stop(1), filled(unsaid))).toBe("receiver");
  });
});
