import type { errors as en } from "../en/errors";
import type { Same } from "../message";

export const errors = {
  unknown: "伺服器回覆「{code}」。您的工作已保留，請告知主管。",
  not_saved: "未儲存！請釋出空間或重新啟動應用程式，然後重做上一步。",
  scan_unfinished: "掃描不完整，請重新掃描。",
} satisfies Same<typeof en>;
