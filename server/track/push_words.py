"""What the page says on which a browser asks to be told. Keys are the same in each language."""

from server.web.languages import Language

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Tell me on this phone",
        "hint": "This phone will show a message when something happens to your order.",
        "ask": "Tell me",
        "done": "Done. You will be told here.",
        "denied": "Your browser does not allow messages from this page. Allow them in its"
        " settings, then press the button again.",
        "unsupported": "This browser cannot show such messages. Open the link in another one, or"
        " come back to your order's page.",
        "failed": "That did not work. Try again in a minute.",
        "back": "Back to your order",
    },
    "zh-Hans": {
        "title": "在此手机上通知我",
        "hint": "订单有变化时，这部手机会显示消息。",
        "ask": "通知我",
        "done": "已完成，有变化时会在这里通知您。",
        "denied": "浏览器不允许本页发送消息。请在浏览器设置中允许，然后再按一次按钮。",
        "unsupported": "此浏览器无法显示消息。请用其他浏览器打开链接，或返回订单页面。",
        "failed": "未能完成，请一分钟后重试。",
        "back": "返回订单",
    },
    "zh-Hant": {
        "title": "在此手機上通知我",
        "hint": "訂單有變化時，這支手機會顯示訊息。",
        "ask": "通知我",
        "done": "已完成，有變化時會在這裡通知您。",
        "denied": "瀏覽器不允許本頁傳送訊息。請在瀏覽器設定中允許，然後再按一次按鈕。",
        "unsupported": "此瀏覽器無法顯示訊息。請用其他瀏覽器開啟連結，或返回訂單頁面。",
        "failed": "未能完成，請一分鐘後重試。",
        "back": "返回訂單",
    },
}
