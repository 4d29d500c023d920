import type { OpsOf } from "./index";

/** Said by the server alone. */
export const sync = {
  report_gap: { label: "ops.reportGap" },
} satisfies OpsOf<"sync">;
