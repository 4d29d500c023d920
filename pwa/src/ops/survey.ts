import type { OpsOf } from "./index";

export const survey = {
  answer: { label: "ops.answerSurvey" },
} satisfies OpsOf<"survey">;
