import type { OpsOf } from "./index";

export const notices = {
  forget_customer: { label: "ops.forgetCustomer" },
  look_ahead: { label: "ops.lookAhead" },
  resend_notice: { label: "ops.resendNotice" },
  tell_answer: { label: "ops.tellAnswer" },
  set_wishes: { label: "ops.setWishes" },
  subscribe: { label: "ops.subscribe" },
  tell_sent: { label: "ops.tellSent" },
} satisfies OpsOf<"notices">;
