"""Invented people by the hundred thousand: name, address and phone follow from a number."""

from dataclasses import dataclass

from server.orders.validation import ShipTo


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_GIVEN = _words(
    "Ada Alice Amara Anna Arthur Åsa Ben Bruno Carla Chloé Clara Daniel Dara Diego Elena Élodie "
    "Emil Emma Erik Esther Fatima Felix Finn Freya George Grace Hana Hanna Henry Hugo Ida Ines "
    "Iris Isla Jack Jan Jonas José Julia Karl Kate Lena Leo Lily Louis Lucas Maja Marc Maria "
    "Marta Max Mia Milan Nadia Nina Noah Nora Olga Oscar Owen Paula Peter Priya Rosa Ruth Sam "
    "Sara Simon Sofia Theo Tom Uma Vera Victor Wanda Will Yara Zoë"
)
_FAMILY = _words(
    "Abbott Achebe Adler Ahmed Andersson Baker Barnes Becker Bell Benítez Blake Boyd Brandt "
    "Brunet Carter Castillo Clarke Cohen Cooper Costa Dawson Díaz Doolan Drummond Duarte Dubois "
    "Eriksen Evans Farrell Ferrante Fischer Fleming Foster Fraser Fuchs García Gibson Graham "
    "Grant Green Hansen Hart Hayes Hoffmann Hughes Ivanov Jansen Jensen Johansson Jones Kaya "
    "Keller Kelly Khan King Klein Kovács Krüger Larsen Lehmann Lewis Lindqvist López Marchand "
    "Martin Mason Meyer Mitchell Moreau Morgan Müller Murphy Murray Nielsen Novák Nygaard O'Brien "
    "Öberg Okafor Olmedo Owens Palmer Parker Patel Pereira Petrov Popescu Prichard Quinn Raman "
    "Reid Reuter Rossi Roy Ryan Santos Schmidt Schulz Shaw Silva Smith Sørensen Stewart Svensson "
    "Taylor Thomas Turner Vogel Walker Walsh Weber White Whitaker Wilson Wood Wright Young "
    "Zimmermann"
)
_XING = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余"
_MING = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华建国雨桐志远子涵欣怡浩宇思琪梓晨嘉诗"
_TOWNS = (
    ("GB", "Leeds", "LS1"),
    ("GB", "Bristol", "BS1"),
    ("GB", "Norwich", "NR2"),
    ("DE", "Köln", "50968"),
    ("FR", "Nantes", "44000"),
    ("SE", "Malmö", "211 20"),
)
_CITIES = (("杭州市", "310012"), ("上海市", "200031"), ("成都市", "610041"))
_STRIDE = 7_919
"""A prime: neighbours by number are no neighbours by name."""


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    ship_to: ShipTo


def person(number: int) -> Person:
    """The same person for the same number, in every seed. One in five is Chinese."""
    mixed = number * _STRIDE
    return _chinese(number, mixed) if number % 5 == 4 else _other(number, mixed)


def _other(number: int, mixed: int) -> Person:
    turn, given = divmod(mixed, len(_GIVEN))
    again, family = divmod(turn, len(_FAMILY))
    second = f" {_FAMILY[again % len(_FAMILY)]}" if again else ""
    country, town, post = _TOWNS[number % len(_TOWNS)]
    name = f"{_GIVEN[given]} {_FAMILY[family]}{second}"
    where = {"street": f"{1 + mixed % 240} {_FAMILY[mixed % 97]} Lane", "city": town}
    phone = f"+44 7{mixed * 37 % 10**9:09}"
    return _of(number, name, phone, country, postcode=post, **where)


def _chinese(number: int, mixed: int) -> Person:
    turn, xing = divmod(mixed, len(_XING))
    again, first = divmod(turn, len(_MING))
    second = _MING[again % len(_MING)] if number % 3 else ""
    city, post = _CITIES[number % len(_CITIES)]
    name = f"{_XING[xing]}{_MING[first]}{second}"
    phone = f"+86 138 {mixed * 41 % 10**8:08}"
    street = f"{_MING[mixed % 23]}路{1 + mixed % 300}号"
    return _of(number, name, phone, "CN", street=street, city=city, postcode=post)


def _of(number: int, name: str, phone: str, country: str, **where: str) -> Person:
    to = ShipTo(name=name, phone=phone, country=country, **where)
    return Person(f"K{number:07}", name, to)
