// @vitest-environment node
import { expect, test } from "vitest";
import { CODES } from "../gen/codes";
import { en } from "./en";

test("every code of the server has words", () => {
  const missing = CODES.filter(code => !(code in en.errors));
  expect(missing).toEqual([]);
});
