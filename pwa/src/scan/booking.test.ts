// @vitest-environment node
import { expect, test } from "vitest";
import vectors from "../../../tests/vectors/booking.json";
import { type Asked, checkBooking, readDay, type Scanned } from "./booking";

test.each(vectors)("$name", ({ asked, scanned, today, verdict }) => {
  expect(checkBooking(asked as Asked, scanned as Scanned, today)).toBe(verdict);
});

test("a day is read as ISO and as GS1 write it, and nothing else is", () => {
  expect(readDay("2026-08-01")).toBe("2026-08-01");
  expect(readDay(" 260801")).toBe("2026-08-01");
  expect(readDay("260200")).toBe("2026-02-28");
  for (const wrong of ["2026-02-30", "261301", "B7", "", "2026"])
    expect(readDay(wrong)).toBeUndefined();
});
