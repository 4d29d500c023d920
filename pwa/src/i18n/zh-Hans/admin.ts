import type { admin as en } from "../en/admin";
import type { Same } from "../message";

export const admin = {
  title: "系统管理",
  people: "人员",
  addPerson: "添加人员",
  add: "添加",
  name: "姓名",
  role: "岗位",
  active: "可登录",
  ended: "权限已终止",
  added: "{person} 已可开始工作",
  shownOnce: "以下内容仅显示一次。请交给本人，勿让他人看到。",
  written: "我已记下",
  setPin: "重设 PIN 码",
  setPinOf: "重设 PIN 码：{person}",
  setPinHint: "旧 PIN 码立即失效。",
  endAccess: "终止权限",
  endAccessOf: "终止权限：{person}",
  endAccessHint: "此人将无法再登录，之后提交的工作由主管处理。",
  accessEnded: "{person} 已无法登录。",
  setting: "设置项",
  value: "值",
  settingsHint: "由导入更改，此处仅供查看。",
} satisfies Same<typeof en>;
