import type { admin as en } from "../en/admin";
import type { Same } from "../message";

export const admin = {
  title: "系統管理",
  people: "人員",
  addPerson: "新增人員",
  add: "新增",
  name: "姓名",
  role: "工作",
  active: "可登入",
  ended: "權限已終止",
  added: "{person} 已可開始工作",
  shownOnce: "以下內容僅顯示一次。請交給本人，勿讓他人看到。",
  written: "我已記下",
  setPin: "重設 PIN 碼",
  setPinOf: "重設 PIN 碼：{person}",
  setPinHint: "舊 PIN 碼立即失效。",
  endAccess: "終止權限",
  endAccessOf: "終止權限：{person}",
  endAccessHint: "此人將無法再登入，之後提交的工作由主管處理。",
  accessEnded: "{person} 已無法登入。",
  setting: "設定項目",
  value: "值",
  settingsHint: "由匯入變更，此處僅供檢視。",
} satisfies Same<typeof en>;
