"""Invented customers. Streets and people are made up; towns and postcodes have the real shape."""

from dataclasses import dataclass

from server.orders.validation import ShipTo


@dataclass(frozen=True, slots=True)
class Customer:
    id: str
    name: str
    ship_to: ShipTo


_ROWS = (
    ("Hanna Whitlock", "14 Pear Tree Lane", "Leeds", "LS6 2QT", "", "GB"),
    ("Owen Prichard", "3 Harbour Rise", "Swansea", "SA1 8PL", "", "GB"),
    ("Corner Table Café", "221 Tanner Street", "Bristol", "BS3 4UF", "", "GB"),
    ("Isla Drummond", "9 Muir Wynd", "Perth", "PH2 7BN", "", "GB"),
    ("The Copper Kettle", "58 Mill Parade", "Norwich", "NR2 1TR", "", "GB"),
    ("Rosalind Achebe", "Flat 6, 17 Orchard Court", "London", "SE15 4JH", "", "GB"),
    ("Ciarán Doolan", "22 Weir View", "Galway", "H91 X4K7", "", "IE"),
    ("Blumen Reuter GmbH", "Lindenallee 41", "Köln", "50968", "", "DE"),
    ("Matthias Vogel", "Am Mühlbach 7", "Freiburg", "79104", "", "DE"),
    ("Studio Kranich", "Hafenstraße 112", "Hamburg", "20459", "", "DE"),
    ("Élodie Marchand", "8 rue des Tilleuls", "Nantes", "44000", "", "FR"),
    ("Atelier Brunet", "31 quai du Lavoir", "Lyon", "69005", "", "FR"),
    ("Sanne de Wit", "Kerkstraat 203-B", "Utrecht", "3581 RC", "", "NL"),
    ("Casa Olmedo", "Calle del Olivo 19", "Valencia", "46003", "", "ES"),
    ("Giulia Ferrante", "Via dei Mandorli 5", "Bologna", "40125", "BO", "IT"),
    ("Astrid Nygaard", "Fjordveien 26", "Bergen", "5003", "", "NO"),
    ("Maple & Thread", "418 Alder Street", "Portland", "97205", "OR", "US"),
    ("Denise Whitaker", "1207 Juniper Court, Apt 3", "Austin", "78704", "TX", "US"),
    ("Le Petit Érable", "77 avenue du Parc", "Montréal", "H2W 1S4", "QC", "CA"),
    ("Kirrily Boyd", "5/38 Banksia Road", "Melbourne", "3068", "VIC", "AU"),
    ("高橋 美咲", "桜ヶ丘4丁目12-8", "横浜市", "240-0011", "神奈川県", "JP"),
    ("王雨桐", "文化路88号3单元502室", "杭州市", "310012", "浙江省", "CN"),
    ("上海知味茶行", "梧桐里16号", "上海市", "200031", "上海市", "CN"),
    ("刘志远", "锦绣大道219号7栋1101室", "成都市", "610041", "四川省", "CN"),
    ("黃詩涵", "和平路二段45巷3號5樓", "臺北市", "100", "", "TW"),
    ("吳家豪", "中山三路66號12樓之2", "高雄市", "806", "", "TW"),
    ("李穎欣", "荔枝角道188號長豐大廈14樓B室", "香港", "", "九龍", "HK"),
    ("Tan Wei Ling", "Blk 214 Jalan Kembang #07-33", "Singapore", "160214", "", "SG"),
)
# In reach of the house's own vans; degrees north and east.
_NEAR = (
    ("Marlow & Finch", "12 Cooper's Yard", "Bristol", "BS8 4QW", "51.4561", "-2.6172"),
    ("Bea Hollins", "87 Dovecote Road", "Bristol", "BS3 1TN", "51.4402", "-2.6031"),
    ("Redland Pottery Room", "5 Kiln Mews", "Bristol", "BS6 6XD", "51.4703", "-2.6079"),
    ("Yusuf Darwish", "41 Bannerman Rise", "Bristol", "BS5 0QL", "51.4652", "-2.5608"),
    ("Quarry Lane Nursery", "2 Quarry Lane", "Bristol", "BS16 3UJ", "51.4801", "-2.5272"),
    ("Nell Abbott", "19 Totter Hill", "Bristol", "BS4 2LR", "51.4279", "-2.5688"),
    ("The Weir Kitchen", "33 Lock Street", "Keynsham", "BS31 1EH", "51.4141", "-2.4963"),
    (
        "Harbour Chandlery",
        "1 Pier Approach",
        "Portishead",
        "BS20 7GB",
        "51.4838",
        "-2.7679",
    ),
    ("Lucia Moretti", "60 Abbey Steps", "Bath", "BA1 1SN", "51.3812", "-2.3588"),
)


_DIAL = {
    "GB": 44, "IE": 353, "DE": 49, "FR": 33, "NL": 31, "ES": 34, "IT": 39, "NO": 47, "US": 1,
    "CA": 1, "AU": 61, "JP": 81, "CN": 86, "TW": 886, "HK": 852, "SG": 65,
}  # fmt: skip


def customers() -> list[Customer]:
    near = ((n, st, city, code, "", "GB", lat, lon) for n, st, city, code, lat, lon in _NEAR)
    far = ((*row, "", "") for row in _ROWS)
    return [_customer(at, *row) for at, row in enumerate((*far, *near), 1)]


def neighbours() -> list[Customer]:
    """Whom the house's own vans visit, each at a known position."""
    return [each for each in customers() if each.ship_to.lat]


def _customer(
    at: int,
    name: str,
    street: str,
    city: str,
    postcode: str,
    province: str,
    country: str,
    lat: str,
    lon: str,
) -> Customer:
    to = ShipTo(
        name=name,
        street=street,
        city=city,
        postcode=postcode,
        province=province,
        country=country,
        phone=f"+{_DIAL[country]} 555 0{at:03d}",
        email=f"customer{at:03d}@example.com",
        lat=lat,
        lon=lon,
    )
    return Customer(f"CUST-{at:03d}", name, to)
