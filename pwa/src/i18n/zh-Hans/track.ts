import type { track as en } from "../en/track";
import type { Same } from "../message";

export const track = {
  title: "跟踪您的订单",
} satisfies Same<typeof en>;
