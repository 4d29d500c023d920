"""An order with all that its papers may say: short, substituted, dangerous, in two cartons."""

from server.documents.trade.drawing import Sheet, draw
from server.documents.trade.kinds import facts_of
from server.documents.trade.shapes import Asked, Box, Carriage, Dossier, Known, Party, Walk
from server.documents.words import Language
from server.pod.paperwork.rules import number_of

SHOP = Party(
    "Lantern & Oak", ["12 Harbour Yard", "BS1 4XX Bristol", "GB"], tax_id="GB 1", country="GB"
)
BUYER = Party(
    "杭州晨光文具貿易有限公司",
    ["西湖区文三路 478 号", "310012 杭州", "浙江省", "CN"],
    phone="+86 571 8765 4321",
    country="CN",
    language="zh-Hans",
)
ASKED = [
    Asked(1, "MUG", "陶瓷马克杯 手工釉面", 12, 1250, 12),
    Asked(2, "LAMP", "Reading lamp", 5, 4999, 3),
    Asked(3, "TEE", "棉质圆领短袖", 20, 899, 20, "TEE-V", 8),
    Asked(4, "OIL", "Lamp oil", 2, 1500, 2),
    Asked(5, "RUG", "Rug", 1, 9900, 0),
]
ITEMS = {
    "MUG": Known("Mug", 450, "CN", "691200"),
    "LAMP": Known("Lamp", 2100, "GB", "94052190"),
    "TEE": Known("Tee", 180, "PT", "610910"),
    "TEE-V": Known("V-neck tee", 185, "PT", "610910"),
    "OIL": Known("Lamp oil", 900, "NL", "271019", dangerous=True),
}
BOXES = [
    Box("00395212340000000017", [("LAMP", 3), ("MUG", 12)], "M", 12_450, "00395212340000000994"),
    Box("00395212340000000024", [("OIL", 2), ("TEE", 12), ("TEE-V", 8)], "L", 5_800),
]
WALKS = [
    Walk("A01-02-3", "MUG", "陶瓷马克杯 手工釉面", 12, 12, "done", "L-77"),
    Walk("A02-11-1", "LAMP", "Reading lamp", 5, 3, "short"),
    Walk("B07-01-4", "TEE", "棉质圆领短袖", 12, 0, "open"),
]
ORDER = Dossier(
    order="o1",
    number="2025-EC-000017",
    ref="PO-4711",
    state="packed",
    type="standard",
    transport="road",
    currency="EUR",
    placed_at=1_764_000_000_000,
    due_at=1_764_300_000_000,
    customer="C-1001",
    seller=SHOP,
    ship_to=BUYER,
    asked=ASKED,
    items=ITEMS,
    boxes=BOXES,
    walks=WALKS,
    carriage=Carriage("Swift Parcels", "Economy", "SW100000053", "YK21 ABC", "#12"),
    incoterm="DAP",
    declaration="I declare that this is true.",
)
ISSUED_AT = 1_764_150_000_000


def sheet(paper: str, of: Dossier = ORDER, language: Language = "en") -> Sheet:
    number = number_of(of.number, paper, 1)
    return Sheet(paper, number, ISSUED_AT, facts_of(paper, of), language)


def pdf(paper: str, of: Dossier = ORDER, language: Language = "en") -> bytes:
    return draw(sheet(paper, of, language)).pdf
