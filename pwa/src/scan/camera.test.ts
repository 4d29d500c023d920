// @vitest-environment node
import { expect, test } from "vitest";
import { Sightings, troubleOf } from "./camera";

test("a code held before the camera is one scan", () => {
  const seen = new Sightings();
  expect(seen.isNew("A", 0)).toBe(true);
  for (let at = 100; at <= 5000; at += 100) expect(seen.isNew("A", at)).toBe(false);
});

test("a code counts again after it was out of sight, another one at once", () => {
  const seen = new Sightings();
  seen.isNew("A", 0);
  expect(seen.isNew("A", 1000)).toBe(true);
  expect(seen.isNew("B", 1050)).toBe(true);
  expect(seen.isNew("A", 1100)).toBe(true);
});

test("each trouble with the camera has its own words", () => {
  const named = (name: string) => Object.assign(new Error("x"), { name });
  expect(troubleOf(named("NotAllowedError"))).toBe("cameraDenied");
  expect(troubleOf(named("NotFoundError"))).toBe("cameraMissing");
  expect(troubleOf(named("NotReadableError"))).toBe("cameraFailed");
});
