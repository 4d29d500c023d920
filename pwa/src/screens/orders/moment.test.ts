import { beforeEach, expect, test } from "vitest";
import { EVENTS } from "../../gen/codes";
import { chooseLanguage } from "../../i18n";
import { resolve } from "../../scan/resolve";
import { asides, momentTone, sentence } from "./moment";
import { searchText } from "./search-text";
import type { Moment } from "./story-types";

beforeEach(() => chooseLanguage("en"));

function moment(kind: string, data: Record<string, unknown>): Moment {
  return {
    at: 0,
    kind,
    person: null,
    person_name: null,
    device: "k1",
    device_name: null,
    data,
    photos: [],
    signature: null,
    proof: null,
  };
}

test("a moment is told in words, not in the server's codes", () => {
  expect(sentence(moment("orders.moved", { before: "picking", after: "picked" }))).toBe(
    "Picking → Picked",
  );
  const short = { sku: "MUG", bin: "A1", asked: 3, found: 1, reason: "missing", note: "wet" };
  expect(sentence(moment("picking.line_short", short))).toBe("Short: 1 of 3 × MUG in A1 (missing)");
  expect(asides(moment("picking.line_short", short))).toEqual(["wet"]);
  const closed = { outcome: "refused", delivered: 0, ordered: 3, reason: "damaged" };
  expect(sentence(moment("pod.stop_closed", closed))).toBe("Refused: 0 of 3 pieces");
  expect(momentTone(moment("pod.stop_closed", closed))).toBe("wrong");
  const aside = { operation: "picking.confirm_pick", code: "already_picked", outcome: "diverted" };
  expect(sentence(moment("set_aside", aside))).toMatch(/^Pick: Somebody else picked/);
});

test("a changed address tells both", () => {
  const moved = moment("orders.address_changed", {
    before: { city: "Leeds", country: "GB" },
    after: { street: "9 High Street", city: "York" },
    reason: "Moved house",
  });
  expect(sentence(moved)).toBe("Goes elsewhere: Moved house");
  expect(asides(moved)).toEqual(["Before: Leeds, GB", "Now: 9 High Street, York"]);
});

test("a cancelled order tells its fee, or why there is none", () => {
  const gone = { before: "confirmed", reason: "asked", stage: "confirmed", currency: "GBP" };
  const told = (more: object) => asides(moment("orders.cancelled", { ...gone, ...more }));
  expect(told({ fee: 15, waived: 0, waiver: "" })).toEqual(["Fee: £0.15"]);
  expect(told({ fee: 0, waived: 15, waiver: "our slip" })).toEqual([
    "Fee of £0.15 waived: our slip",
  ]);
  expect(told({ fee: 0, waived: 0, waiver: "" })).toEqual([]);
  expect(asides(moment("orders.cancelled", { before: "x", reason: "RMA-1" }))).toEqual([]);
});

test("every event reads as a sentence with nothing left open", () => {
  const data = Object.fromEntries(
    "pieces line lines reason before after code expected qty sku parcel bin found asked number vehicle seq outcome delivered ordered counted from_bin to_bin slot tote place priority customer missing wrong substitute off flawed carton pallet lot key receiver what carrier service state text reference papers days buffer of usual weekday season station level cause percent to channel courtesy partner times"
      .split(" ")
      .map(name => [name, "1"]),
  );
  for (const kind of EVENTS) expect(sentence(moment(kind, data))).not.toMatch(/[{}]|^\w+\.\w+$/);
});

test("an item's label, a parcel and plain text are searched for; a badge is not", () => {
  const of = (raw: string) => searchText(resolve(raw, { year: 2026 }));
  expect(of("]C10104006381333931")).toBe("04006381333931");
  expect(of("2026-EC-000001")).toBe("2026-EC-000001");
  expect(of("B-77")).toBeNull();
});
