import type { OpsOf } from "./index";

export const survey = {
  answer: { label: "ops.answer" },
} satisfies OpsOf<"survey">;
