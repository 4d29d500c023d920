import type { sign as en } from "../en/sign";
import type { Same } from "../message";

export const sign = {
  title: "您的配送",
  order: "訂單 {number}",
  parcels: "{n} 件包裹",
  handedOver: "交付給您",
  pieces: "{delivered}/{qty}",
  name: "您的姓名",
  nameNeeded: "請填寫您的姓名。",
  pin: "發給您的訊息中的 PIN",
  pinNeeded: "請填寫 PIN。",
  signNeeded: "請簽名，不能只是一個點。",
  sign: "簽收",
  signing: "正在傳送…",
  done: "謝謝",
  doneText: "司機已收到您的簽名，可以關閉此頁。",
  gone: "連結已失效",
  goneText: "連結已使用或已過期。請向司機索取新的，或在司機手機上簽名。",
  offline: "沒有網路。請重試，或在司機手機上簽名。",
} satisfies Same<typeof en>;
