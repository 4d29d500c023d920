import type { auth as en } from "../en/auth";
import type { Same } from "../message";

export const auth = {
  title: "登入",
} satisfies Same<typeof en>;
