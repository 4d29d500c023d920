import type { OpsOf } from "./index";

export const orders = {
  import_order: { label: "ops.importOrder" },
  cancel_order: { label: "ops.cancelOrder" },
  hold_order: { label: "ops.holdOrder" },
  resume_order: { label: "ops.resumeOrder" },
  change_address: { label: "ops.changeAddress" },
  add_note: { label: "ops.addNote" },
  record_cancellation: { label: "ops.recordCancellation" },
  learn_promises: { label: "ops.learnPromises" },
  reprioritise: { label: "ops.reprioritise" },
} satisfies OpsOf<"orders">;
