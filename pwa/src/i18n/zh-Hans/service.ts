import type { service as en } from "../en/service";
import type { Same } from "../message";

export const service = {
  title: "客户服务",
} satisfies Same<typeof en>;
