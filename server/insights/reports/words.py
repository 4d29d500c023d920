"""What reports say by themselves, in three languages: a file has no app around it to translate."""

from typing import Literal, get_args

Language = Literal["en", "zh-Hans", "zh-Hant"]
Said = tuple[str, str, str]
"""English, Simplified Chinese, Traditional Chinese."""
_LANGUAGES: tuple[Language, ...] = get_args(Language)

DATASETS: dict[str, Said] = {
    "orders": ("Orders", "订单", "訂單"),
    "lines": ("Order lines", "订单行", "訂單行"),
    "parcels": ("Parcels", "包裹", "包裹"),
    "deliveries": ("Deliveries", "送货", "送貨"),
    "picks": ("Picks", "拣货", "揀貨"),
    "tasks": ("Tasks", "任务", "任務"),
    "exceptions": ("Exceptions", "异常", "異常"),
    "stock": ("Stock", "库存", "庫存"),
    "levels": ("Pick-face levels", "拣货位水位", "揀貨位水位"),
    "events": ("Events", "事件", "事件"),
    "operations": ("Operations", "操作记录", "操作紀錄"),
}
DATASETS_ABOUT: dict[str, Said] = {
    "orders": ("One row an order.", "每个订单一行。", "每個訂單一行。"),
    "lines": ("One row an order line.", "每个订单行一行。", "每個訂單行一行。"),
    "parcels": (
        "One row a packed parcel, with its carrier where it has one.",
        "每个已打包的包裹一行。有承运商的附承运商。",
        "每個已打包的包裹一行。有承運商的附承運商。",
    ),
    "deliveries": (
        "One row a stop of a van, once it is closed.",
        "送货车每个已完成的停靠点一行。",
        "送貨車每個已完成的停靠點一行。",
    ),
    "picks": ("One row a line that was picked.", "每个已拣的行一行。", "每個已揀的行一行。"),
    "tasks": (
        "One row a finished task of any kind.",
        "每个已完成的任务一行。",
        "每個已完成的任務一行。",
    ),
    "exceptions": ("One row a problem.", "每个问题一行。", "每個問題一行。"),
    "stock": (
        "One row an item and lot in a location, now.",
        "当前每个库位的商品与批次一行。",
        "目前每個儲位的商品與批次一行。",
    ),
    "levels": (
        "One row a pick face with a minimum and a maximum, now.",
        "当前每个设有上下限的拣货位一行。",
        "目前每個設有上下限的揀貨位一行。",
    ),
    "events": (
        "One row an event of the log: what followed from operations.",
        "日志中每个事件一行：操作带来的结果。",
        "日誌中每個事件一行：操作帶來的結果。",
    ),
    "operations": (
        "One row an operation of the log: what people and devices did.",
        "日志中每个操作一行：人员和设备所做的。",
        "日誌中每個操作一行：人員和裝置所做的。",
    ),
}
TOTALS: dict[str, Said] = {
    "sum": ("{of}", "{of}", "{of}"),
    "avg": ("{of}, average", "{of}（平均）", "{of}（平均）"),
    "min": ("{of}, least", "{of}（最小）", "{of}（最小）"),
    "max": ("{of}, most", "{of}（最大）", "{of}（最大）"),
    "count": ("Number", "数量", "數量"),
    "round": ("{of}", "{of}", "{of}"),
}
PARTS: dict[str, Said] = {
    "hour": ("{of}, hour", "{of}（小时）", "{of}（小時）"),
    "weekday": ("{of}, weekday", "{of}（星期）", "{of}（星期）"),
    "day": ("{of}, day", "{of}（日）", "{of}（日）"),
    "week": ("{of}, week", "{of}（周）", "{of}（週）"),
    "month": ("{of}, month", "{of}（月）", "{of}（月）"),
}
WEEKDAYS: tuple[Said, ...] = (
    ("Monday", "星期一", "星期一"),
    ("Tuesday", "星期二", "星期二"),
    ("Wednesday", "星期三", "星期三"),
    ("Thursday", "星期四", "星期四"),
    ("Friday", "星期五", "星期五"),
    ("Saturday", "星期六", "星期六"),
    ("Sunday", "星期日", "星期日"),
)
REPORTS: dict[str, Said] = {
    "order-status": ("Order status", "订单状态", "訂單狀態"),
    "late-orders": ("Late orders", "逾期订单", "逾期訂單"),
    "deliveries": ("Deliveries by day", "每日送货", "每日送貨"),
    "sales": ("Sales by day", "每日销售", "每日銷售"),
    "top-items": ("Sales by item", "商品销售", "商品銷售"),
    "daily-shipments": (
        "Daily shipments by carrier and destination",
        "每日发货：按承运商和目的地",
        "每日出貨：按承運商和目的地",
    ),
    "exceptions": ("Exceptions by kind", "异常：按类型", "異常：按類型"),
    "stock-on-hand": ("Stock on hand", "现有库存", "現有庫存"),
    "below-minimum": ("Pick faces below their minimum", "低于下限的拣货位", "低於下限的揀貨位"),
    "pick-performance": ("Pick performance by person", "拣货绩效：按人员", "揀貨績效：按人員"),
    "busy-hours": ("Picks by weekday and hour", "拣货：按星期和小时", "揀貨：按星期和小時"),
}
REPORTS_ABOUT: dict[str, Said] = {
    "order-status": (
        "Orders placed in the period, by the state they are in now.",
        "期间内下达的订单，按当前状态。",
        "期間內下達的訂單，按目前狀態。",
    ),
    "late-orders": (
        "Orders placed in the period that came late, or are late and still open.",
        "期间内下达、已迟到或仍未完成且逾期的订单。",
        "期間內下達、已遲到或仍未完成且逾期的訂單。",
    ),
    "deliveries": (
        "Closed stops a day: how many, how many came, how many on time.",
        "每日完成的停靠点：总数、送达数、准时数。",
        "每日完成的停靠點：總數、送達數、準時數。",
    ),
    "sales": (
        "Orders placed a day and what they are worth, by currency.",
        "每日下达的订单及其金额，按币种。",
        "每日下達的訂單及其金額，按幣別。",
    ),
    "top-items": (
        "What was ordered of each item and what it is worth, by currency.",
        "每种商品的订购数量和金额，按币种。",
        "每種商品的訂購數量和金額，按幣別。",
    ),
    "daily-shipments": (
        "Parcels packed a day, by who carries them and to which country.",
        "每日打包的包裹，按承运商和国家。",
        "每日打包的包裹，按承運商和國家。",
    ),
    "exceptions": (
        "Problems of the period by kind: how many, how many still open, hours until settled.",
        "期间内的问题，按类型：总数、未解决数、解决用时。",
        "期間內的問題，按類型：總數、未解決數、解決用時。",
    ),
    "stock-on-hand": (
        "What lies where now, what of it is promised and what is free.",
        "当前各处库存、已分配和可用数量。",
        "目前各處庫存、已分配和可用數量。",
    ),
    "below-minimum": (
        "Pick faces that hold less than they should, now.",
        "当前低于下限的拣货位。",
        "目前低於下限的揀貨位。",
    ),
    "pick-performance": (
        "Finished pick tasks by person: lines, minutes, lines an hour.",
        "已完成的拣货任务，按人员：行数、分钟、每小时行数。",
        "已完成的揀貨任務，按人員：行數、分鐘、每小時行數。",
    ),
    "busy-hours": (
        "When lines are picked: the week at a glance.",
        "拣货发生的时间：一周概览。",
        "揀貨發生的時間：一週概覽。",
    ),
}
TITLES: dict[str, Said] = {
    "~orders": ("Orders", "订单", "訂單"),
    "~stops": ("Stops", "停靠点", "停靠點"),
    "~parcels": ("Parcels", "包裹", "包裹"),
    "~kilograms": ("Weight in kg", "重量（千克）", "重量（公斤）"),
    "~tasks": ("Tasks", "任务", "任務"),
    "~late_share": ("Late, %", "逾期率（%）", "逾期率（%）"),
    "~on_time_share": ("On time, %", "准时率（%）", "準時率（%）"),
    "~came_share": ("Delivered, %", "送达率（%）", "送達率（%）"),
    "~lines_an_hour": ("Lines an hour", "每小时行数", "每小時行數"),
    "~pace": ("Planned for actual, %", "计划/实际（%）", "計劃/實際（%）"),
    "~average": ("Average order", "平均订单金额", "平均訂單金額"),
    "~problems": ("Problems", "问题", "問題"),
    "~hours_each": ("Hours each", "平均小时", "平均小時"),
    "~lines": ("Lines", "行数", "行數"),
    "~short_share": ("Short, %", "短拣率（%）", "短揀率（%）"),
}
PAPER: dict[str, Said] = {
    "page": ("Page", "页", "頁"),
    "period": ("Period", "期间", "期間"),
    "made": ("Made", "生成时间", "產生時間"),
    "rows": ("Rows", "行数", "行數"),
    "more": (
        "There are more rows than fit here. Narrow the period or the filters.",
        "行数超出限制。请缩短期间或增加筛选。",
        "行數超出限制。請縮短期間或增加篩選。",
    ),
    "none": ("Nothing in this period.", "此期间没有数据。", "此期間沒有資料。"),
    "total": ("Total", "合计", "合計"),
    "yes": ("yes", "是", "是"),
    "no": ("no", "否", "否"),
    "mail": (
        "{name}, {period}. {rows} rows are in the attached file.",
        "{name}，{period}。附件共 {rows} 行。",
        "{name}，{period}。附件共 {rows} 行。",
    ),
    "mail_now": (
        "{name}. {rows} rows are in the attached file.",
        "{name}。附件共 {rows} 行。",
        "{name}。附件共 {rows} 行。",
    ),
}


def say(said: Said, lang: Language) -> str:
    return said[_LANGUAGES.index(lang)]
