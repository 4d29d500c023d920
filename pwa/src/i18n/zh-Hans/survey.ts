import type { survey as en } from "../en/survey";
import type { Same } from "../message";

export const survey = {
  title: "客户评价",
  span: "时间范围",
  days: "{n} 天",
  none: "这段时间内没有客户回答。",
  answers: "回答",
  ofAsked: "共询问 {n} 人",
  onTime: "准时",
  complete: "齐全完好",
  courtesy: "态度",
  ofN: "{n} 个回答",
  ofFive: "{value} / 5",
  overTime: "随时间变化",
  week: "周",
  day: "日期",
  byCarrier: "按承运商",
  byDriver: "按司机",
  carrier: "承运商",
  driver: "司机",
  comments: "客户留言",
  noComments: "这段时间内没有留言。",
  wasLate: "未准时",
  wasIncomplete: "不齐全",
} satisfies Same<typeof en>;
