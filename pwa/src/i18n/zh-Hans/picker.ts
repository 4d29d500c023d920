import type { picker as en } from "../en/picker";
import type { Same } from "../message";

export const picker = {
  title: "拣货",
} satisfies Same<typeof en>;
