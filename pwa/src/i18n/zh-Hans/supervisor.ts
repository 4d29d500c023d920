import type { supervisor as en } from "../en/supervisor";
import type { Same } from "../message";

export const supervisor = {
  title: "实时看板",
} satisfies Same<typeof en>;
