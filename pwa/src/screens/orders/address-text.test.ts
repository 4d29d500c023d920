// @vitest-environment node
import { expect, test } from "vitest";
import { addressLine, edited } from "./address-text";

const LEEDS = { street: "1 Mill Lane", postcode: "LS1", city: "Leeds", country: "GB" };

test("an address reads as one would say it, without gaps", () => {
  expect(addressLine({ ...LEEDS, name: "Ann", phone: "0113" })).toBe(
    "Ann, 1 Mill Lane, LS1 Leeds, GB, 0113",
  );
  expect(addressLine({ country: "GB" })).toBe("GB");
});

test("a position stays only with the door that it was measured at", () => {
  const seen = { ...LEEDS, lat: "53.8", lon: "-1.5" };
  expect(edited(seen, { ...seen, phone: " 0113 " })).toEqual({ ...seen, phone: "0113" });
  expect(edited(seen, { ...seen, street: "2 Mill Lane" })).toEqual({
    ...LEEDS,
    street: "2 Mill Lane",
  });
});

test("what is empty is left out, as the order keeps it", () => {
  expect(edited(LEEDS, { ...LEEDS, name: "", city: " " })).toEqual({
    street: "1 Mill Lane",
    postcode: "LS1",
    country: "GB",
  });
});
