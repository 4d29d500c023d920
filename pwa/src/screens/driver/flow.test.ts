import { describe, expect, it } from "vitest";
import { policyOf } from "../../pod/policy";
import { resolve } from "../../scan/resolve";
import {
  type Filled,
  firstLack,
  lackOf,
  leftBehind,
  loadScan,
  mapLink,
  missing,
  nextStop,
  offScan,
  type Stop,
  stepFrom,
  stepsOf,
  telLink,
} from "./flow";

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
  ask: ["signature", "receiver"],
  lat_e7: null,
  lon_e7: null,
  opens_at: 0,
  closes_at: 0,
  eta: null,
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

const steps = (outcome: Filled["outcome"], ask: readonly string[] = [], reason = "") =>
  stepsOf(outcome, policyOf(ask, outcome, reason));

describe("the steps of a stop", () => {
  it("are as few as the outcome allows", () => {
    expect(steps("full")).toEqual(["handover", "receiver", "check"]);
    expect(steps("full", ["photo"])).toEqual(["handover", "photo", "receiver", "check"]);
    expect(steps("partial")).toEqual(["handover", "lines", "reason", "photo", "receiver", "check"]);
    expect(steps("refused")).toEqual(["handover", "reason", "photo", "receiver", "check"]);
    expect(steps("failed")).toEqual(["handover", "reason", "photo", "check"]);
    expect(stepsOf(null, policyOf([], "full", ""))).toEqual(["handover"]);
  });

  it("go one by one and stay at either end", () => {
    const all = steps("failed");
    expect(stepFrom(all, "handover", 1)).toBe("reason");
    expect(stepFrom(all, "reason", -1)).toBe("handover");
    expect(stepFrom(all, "handover", -1)).toBe("handover");
    expect(stepFrom(all, "check", 1)).toBe("check");
  });
});

const name = [
  [
    { x: 0, y: 0, t: 0 },
    { x: 3_000, y: 400, t: 90 },
  ],
];
const dot = [[{ x: 500, y: 500, t: 0 }]];

const filled = (fields: Partial<Filled>): Filled => ({
  outcome: "full",
  reason: "",
  delivered: {},
  receiver: "A. Receiver",
  strokes: name,
  photos: 0,
  noPhoto: false,
  ...fields,
});

const lack = (step: Parameters<typeof lackOf>[0], fields: Partial<Filled>, ask = stop(1).ask) => {
  const said = filled(fields);
  return lackOf(step, stop(1), said, policyOf(ask, said.outcome, said.reason));
};

describe("what a step still lacks", () => {
  it("refuses an empty pad and a dot where a signature is asked for", () => {
    expect(lack("receiver", {})).toBeNull();
    expect(lack("receiver", { strokes: [] })).toBe("signature");
    expect(lack("receiver", { strokes: dot })).toBe("signature");
  });

  it("refuses a dot even where no signature is needed, but not an empty pad", () => {
    expect(lack("receiver", { outcome: "refused", strokes: dot })).toBe("signature");
    expect(lack("receiver", { outcome: "refused", strokes: [], receiver: "" })).toBeNull();
  });

  it("asks for the receiver's name before the signature", () => {
    expect(lack("receiver", { receiver: "  ", strokes: [] })).toBe("receiver");
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

  it("asks for a photo of damage unless none can be taken", () => {
    const broken = { outcome: "partial", reason: "damaged" } as const;
    expect(lack("photo", broken)).toBe("photo");
    expect(lack("photo", { ...broken, photos: 1 })).toBeNull();
    expect(lack("photo", { ...broken, noPhoto: true })).toBeNull();
  });

  it("leads back to the first step that a changed outcome left open", () => {
    const refused = filled({ outcome: "refused", reason: "late" });
    expect(firstLack(stop(1), refused, policyOf([], "refused", "late"))).toBe("photo");
    expect(firstLack(stop(1), filled({}), policyOf(stop(1).ask, "full", ""))).toBeNull();
  });
});
