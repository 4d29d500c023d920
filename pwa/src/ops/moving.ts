import type { OpsOf } from "./index";

export const moving = {
  /** `before` and `qty` say what lies there now, whatever was folded already. */
  confirm_move: {
    label: "ops.confirmMove",
    fold: (draft, { task, line, qty, before = 0 }) => {
      const row = draft.get("move_line", `${task}/${line}`);
      if (row?.state !== "open") return;
      const moved = before + qty;
      const state = moved >= row.qty ? "moved" : "open";
      draft.put("move_line", `${task}/${line}`, { ...row, moved, state });
    },
  },
  report_move: {
    label: "ops.reportMove",
    fold: (draft, { task, line, found = 0, before = 0, reason }) => {
      const row = draft.get("move_line", `${task}/${line}`);
      if (row?.state !== "open") return;
      const qty = Math.min(row.qty, before + found);
      const state = found > 0 ? "open" : "short";
      draft.put("move_line", `${task}/${line}`, { ...row, qty, state, reason });
    },
  },
  finish_move: {
    label: "ops.finishMove",
    fold: (draft, { task }) => draft.patch("task", task, { state: "done" }),
  },
  transfer: { label: "ops.transfer" },
  plan_replenishment: { label: "ops.planReplenishment" },
} satisfies OpsOf<"moving">;
