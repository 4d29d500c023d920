import type { OpsOf } from "./index";

export const reports = {
  save_report: { label: "ops.saveReport" },
  delete_report: { label: "ops.deleteReport" },
  schedule_report: { label: "ops.scheduleReport" },
  unschedule_report: { label: "ops.unscheduleReport" },
  note_use: { label: "ops.noteUse" },
  tell_run: { label: "ops.tellRun" },
} satisfies OpsOf<"reports">;
