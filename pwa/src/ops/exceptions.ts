import type { OpsOf } from "./index";

/** Requests are never folded: the server says who has a case and how high it stands. */
export const exceptions = {
  take_case: { label: "ops.takeCase" },
  hand_over_case: { label: "ops.handOverCase" },
  escalate_case: { label: "ops.escalateCase" },
  note_case: { label: "ops.noteCase" },
  settle_case: { label: "ops.settleCase" },
  reopen_case: { label: "ops.reopenCase" },
  chase_cases: { label: "ops.chaseCases" },
  report_findings: { label: "ops.reportFindings" },
} satisfies OpsOf<"exceptions">;
