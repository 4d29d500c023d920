import type { driver as en } from "../en/driver";
import type { Same } from "../message";

export const driver = {
  title: "配送",
} satisfies Same<typeof en>;
