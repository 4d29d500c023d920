import type { Draft, OpsOf } from "./index";

/** Marks a line as accounted for, and counts its task's lines anew from the lines themselves. */
function close(draft: Draft, task: string, line: number, picked: number, reason: string | null) {
  const key = `${task}/${line}`;
  const row = draft.get("line", key);
  if (!row || row.state !== "open") return;
  const state = picked >= row.qty ? "picked" : "short";
  draft.put("line", key, { ...row, picked: Math.min(picked, row.qty), state, reason });
}

export const picking = {
  plan_wave: { label: "ops.planWave" },
  release_plan: { label: "ops.releasePlan" },
  release_wave: { label: "ops.releaseWave" },
  drop_wave: { label: "ops.dropWave" },
  assign_tote: {
    label: "ops.assignTote",
    fold: (draft, { task, slot, code }) => draft.patch("tote", `${task}/${slot}`, { code }),
  },
  sort_line: {
    label: "ops.sortLine",
    fold: (draft, { task, line }) => draft.patch("line", `${task}/${line}`, { sorted: true }),
  },
  hand_over: {
    label: "ops.handOver",
    fold: (draft, { task, place }) => draft.patch("task", task, { stands: place }),
  },
  confirm_pick: {
    label: "ops.confirmPick",
    fold: (draft, { task, line, qty }) => close(draft, task, line, qty, null),
  },
  report_short: {
    label: "ops.reportShort",
    fold: (draft, { task, line, found, reason }) => {
      const row = draft.get("line", `${task}/${line}`);
      if (row?.state !== "open") return;
      draft.put("line", `${task}/${line}`, {
        ...row,
        picked: Math.min(found, row.qty),
        state: "short",
        reason,
      });
    },
  },
  finish_task: {
    label: "ops.finishTask",
    fold: (draft, { task }) => draft.patch("task", task, { state: "done" }),
  },
} satisfies OpsOf<"picking">;
