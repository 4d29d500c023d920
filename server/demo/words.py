"""What the demo's page says, in the three languages of the documents."""

from server.documents.words import Language

LANGUAGES: dict[Language, str] = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Dockhand demo: who can sign in",
        "pins": "PINs are in the terminal where the demo was started. They are new at each start.",
        "enrol": "Make this browser a device",
        "enrol_hint": (
            "A browser works as one device. For a second one, open this page in a private window"
            " or in another browser."
        ),
        "enrol_away": "Type one of the codes from the terminal to make this browser a device.",
        "sheet": "Print badges, locations and items (PDF)",
        "sheet_hint": "Scan the sheet with a phone's camera or a hand scanner.",
        "app": "Open the app",
        "name": "Name",
        "role": "Role",
        "badge": "Badge",
        "picker": "Picker",
        "packer": "Packer",
        "driver": "Driver",
        "supervisor": "Supervisor",
        "service": "Customer service",
        "admin": "Administrator",
    },
    "zh-Hans": {
        "title": "Dockhand 演示：谁可以登录",
        "pins": "PIN 码显示在启动演示的终端中，每次启动都会更换。",
        "enrol": "将此浏览器注册为设备",
        "enrol_hint": "一个浏览器就是一台设备。需要第二台时，请在无痕窗口或其他浏览器中打开本页。",
        "enrol_away": "请输入终端中显示的注册码，将此浏览器注册为设备。",
        "sheet": "打印工牌、库位和商品条码（PDF）",
        "sheet_hint": "用手机摄像头或扫码枪扫描打印页。",
        "app": "打开应用",
        "name": "姓名",
        "role": "岗位",
        "badge": "工牌",
        "picker": "拣货员",
        "packer": "打包员",
        "driver": "司机",
        "supervisor": "主管",
        "service": "客服",
        "admin": "管理员",
    },
    "zh-Hant": {
        "title": "Dockhand 示範：誰可以登入",
        "pins": "PIN 碼顯示在啟動示範的終端機中，每次啟動都會更換。",
        "enrol": "將此瀏覽器註冊為裝置",
        "enrol_hint": "一個瀏覽器就是一台裝置。需要第二台時，請在無痕視窗或其他瀏覽器中開啟本頁。",
        "enrol_away": "請輸入終端機中顯示的註冊碼，將此瀏覽器註冊為裝置。",
        "sheet": "列印工牌、儲位和商品條碼（PDF）",
        "sheet_hint": "用手機相機或掃碼槍掃描列印頁。",
        "app": "開啟應用程式",
        "name": "姓名",
        "role": "職務",
        "badge": "工牌",
        "picker": "揀貨員",
        "packer": "包裝員",
        "driver": "司機",
        "supervisor": "主管",
        "service": "客服",
        "admin": "管理員",
    },
}


def language(wanted: str, accepted: str) -> Language:
    """`wanted` from the address wins over the browser's `Accept-Language`; else English."""
    for tag in [wanted, *(part.partition(";")[0] for part in accepted.split(","))]:
        if (found := _known(tag.strip().lower())) is not None:
            return found
    return "en"


def _known(tag: str) -> Language | None:
    if tag.startswith("zh"):
        traditional = any(mark in tag for mark in ("hant", "-tw", "-hk", "-mo"))
        return "zh-Hant" if traditional else "zh-Hans"
    return "en" if tag.startswith("en") else None
