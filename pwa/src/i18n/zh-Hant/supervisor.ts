import type { supervisor as en } from "../en/supervisor";
import type { Same } from "../message";

export const supervisor = {
  title: "即時看板",
} satisfies Same<typeof en>;
