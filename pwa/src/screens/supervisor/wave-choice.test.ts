// @vitest-environment node
import { expect, test } from "vitest";
import { choices, inOrder, type Wave } from "./wave-choice";

function wave(fields: Partial<Wave> = {}): Wave {
  return {
    id: "w1",
    number: 1,
    state: "proposed",
    mode: "cluster",
    policy: "optimal",
    orders: 10,
    lines: 40,
    metres: 600,
    s_shape_metres: 800,
    arrival_metres: 1200,
    options: [
      { mode: "single", tasks: 10, metres: 1000, s_shape_metres: 1250, handling_s: 0 },
      { mode: "cluster", tasks: 2, metres: 600, s_shape_metres: 800, handling_s: 120 },
    ],
    at: 0,
    ...fields,
  };
}

test("each mode shows metres a line, and what it saves on S-shape and on arrival order", () => {
  const [single, cluster] = choices(wave());
  expect(single).toMatchObject({ perLine: 25, underSShape: 20, underArrival: 17, proposed: false });
  expect(cluster).toMatchObject({ perLine: 15, underSShape: 25, underArrival: 50, proposed: true });
});

test("a wave without lines divides by nothing", () => {
  expect(choices(wave({ lines: 0 }))[0]?.perLine).toBe(0);
});

test("waves that wait for a decision stand above those released", () => {
  const states = inOrder([
    wave({ id: "a", number: 3, state: "released" }),
    wave({ id: "b", number: 1, state: "proposed" }),
    wave({ id: "c", number: 2, state: "planning" }),
  ]).map(({ id }) => id);
  expect(states).toEqual(["c", "b", "a"]);
});
