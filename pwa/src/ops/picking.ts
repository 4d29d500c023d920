import type { Draft, OpsOf } from "./index";
import { closeShort, openRest, type Rest, reopen, walkBy } from "./picking-rest";
import { fillTote } from "./picking-totes";

/** Marks a line as accounted for, and counts its task's lines anew from the lines themselves. */
function close(draft: Draft, task: string, line: number, picked: number, reason: string | null) {
  const key = `${task}/${line}`;
  const row = draft.get("line", key);
  if (row?.state !== "open") return;
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
  fill_tote: {
    label: "ops.fillTote",
    fold: fillTote,
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
    fold: (draft, body) => void closeShort(draft, body),
  },
  pick_elsewhere: {
    label: "ops.pickElsewhere",
    fold: (draft, body) => {
      const line = closeShort(draft, body);
      const at = line?.cures.bins.find(
        bin => bin.bin === body.to_bin && bin.lot === (body.to_lot ?? ""),
      );
      if (line && at) openRest(draft, line, body, { qty: body.qty, at });
      walkBy(draft, body.task, body.walk);
    },
  },
  pick_substitute: {
    label: "ops.pickSubstitute",
    fold: (draft, body) => {
      const line = closeShort(draft, body);
      const item = line?.cures.substitutes.find(({ sku }) => sku === body.substitute);
      if (line && item) openRest(draft, line, body, { qty: body.qty, at: item.at, item });
      walkBy(draft, body.task, body.walk);
    },
  },
  await_stock: {
    label: "ops.awaitStock",
    fold: (draft, body) => {
      const line = closeShort(draft, body);
      const rest: Rest = { qty: line?.qty ?? 0, waits: true };
      if (line) openRest(draft, line, body, rest);
      walkBy(draft, body.task, body.walk);
    },
  },
  skip_line: {
    label: "ops.skipLine",
    fold: (draft, { task, walk }) => walkBy(draft, task, walk),
  },
  undo_pick: {
    label: "ops.undoPick",
    fold: (draft, { task, line }) => reopen(draft, task, line),
  },
  zero_check: { label: "ops.zeroCheck" },
  request_label: { label: "ops.requestLabel" },
  reroute: { label: "ops.reroute" },
  split_task: { label: "ops.splitTask" },
  join_tasks: { label: "ops.joinTasks" },
  check_picked: {
    label: "ops.checkPicked",
    fold: (draft, { task, line, counted }) =>
      draft.patch("check_line", `${task}/${line}`, { counted }),
  },
  finish_check: {
    label: "ops.finishCheck",
    fold: (draft, { task }) => draft.patch("task", task, { state: "done" }),
  },
  finish_task: {
    label: "ops.finishTask",
    fold: (draft, { task }) => draft.patch("task", task, { state: "done" }),
  },
} satisfies OpsOf<"picking">;
