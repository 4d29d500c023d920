import type { IconName } from "./icon";

/** What a colour says; each has a sign of its own, and the component's text is the word. */
export type Tone = "neutral" | "info" | "right" | "warn" | "wrong";

export const SIGNS: Readonly<Record<Tone, IconName>> = {
  neutral: "dot",
  info: "info",
  right: "check",
  warn: "warn",
  wrong: "stop",
};
