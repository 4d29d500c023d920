import type { ops as en } from "../en/ops";
import type { Same } from "../message";

export const ops = {
  title: "操作",
} satisfies Same<typeof en>;
