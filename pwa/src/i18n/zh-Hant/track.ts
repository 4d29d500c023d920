import type { track as en } from "../en/track";
import type { Same } from "../message";

export const track = {
  title: "追蹤您的配送",
} satisfies Same<typeof en>;
