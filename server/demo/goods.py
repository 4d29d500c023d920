"""What the demo's shop sells: 150 invented items in five ranges."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Good:
    """`price` in pence; `weight_g` grams; `weight_class` as in the item master."""

    sku: str
    name: str
    weight_g: int
    weight_class: str
    price: int

    @property
    def cost(self) -> int:
        """What the shop pays for it."""
        return self.price * _COST_OF_A_HUNDRED // 100


_COST_OF_A_HUNDRED = 55
PRICES = {
    "currency": "GBP",
    "hour": 1_680,
    "carton": 60,
    "cartons": {"XS": 25, "S": 35, "L": 95},
    "stop": 310,
}
"""What work, cartons and the shop's own vans come to, in pence."""

# stem, grams, class, pence, variants
_RANGES: dict[str, tuple[tuple[str, int, str, int, str], ...]] = {
    "KT": (
        ("Enamel mug", 240, "light", 895, "cream, forest, navy"),
        ("Stoneware bowl", 620, "fragile", 1450, "speckled, slate, sand"),
        ("Cast iron pan 26 cm", 2450, "heavy", 4900, "black, red"),
        ("Cast iron casserole 4 l", 5200, "heavy", 9900, "black, red, blue"),
        ("Linen tea towel", 110, "light", 1250, "striped, plain, checked"),
        ("Oak chopping board", 1350, "heavy", 3200, "small, large"),
        ("Glass storage jar", 780, "fragile", 975, "0.5 l, 1 l, 2 l"),
        ("Wine glass, set of 4", 920, "fragile", 2600, "tall, stemless"),
        ("Copper measuring spoons", 130, "light", 1690, "set of 4, set of 6"),
        ("Bamboo steamer 竹蒸笼", 540, "light", 1890, "20 cm, 24 cm"),
        ("Porcelain teapot 瓷茶壶", 710, "fragile", 3400, "white, celadon, cobalt"),
        ("Teacup pair 茶杯", 260, "fragile", 1800, "white, celadon"),
        ("Chopsticks, 5 pairs 筷子", 150, "light", 1150, "walnut, bamboo"),
        ("Wok 炒鍋 32 cm", 1680, "heavy", 3950, "flat base, round base"),
        ("Salad servers", 140, "light", 1350, "olive wood, acacia"),
        ("Pepper mill", 310, "light", 2250, "15 cm, 20 cm"),
    ),
    "HM": (
        ("Wool throw 130 x 180 cm", 1150, "light", 5600, "grey, mustard, rust"),
        ("Feather cushion", 680, "light", 2400, "45 cm, 50 cm, 60 cm"),
        ("Soy candle", 420, "fragile", 1650, "fig, cedar, orange"),
        ("Wall clock 30 cm", 890, "fragile", 3800, "oak, white"),
        ("Picture frame A4", 640, "fragile", 1750, "oak, black, brass"),
        ("Jute door mat", 1500, "heavy", 2200, "plain, striped"),
        ("Storage basket", 560, "light", 1950, "small, medium, large"),
        ("Bath towel", 520, "light", 1850, "white, sage, clay"),
        ("Hand towel", 210, "light", 950, "white, sage, clay"),
        ("Table lamp", 1800, "fragile", 5400, "brass, black"),
        ("Paper lantern 纸灯笼", 95, "light", 780, "30 cm, 45 cm"),
        ("Folding fan 摺扇", 60, "light", 890, "crane, bamboo, plum"),
        ("Ceramic vase", 1250, "fragile", 3650, "round, tall"),
        ("Curtain rod 1.6 m", 1900, "heavy", 2900, "black, brass"),
        ("Coat hook", 180, "light", 690, "single, double"),
        ("Laundry bag", 330, "light", 1480, "natural, navy"),
    ),
    "GD": (
        ("Watering can", 870, "light", 2450, "1.5 l, 5 l"),
        ("Terracotta pot", 1400, "fragile", 890, "14 cm, 20 cm"),
        ("Hand trowel", 290, "light", 1390, "ash, steel"),
        ("Garden twine 100 m", 190, "light", 590, "green, natural"),
        ("Seed tin", 350, "light", 1700, "cream, green"),
        ("Bird feeder", 460, "light", 1990, "seed, nut"),
        ("Potting compost", 9800, "heavy", 1150, "10 l, 20 l"),
        ("Pruning shears", 240, "light", 2700, "left hand, right hand"),
        ("Leather gloves", 160, "light", 2150, "S, M, L"),
        ("Solar lantern", 520, "fragile", 2890, "round, square"),
    ),
    "PN": (
        ("Green tea, loose 龙井绿茶", 280, "light", 1290, "100 g, 250 g"),
        ("Oolong tea 烏龍茶", 180, "light", 1450, "100 g, 250 g"),
        ("Jasmine tea 茉莉花茶", 180, "light", 1190, "100 g, 250 g"),
        ("Wildflower honey", 640, "fragile", 850, "340 g, 500 g"),
        ("Olive oil", 1350, "fragile", 1590, "0.5 l, 1 l"),
        ("Sea salt", 420, "light", 480, "flakes, coarse"),
        ("Ground coffee 250 g", 265, "light", 790, "house, dark, decaf"),
        ("Dark chocolate 100 g", 110, "light", 390, "70 %, 85 %, orange"),
        ("Plum jam 李子酱", 520, "fragile", 620, "340 g, 500 g"),
        ("Rice noodles 米粉", 450, "light", 320, "fine, wide"),
        ("Basmati rice", 5050, "heavy", 1350, "5 kg"),
        ("Soy sauce 醬油", 980, "fragile", 560, "light, dark"),
        ("Shortbread", 310, "light", 550, "plain, ginger"),
        ("Dried persimmon 柿餅", 260, "light", 890, "250 g"),
    ),
    "ST": (
        ("Notebook A5", 260, "light", 990, "lined, dotted, plain"),
        ("Fountain pen", 45, "light", 2900, "fine, medium"),
        ("Ink 30 ml", 110, "fragile", 1150, "blue, black, sepia"),
        ("Ink brush 毛筆", 35, "light", 860, "small, medium, large"),
        ("Ink stone 砚台", 930, "heavy", 2450, "round, square"),
        ("Rice paper 宣纸", 480, "light", 1320, "A4, A3"),
        ("Greeting cards, 10", 140, "light", 850, "birds, flowers"),
        ("Wrapping paper 5 m", 320, "light", 620, "stars, leaves"),
        ("Desk calendar", 210, "light", 1250, "English, 中文"),
        ("Brass ruler 20 cm", 70, "light", 1100, "cm, inch"),
    ),
}


def goods() -> list[Good]:
    """The same list every time, ordered by SKU: `KT-0101` is range, number, variant."""
    return [
        Good(f"{shop_range}-{no:02d}{at:02d}", f"{stem}, {variant}", grams, weight_class, price)
        for shop_range, stems in sorted(_RANGES.items())
        for no, (stem, grams, weight_class, price, variants) in enumerate(stems, 1)
        for at, variant in enumerate(variants.split(", "), 1)
    ]
