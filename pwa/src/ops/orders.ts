import type { OpsOf } from "./index";

export const orders = {
  import_order: { label: "ops.importOrder" },
  cancel_order: { label: "ops.cancelOrder" },
  record_cancellation: { label: "ops.recordCancellation" },
} satisfies OpsOf<"orders">;
