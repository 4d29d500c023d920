import type { packer as en } from "../en/packer";
import type { Same } from "../message";

export const packer = {
  title: "打包",
} satisfies Same<typeof en>;
