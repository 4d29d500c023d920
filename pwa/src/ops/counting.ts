import type { OpsOf } from "./index";

export const counting = {
  /** Something that was not expected in the bin gets a line of its own until the server's comes. */
  record_count: {
    label: "ops.recordCount",
    fold: (draft, { task, line, bin, qty, sku = "", lot = "", code = "" }) => {
      const key = `${task}/${line}`;
      const row = draft.get("count_line", key);
      if (row && row.state !== "open") return;
      const found = { task, no: line, bin, sku, lot, name: sku || code, codes: [], why: "found" };
      draft.put("count_line", key, { ...(row ?? found), state: "counted", counted: qty });
    },
  },
  finish_count: {
    label: "ops.finishCount",
    fold: (draft, { task }) => draft.patch("task", task, { state: "done" }),
  },
  plan_counts: { label: "ops.planCounts" },
} satisfies OpsOf<"counting">;
