"""A printer on paper: reads ZPL as the guide has it, strictly, and draws its bars and pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from barcode.charsets import code128 as sets
from PIL import Image, ImageDraw

_COMMAND = re.compile(r"\^([A-Z0-9]{2})([^^]*)", re.DOTALL)
_KNOWN = set(re.findall("..", "XACILHLSLTFWPOPWLLFOA0FBFHFDFSGBBYBCB2GFPQXZ"))
START_B, START_C, FNC1, TO_B, TO_C = 104, 105, 102, 100, 99


@dataclass
class Field:
    """`x`, `y` and sizes in dots; `data`: as the printer has it after `^FH`."""

    x: int
    y: int
    data: str = ""
    commands: dict[str, str] = field(default_factory=dict)
    module: int = 2


@dataclass
class Label:
    width: int
    height: int
    fields: list[Field]

    def texts(self) -> list[str]:
        return [f.data for f in self.fields if "A0" in f.commands]

    def drawn(self) -> Image.Image:
        """Bars and pictures; text is left out."""
        paper = Image.new("1", (self.width, self.height), 1)
        for f in self.fields:
            if "GF" in f.commands:
                paper.paste(picture_of(f.commands["GF"]), (f.x, f.y))
            elif "BC" in f.commands:
                _bars(paper, f, _widths(code128_values(f.data, f.commands["BC"])))
        return paper.convert("L")


def read(zpl: bytes) -> Label:
    """Fails on a command that no label of ours has, on a `~`, and on anything between commands."""
    text = zpl.decode("ascii")
    assert "~" not in text
    commands = [(name, value) for name, value in _COMMAND.findall(text)]
    assert "".join(f"^{n}{v}" for n, v in commands) == text
    assert {n for n, _ in commands} <= _KNOWN
    names = [n for n, _ in commands]
    assert (names[0], names[-1], names.count("XA"), names.count("XZ")) == ("XA", "XZ", 1, 1)
    size = {n: int(v) for n, v in commands if n in ("PW", "LL")}
    fields: list[Field] = []
    hexed = False
    for name, value in ((n, v.rstrip("\n")) for n, v in commands):
        if name == "FO":
            x, y = value.split(",")
            fields.append(Field(int(x), int(y)))
            hexed = False
        elif name == "FH":
            assert value == "_"
            hexed = True
        elif name == "FD":
            assert hexed, "field data that is not escaped"
            assert not re.search(r"[\x00-\x1f\x7f]", value)
            fields[-1].data = unhex(value)
        elif name == "BY":
            fields[-1].module = int(value.split(",")[0])
        elif fields and name not in ("FS", "PQ", "XZ"):
            fields[-1].commands[name] = value
    return Label(size["PW"], size["LL"], fields)


def unhex(data: str) -> str:
    raw = re.sub(r"_([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), data)
    return raw.encode("latin-1").decode("utf-8")


def picture_of(gf: str) -> Image.Image:
    """`^GFA`: run lengths G-Y and g-z, `,` `!` to the end of a row, `:` the row before."""
    kind, sent, total, across, data = gf.split(",", 4)
    assert (kind, sent) == ("A", total)
    wide = int(across) * 2
    rows: list[str] = []
    row, times = "", 0
    for sign in data:
        if sign == ":":
            assert row == ""
            rows.append(rows[-1])
        elif sign in ",!":
            rows.append(row.ljust(wide, "0" if sign == "," else "F"))
            row = ""
        elif "G" <= sign <= "Y":
            times += ord(sign) - ord("F")
        elif "g" <= sign <= "z":
            times += 20 * (ord(sign) - ord("f"))
        else:
            row, times = row + sign * max(1, times), 0
            assert len(row) <= wide
            if len(row) == wide:
                rows.append(row)
                row = ""
    bits = bytes(byte ^ 0xFF for byte in bytes.fromhex("".join(rows)))
    assert len(bits) == int(total)
    return Image.frombytes("1", (wide * 4, len(rows)), bits)


def code128_values(data: str, how: str) -> list[int]:
    """Signs from start to check. Mode N: as the data names them; mode A: digits in pairs."""
    mode = how[-1]
    values = _named(data) if mode == "N" else _automatic(data)
    return [*values, sum(v * max(1, i) for i, v in enumerate(values)) % 103]


def _named(data: str) -> list[int]:
    start, rest = data[:2], data[2:]
    if start == ">:":
        signs = re.findall(r">.|[^>]", rest)
        special = {">0": ">", "><": "^", ">=": "~"}
        return [START_B, *(ord(special.get(s, s)) - 32 for s in signs)]
    assert start == ">;"
    signs = re.findall(r">8|[0-9]{2}", rest)
    assert "".join(signs) == rest
    return [START_C, *(FNC1 if s == ">8" else int(s) for s in signs)]


def _automatic(data: str) -> list[int]:
    values: list[int] = []
    in_c = False
    for part in re.split(r"((?:[0-9]{2}){2,}(?![0-9]))", data):
        is_c = len(part) >= 4 and part.isdigit()
        if part and (not values or is_c != in_c):
            start = START_C if is_c else START_B
            values.append(start if not values else (TO_C if is_c else TO_B))
            in_c = is_c
        pairs = re.findall("..", part) if is_c else ()
        values += [int(p) for p in pairs] if is_c else [ord(c) - 32 for c in part]
    return values


def _widths(values: list[int]) -> str:
    return f"{''.join(sets.CODES[v] for v in values)}{sets.STOP}11"


def _bars(paper: Image.Image, f: Field, modules: str) -> None:
    height = int(f.commands["BC"].split(",")[1])
    draw = ImageDraw.Draw(paper)
    for nth, dark in enumerate(modules):
        left = f.x + nth * f.module
        if dark == "1":
            draw.rectangle((left, f.y, left + f.module - 1, f.y + height - 1), fill=0)
