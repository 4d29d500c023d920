import type { admin as en } from "../en/admin";
import type { Same } from "../message";

export const admin = {
  title: "系統管理",
} satisfies Same<typeof en>;
