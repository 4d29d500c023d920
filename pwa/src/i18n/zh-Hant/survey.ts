import type { survey as en } from "../en/survey";
import type { Same } from "../message";

export const survey = {
  title: "客戶評價",
  span: "時間範圍",
  days: "{n} 天",
  none: "這段時間內沒有客戶回答。",
  answers: "回答",
  ofAsked: "共詢問 {n} 人",
  onTime: "準時",
  complete: "齊全完好",
  courtesy: "態度",
  ofN: "{n} 個回答",
  ofFive: "{value} / 5",
  overTime: "隨時間變化",
  week: "週",
  day: "日期",
  byCarrier: "依貨運公司",
  byDriver: "依司機",
  carrier: "貨運公司",
  driver: "司機",
  comments: "客戶留言",
  noComments: "這段時間內沒有留言。",
  wasLate: "未準時",
  wasIncomplete: "不齊全",
} satisfies Same<typeof en>;
