"""The built-in words of each notice, in three languages. A line whose place stays empty is left out
(see `templates`)."""

from typing import NamedTuple

from server.notices.rules import What
from server.web.languages import Language


class Words(NamedTuple):
    subject: str
    text: str
    short: str


_EN = "Hello {name},\n\n{words}\n\n%s\n\nFollow your order here: {link}\n\n{shop}"
_HANS = "{name}，您好：\n\n{words}\n\n%s\n\n查看订单进度：{link}\n\n{shop}"
_HANT = "{name}，您好：\n\n{words}\n\n%s\n\n查看訂單進度：{link}\n\n{shop}"


def _en(subject: str, *lines: str, short: str = "") -> Words:
    return Words(subject, _EN % "\n".join(lines), short or f"{subject}. {{link}}")


def _hans(subject: str, *lines: str, short: str = "") -> Words:
    return Words(subject, _HANS % "\n".join(lines), short or f"{subject}。{{link}}")


def _hant(subject: str, *lines: str, short: str = "") -> Words:
    return Words(subject, _HANT % "\n".join(lines), short or f"{subject}。{{link}}")


COPY: dict[Language, str] = {
    "en": "Copy of what the customer was told:",
    "zh-Hans": "已发给客户的通知副本：",
    "zh-Hant": "已發給客戶的通知副本：",
}
WORDS: dict[Language, dict[What, Words]] = {
    "en": {
        "confirmed": _en(
            "We have your order {number}",
            "Thank you. We have your order {number} and are getting it ready.",
            "Pieces: {pieces}",
            "Expected: {day}",
        ),
        "shipped": _en(
            "Your order {number} has left us",
            "Your order {number} is on its way.",
            "Carrier: {carrier}",
            "Tracking number: {tracking}",
            "Expected: {day}",
        ),
        "day_before": _en(
            "Your order {number} comes tomorrow",
            "Your order {number} comes tomorrow.",
            "Expected: {day}",
            "Please see to it that somebody is there.",
        ),
        "delayed": _en(
            "Your order {number} is delayed",
            "We are sorry: your order {number} comes later than we promised.",
            "Promised: {promised}",
            "Expected now: {day}",
        ),
        "delivered": _en(
            "Your order {number} was delivered",
            "Your order {number} was handed over.",
            "Is something missing or damaged, then open the page below, or call us.",
        ),
        "cancelled": _en(
            "Your order {number} was cancelled",
            "Your order {number} was cancelled. Nothing more will be sent.",
            "Fee: {fee}",
        ),
        "rma_issued": _en(
            "Return {rma} of your order {number}",
            "We have noted a return of your order {number}.",
            "Its number: {rma}",
            "Pieces: {pieces}",
            "Write the number on the parcel if you send something back.",
        ),
        "return_done": _en(
            "Your return {rma} is here",
            "Your return {rma} of order {number} has come in.",
            "Pieces: {pieces}",
            "Call us if that is not what you sent.",
        ),
        "survey": Words(
            "How was the delivery of {number}?",
            "Hello {name},\n\n{words}\n\nyour order {number} has been delivered. How was it?\n"
            "Four questions, one minute: {survey}\n\nThank you.\n\n{shop}",
            "How was the delivery of {number}? {survey}",
        ),
    },
    "zh-Hans": {
        "confirmed": _hans(
            "已收到您的订单 {number}",
            "感谢惠顾。我们已收到您的订单 {number}，正在备货。",
            "件数：{pieces}",
            "预计送达：{day}",
        ),
        "shipped": _hans(
            "您的订单 {number} 已发货",
            "您的订单 {number} 已在途中。",
            "承运商：{carrier}",
            "运单号：{tracking}",
            "预计送达：{day}",
        ),
        "day_before": _hans(
            "您的订单 {number} 明天送达",
            "您的订单 {number} 将于明天送达。",
            "预计送达：{day}",
            "请安排人员在场收货。",
        ),
        "delayed": _hans(
            "您的订单 {number} 将延迟送达",
            "非常抱歉，您的订单 {number} 将晚于承诺时间送达。",
            "承诺日期：{promised}",
            "现预计送达：{day}",
        ),
        "delivered": _hans(
            "您的订单 {number} 已送达",
            "您的订单 {number} 已交付。",
            "如有缺少或破损，请打开下面的页面，或致电我们。",
        ),
        "cancelled": _hans(
            "您的订单 {number} 已取消",
            "您的订单 {number} 已取消，不会再发货。",
            "费用：{fee}",
        ),
        "rma_issued": _hans(
            "订单 {number} 的退货 {rma}",
            "我们已为您的订单 {number} 登记退货。",
            "退货编号：{rma}",
            "件数：{pieces}",
            "如需寄回，请将编号写在包裹上。",
        ),
        "return_done": _hans(
            "您的退货 {rma} 已收到",
            "订单 {number} 的退货 {rma} 已收到。",
            "件数：{pieces}",
            "如与您寄回的不符，请致电我们。",
        ),
        "survey": Words(
            "订单 {number} 的配送如何？",
            "{name}，您好：\n\n{words}\n\n您的订单 {number} 已送达，您觉得怎么样？\n"
            "四个问题，一分钟：{survey}\n\n谢谢。\n\n{shop}",
            "订单 {number} 的配送如何？{survey}",
        ),
    },
    "zh-Hant": {
        "confirmed": _hant(
            "已收到您的訂單 {number}",
            "感謝惠顧。我們已收到您的訂單 {number}，正在備貨。",
            "件數：{pieces}",
            "預計送達：{day}",
        ),
        "shipped": _hant(
            "您的訂單 {number} 已出貨",
            "您的訂單 {number} 已在途中。",
            "貨運公司：{carrier}",
            "貨運單號：{tracking}",
            "預計送達：{day}",
        ),
        "day_before": _hant(
            "您的訂單 {number} 明天送達",
            "您的訂單 {number} 將於明天送達。",
            "預計送達：{day}",
            "請安排人員在場收貨。",
        ),
        "delayed": _hant(
            "您的訂單 {number} 將延遲送達",
            "非常抱歉，您的訂單 {number} 將晚於承諾時間送達。",
            "承諾日期：{promised}",
            "現預計送達：{day}",
        ),
        "delivered": _hant(
            "您的訂單 {number} 已送達",
            "您的訂單 {number} 已交付。",
            "如有缺少或破損，請開啟下面的頁面，或致電我們。",
        ),
        "cancelled": _hant(
            "您的訂單 {number} 已取消",
            "您的訂單 {number} 已取消，不會再出貨。",
            "費用：{fee}",
        ),
        "rma_issued": _hant(
            "訂單 {number} 的退貨 {rma}",
            "我們已為您的訂單 {number} 登記退貨。",
            "退貨編號：{rma}",
            "件數：{pieces}",
            "如需寄回，請將編號寫在包裹上。",
        ),
        "return_done": _hant(
            "您的退貨 {rma} 已收到",
            "訂單 {number} 的退貨 {rma} 已收到。",
            "件數：{pieces}",
            "如與您寄回的不符，請致電我們。",
        ),
        "survey": Words(
            "訂單 {number} 的配送如何？",
            "{name}，您好：\n\n{words}\n\n您的訂單 {number} 已送達，您覺得怎麼樣？\n"
            "四個問題，一分鐘：{survey}\n\n謝謝。\n\n{shop}",
            "訂單 {number} 的配送如何？{survey}",
        ),
    },
}
