// @vitest-environment node
import { describe, expect, it } from "vitest";
import { resolve } from "../../scan/resolve";
import { loadScan, missing, type Stop } from "./flow";
import { aboard, departLack, type Leaving, loadRules, shortOf } from "./loading";

const stop = (seq: number, parcels: Stop["parcels"], papers: string[] = []): Stop =>
  ({ id: `S${seq}`, seq, name: `Customer ${seq}`, parcels, papers }) as unknown as Stop;
const stops = [
  stop(1, [{ number: "P-1", loaded: true }]),
  stop(2, [
    { number: "P-2", loaded: false, short: "missing" },
    { number: "P-3", loaded: false },
  ]),
  stop(3, [{ number: "P-4", loaded: false }], ["packing_list"]),
];
const scan = (raw: string) => resolve(raw, { year: 2026 });

describe("what the site asks for at loading", () => {
  it("is asked for by nobody when there is no setting, or one that cannot be read", () => {
    const nothing = { signature: "may", photo: "may", plates: [] };
    expect(loadRules(undefined)).toEqual(nothing);
    expect(loadRules({ signature: "perhaps", plates: "VAN" })).toEqual(nothing);
  });

  it("is what the setting says", () => {
    const said = { signature: "must", photo: "off", plates: ["YK21 ABC"], papers: ["x"] };
    expect(loadRules(said)).toEqual({ signature: "must", photo: "off", plates: ["YK21 ABC"] });
  });
});

describe("parcels at the dock", () => {
  it("are no longer missing once there is a reason", () => {
    expect(missing(stops).map(({ parcel }) => parcel)).toEqual(["P-4", "P-3"]);
    expect(shortOf(stops).map(({ parcel, short }) => [parcel, short])).toEqual([
      ["P-2", "missing"],
    ]);
    expect(aboard(stops).map(({ parcel }) => parcel)).toEqual(["P-1"]);
  });

  it("are loaded when they turn up after all", () => {
    expect(loadScan(stops, scan("P-2"))).toMatchObject({ kind: "right", parcel: "P-2" });
  });

  it("stay there until their papers are complete", () => {
    expect(loadScan(stops, scan("P-4"))).toMatchObject({ kind: "papers", scanned: "P-4" });
  });
});

const ink = [
  [
    { x: 0, y: 0, t: 0 },
    { x: 2000, y: 0, t: 9 },
  ],
];
const leaving: Leaving = { vehicle: "YK21 ABC", strokes: ink, photos: 1, noPhoto: false };
const strict = loadRules({ signature: "must", photo: "must" });

describe("a departure", () => {
  it("needs a plate, whatever the site asks for", () => {
    expect(departLack({ ...leaving, vehicle: " " }, loadRules({}))).toBe("vehicle");
  });

  it("needs the driver's signature and a photo where the site says so", () => {
    expect(departLack(leaving, strict)).toBeNull();
    expect(departLack({ ...leaving, strokes: [] }, strict)).toBe("signature");
    expect(departLack({ ...leaving, photos: 0 }, strict)).toBe("photo");
  });

  it("takes no dot for a signature, even where none is needed", () => {
    const dot = [[{ x: 5, y: 5, t: 0 }]];
    expect(departLack({ ...leaving, strokes: dot }, loadRules({}))).toBe("signature");
    expect(departLack({ ...leaving, strokes: [] }, loadRules({}))).toBeNull();
  });

  it("does not wait for a camera that does not work", () => {
    expect(departLack({ ...leaving, photos: 0, noPhoto: true }, strict)).toBeNull();
  });
});

describe("a pallet's number", () => {
  const sscc = "395212340000000021";
  const on = (number: string, more: object = {}) => ({
    number,
    loaded: false,
    short: "",
    pallet: sscc,
    ...more,
  });
  const withPallet = (...parcels: Stop["parcels"][number][]): Stop[] =>
    [...parcels.entries()].map(([i, parcel]) => ({
      ...(stops[0] as Stop),
      id: `S${i}`,
      seq: i + 1,
      papers: [],
      parcels: [parcel],
    }));

  it("brings aboard what stands on it, of all stops, but not what was said to stay out", () => {
    const all = withPallet(
      on("P-1"),
      on("P-2", { loaded: true }),
      on("P-3", { short: "missing" }),
      { number: "P-4", loaded: false, short: "", pallet: "" },
      on("P-5"),
    );
    const found = loadScan(all, scan(`]C100${sscc}`));
    expect(found).toMatchObject({ kind: "pallet", pallet: sscc });
    const numbers = found.kind === "pallet" ? found.cartons.map(({ parcel }) => parcel) : [];
    expect(numbers).toEqual(["P-1", "P-5"]);
  });

  it("once more is once, and of another run is wrong", () => {
    const all = withPallet(on("P-1", { loaded: true }), on("P-2", { short: "missing" }));
    expect(loadScan(all, scan(`]C100${sscc}`))).toEqual({ kind: "again", parcel: sscc });
    const other = withPallet({ number: "P-1", loaded: false, short: "", pallet: "" });
    expect(loadScan(other, scan(`]C100${sscc}`))).toEqual({ kind: "wrong", scanned: sscc });
  });

  it("is held back by the papers of any of its stops", () => {
    const all = withPallet(on("P-1"), on("P-2"));
    const held = all.map((each, i) => (i === 1 ? { ...each, papers: ["packing_list"] } : each));
    expect(loadScan(held, scan(`]C100${sscc}`))).toMatchObject({ kind: "papers", scanned: sscc });
  });
});
