import type { printing as en } from "../en/printing";
import type { Same } from "../message";

export const printing = {
  choose: "這是哪個包裝台？",
  chooseHint: "標籤從那裡的印表機印出。",
  pick: "選擇",
  change: "換包裝台",
  queued: "正在送往 {name} 的印表機",
  again: "{name} 尚未列印，第 {n} 次嘗試會自動進行。",
  printed: "已在 {name} 列印",
  failed: "{name} 未能列印",
  onDevice: "在本裝置列印",
  offline: "沒有網路：請在本裝置列印。",
  fault_no_answer: "印表機沒有回應。請開啟電源、檢查網路線，然後重新列印。",
  fault_turned_away: "印表機暫不接收。請關機再開機，然後重新列印。",
  fault_unknown_host: "找不到印表機的位址。請主管修改設定；在此之前用本裝置列印。",
  fault_cut_off: "印表機中途斷線。如果沒有印出標籤，請重新列印。",
  fault_too_slow: "印表機停住了。請檢查紙、碳帶和蓋子，然後重新列印。",
  fault_cannot_draw: "這張標籤無法列印：訂單已取消，或地址太長。請找主管。",
  fault_no_station: "這個包裝台已沒有印表機。請選擇其他包裝台。",
  faultOther: "請在本裝置列印，並告訴主管。",
  waybillOf: "託運單 {number} 的條碼",
} satisfies Same<typeof en>;
