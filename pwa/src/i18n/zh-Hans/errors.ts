import type { errors as en } from "../en/errors";
import type { Same } from "../message";

export const errors = {
  unknown: "服务器返回“{code}”。您的工作已保留，请告知主管。",
  not_saved: "未保存！请清理空间或重启应用，然后重做上一步。",
  scan_unfinished: "扫描不完整，请重新扫描。",
} satisfies Same<typeof en>;
