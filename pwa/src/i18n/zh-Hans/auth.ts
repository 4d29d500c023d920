import type { auth as en } from "../en/auth";
import type { Same } from "../message";

export const auth = {
  title: "登录",
} satisfies Same<typeof en>;
