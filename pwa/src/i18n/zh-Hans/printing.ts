import type { printing as en } from "../en/printing";
import type { Same } from "../message";

export const printing = {
  choose: "这是哪个打包台？",
  chooseHint: "面单从那里的打印机打出。",
  pick: "选择",
  change: "换打包台",
  queued: "正在送往 {name} 的打印机",
  again: "{name} 尚未打印，第 {n} 次尝试会自动进行。",
  printed: "已在 {name} 打印",
  failed: "{name} 未能打印",
  onDevice: "在本设备打印",
  offline: "没有网络：请在本设备打印。",
  fault_no_answer: "打印机没有回应。请打开电源、检查网线，然后重新打印。",
  fault_turned_away: "打印机暂不接收。请关机再开机，然后重新打印。",
  fault_unknown_host: "找不到打印机的地址。请主管修改设置；在此之前用本设备打印。",
  fault_cut_off: "打印机中途断开。如果没有打出面单，请重新打印。",
  fault_too_slow: "打印机停住了。请检查纸、碳带和盖子，然后重新打印。",
  fault_cannot_draw: "这张面单无法打印：订单已取消，或地址太长。请找主管。",
  fault_no_station: "这个打包台已没有打印机。请选择其他打包台。",
  faultOther: "请在本设备打印，并告诉主管。",
  waybillOf: "运单 {number} 的条码",
} satisfies Same<typeof en>;
