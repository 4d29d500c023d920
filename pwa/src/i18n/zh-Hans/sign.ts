import type { sign as en } from "../en/sign";
import type { Same } from "../message";

export const sign = {
  title: "您的配送",
  order: "订单 {number}",
  parcels: "{n} 件包裹",
  handedOver: "交付给您",
  pieces: "{delivered}/{qty}",
  name: "您的姓名",
  nameNeeded: "请填写您的姓名。",
  pin: "发给您的消息中的 PIN",
  pinNeeded: "请填写 PIN。",
  signNeeded: "请签名，不能只是一个点。",
  sign: "签收",
  signing: "正在发送…",
  done: "谢谢",
  doneText: "司机已收到您的签名，可以关闭此页。",
  gone: "链接已失效",
  goneText: "链接已使用或已过期。请向司机索取新的，或在司机手机上签名。",
  offline: "没有网络。请重试，或在司机手机上签名。",
} satisfies Same<typeof en>;
