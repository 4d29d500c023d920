import type { OpsOf } from "./index";

/** Requests are never folded: the server says who holds a task. */
export const floor = {
  take_task: { label: "ops.takeTask" },
  release_task: { label: "ops.releaseTask" },
  reassign_task: { label: "ops.reassignTask" },
  pause_task: { label: "ops.pauseTask" },
  resume_task: { label: "ops.resumeTask" },
  prioritise_task: { label: "ops.prioritiseTask" },
  halt_task: { label: "ops.haltTask" },
  let_task_go: { label: "ops.letTaskGo" },
  set_abilities: { label: "ops.setAbilities" },
  acknowledge: {
    label: "ops.acknowledge",
    fold: (draft, { n }) => draft.drop("result", String(n)),
  },
} satisfies OpsOf<"floor">;
