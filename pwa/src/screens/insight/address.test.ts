// @vitest-environment node
import { expect, test } from "vitest";
import {
  address,
  asked,
  membersPath,
  narrowed,
  only,
  path,
  preset,
  presetOf,
  shifted,
} from "./address";

const PLAIN = asked(new URLSearchParams());

test("what is asked stands in the address, and what is usual does not", () => {
  expect(address(PLAIN)).toBe("/insight");
  const text =
    "from=2026-01-01&to=2026-03-31&by=week&figure=on_time&of=zone&carrier=own&channel=EC";
  const what = asked(new URLSearchParams(text));
  expect(address(what)).toBe(`/insight?${text}`);
  expect(asked(new URLSearchParams(address(what).split("?")[1]))).toEqual(what);
  expect(asked(new URLSearchParams("by=hour")).by).toBe("day");
});

test("a member with signs in its name reaches the server whole", () => {
  const what = only({ ...PLAIN, figure: "cancelled" }, "reason", "too late & cold");
  expect(path(what, "orders", { after: "20100:ab" })).toBe(
    "/api/insights/orders?figure=cancelled&reason=too+late+%26+cold&after=20100%3Aab",
  );
  expect(path(what, "figures")).not.toContain("figure=");
  expect(membersPath(what, "zone")).toBe(
    "/api/insights/members?figure=cancelled&reason=too+late+%26+cold&of=zone",
  );
});

test("a preset ends today and keeps the rest of the question", () => {
  const what = preset(only(PLAIN, "carrier", "own"), 30, "2026-03-01");
  expect(what).toMatchObject({
    from: "2026-01-31",
    to: "2026-03-01",
    by: "day",
    where: { carrier: "own" },
  });
  expect(preset(PLAIN, 90, "2026-03-01").by).toBe("week");
  expect(preset(PLAIN, 730, "2026-03-01").by).toBe("month");
  expect(presetOf("2026-01-31", "2026-03-01")).toBe(30);
  expect(presetOf("2026-01-30", "2026-03-01")).toBeUndefined();
  expect(shifted("2028-03-01", -1)).toBe("2028-02-29");
});

test("several dimensions narrow it down at once, and each is let go alone", () => {
  const both = only(only(PLAIN, "channel", "EC"), "carrier", "own");
  expect(narrowed(both)).toEqual([
    ["carrier", "own"],
    ["channel", "EC"],
  ]);
  expect(narrowed(only(both, "carrier", ""))).toEqual([["channel", "EC"]]);
  expect(narrowed(only(both, "carrier", "Blue"))[0]).toEqual(["carrier", "Blue"]);
});
