// @vitest-environment node
import { expect, test } from "vitest";
import { LONGEST_SIDE, shrunk } from "./photo";

test("a photo's longest side shrinks to 1,600 px and its shape stays", () => {
  expect(shrunk(4000, 3000)).toEqual({ width: LONGEST_SIDE, height: 1200 });
  expect(shrunk(3000, 4000)).toEqual({ width: 1200, height: LONGEST_SIDE });
});

test("a small photo is not blown up", () => {
  expect(shrunk(640, 480)).toEqual({ width: 640, height: 480 });
});
