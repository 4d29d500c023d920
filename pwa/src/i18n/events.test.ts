// @vitest-environment node
import { expect, test } from "vitest";
import { EVENTS, ORDERSTATES } from "../gen/codes";
import { en } from "./en";

test("every event of the server has words", () => {
  expect(EVENTS.filter(kind => !(kind in en.events))).toEqual([]);
});

test("every state of an order has words", () => {
  expect(ORDERSTATES.filter(state => !(`state.${state}` in en.events))).toEqual([]);
});
