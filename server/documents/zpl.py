"""ZPL II, which label printers read: text, rules, bars and pictures at places in millimetres.

Nothing of an address can become a command: field data is ASCII letters, digits and a few signs;
every other byte is written as `_` and two hexadecimal digits (`^FH`), so no `^`, no `~` and no
control character of it is ever sent. Source: Zebra, ZPL II Programming Guide (^A, ^BC, ^B2, ^FB,
^FH, ^GF).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from PIL import Image

from server.documents.barcodes import Bars
from server.documents.labels import dots

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;-+/()<>=#")
_DIGITS = re.compile(r"[0-9]{4,}")
_IN_SET_B = {">": ">0", "^": "><", "~": ">="}
"""How ^BC names the signs that it uses itself."""


def escaped(text: str) -> str:
    """Field data that no printer takes for a command, in UTF-8 (the label says `^CI28`)."""
    return "".join(
        chr(byte) if byte in _PLAIN else f"_{byte:02X}" for byte in text.encode("utf-8", "replace")
    )


def field(text: str) -> str:
    return f"^FH_^FD{escaped(text)}^FS"


def zpl_label(fields: Iterable[str], *, width: int, height: int) -> bytes:
    """One label of so many dots: origin, shift and print direction do not hang over from another
    job."""
    head = f"^XA^CI28^LH0,0^LS0^LT0^FWN^PON^PW{width}^LL{height}"
    return "\n".join([head, *fields, "^PQ1^XZ", ""]).encode("ascii")


def is_latin(texts: Iterable[str]) -> bool:
    """Whether the font that every printer has can print them (Windows-1252, as `^CI28` maps it)."""
    try:
        "".join(texts).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


class Paper:
    """Fields of one label for a printer of `dpi`. Places and sizes are in millimetres. `is_cut`:
    something was longer than its room at the smallest size."""

    def __init__(self, dpi: float, width_mm: float, height_mm: float) -> None:
        self.dpi = dpi
        self.width, self.height = dots(width_mm, dpi), dots(height_mm, dpi)
        self.fields: list[str] = []
        self.is_cut = False

    def _at(self, x: float, y: float, what: str) -> None:
        self.fields.append(f"^FO{dots(x, self.dpi)},{dots(y, self.dpi)}{what}")

    def text(self, x: float, y: float, size: float, text: str) -> None:
        """One line; it is for the caller to see that it fits."""
        if text:
            letter = dots(size, self.dpi)
            self._at(x, y, f"^A0N,{letter},{letter}{field(text)}")

    def block(
        self, x: float, y: float, room: tuple[float, float], texts: list[str], sizes: list[float]
    ) -> None:
        """Lines broken into `room` (width, height) at the largest of `sizes` that fits."""
        size, lines = broken(texts, room, sizes)
        self.is_cut |= len(lines) * size * LEADING > room[1]
        for nth, line in enumerate(lines):
            self.text(x, y + nth * size * LEADING, size, line)

    def middle(self, y: float, size: float, text: str) -> None:
        """One line in the middle. `\\` is the block's own sign and is doubled."""
        letter, doubled = dots(size, self.dpi), text.replace("\\", "\\\\")
        self._at(0, y, f"^A0N,{letter},{letter}^FB{self.width},1,0,C{field(doubled)}")

    def rule(self, x: float, y: float, length: float, thick: float = 0.5) -> None:
        along, across = dots(length, self.dpi), dots(thick, self.dpi)
        self._at(x, y, f"^GB{along},{across},{across}^FS")

    def bars(self, y: float, height: float, code: Linear, dot: int) -> None:
        """A linear code in the middle, `dot` dots a module."""
        how, data, modules = code
        left = (self.width - modules * dot) // 2
        tall = dots(height, self.dpi)
        what = f"^BY{dot},3,{tall}{how.format(height=tall)}{field(data)}"
        self.fields.append(f"^FO{left},{dots(y, self.dpi)}{what}")

    def picture(self, image: Image.Image, left: int = 0, top: int = 0) -> None:
        """`left`, `top` in dots."""
        self.fields.append(f"^FO{left},{top}{graphic(image)}")

    def done(self) -> bytes:
        return zpl_label(self.fields, width=self.width, height=self.height)


LEADING = 1.15
"""Heights of a letter from one line to the next."""
Linear = tuple[str, str, int]
"""The command with its height open, its data, and the modules across without quiet zones."""


def gs1_code(ai: str, digits: str) -> Linear:
    """GS1-128 of an even number of digits: start in set C, FNC1, then pairs."""
    pairs = len(ai + digits) // 2
    return "^BCN,{height},N,N,N,N", f">;>8{ai}{digits}", _modules(pairs + 1)


def code128_code(text: str) -> Linear:
    """Of ASCII 32-126. Printers change to pairs of digits by themselves (mode A); in a text with
    signs of their own every sign is named, in set B."""
    if not _IN_SET_B.keys() & set(text):
        parts = _parts(text)
        changes = len(parts) - 1
        signs = sum(len(part) // 2 if digits else len(part) for digits, part in parts)
        return "^BCN,{height},N,N,N,A", text, _modules(signs + changes)
    named = "".join(_IN_SET_B.get(sign, sign) for sign in text)
    return "^BCN,{height},N,N,N,N", f">:{named}", _modules(len(text))


def itf_code(bars: Bars) -> Linear:
    return "^B2N,{height},N,N,N", bars.text, len(bars.modules)


def _parts(text: str) -> list[tuple[bool, str]]:
    """Runs of at least four digits, of an even length, and what is between them."""
    parts, at = [], 0
    for run in _DIGITS.finditer(text):
        first = run.start() + len(run[0]) % 2
        parts += [(False, text[at:first]), (True, text[first : run.end()])]
        at = run.end()
    return [part for part in (*parts, (False, text[at:])) if part[1]]


def _modules(signs: int) -> int:
    """Start, signs and check of 11 modules each, and the stop of 13."""
    return 11 * (signs + 2) + 13


def graphic(image: Image.Image) -> str:
    """A 1-bit picture as ^GFA, in ASCII hexadecimal with the guide's run lengths."""
    across = -(-image.width // 8)
    padded = Image.new("1", (across * 8, image.height), 1)
    padded.paste(image.convert("1"))
    ink = bytes(byte ^ 0xFF for byte in padded.tobytes())
    rows = [ink[at : at + across].hex().upper() for at in range(0, len(ink), across)]
    data = "".join(
        ":" if nth and row == rows[nth - 1] else _packed(row) for nth, row in enumerate(rows)
    )
    return f"^GFA,{len(ink)},{len(ink)},{across},{data}^FS"


def _packed(row: str) -> str:
    """One row; a run of zeros at its end is `,`, of ones `!`."""
    for sign, end in (("0", ","), ("F", "!")):
        if row.endswith(sign):
            row, tail = row.rstrip(sign), end
            break
    else:
        tail = ""
    return "".join(_run(sign, len(list(same))) for sign, same in groupby(row)) + tail


def _run(sign: str, count: int) -> str:
    """G to Y: 1 to 19 times; g to z: 20 to 400 times, which add up."""
    said = "z" * (count // 400)
    count %= 400
    said += chr(ord("f") + count // 20) if count >= 20 else ""
    said += chr(ord("F") + count % 20) if count % 20 else ""
    return (sign if said == "G" else said + sign) if said else sign


def broken(
    texts: list[str], room: tuple[float, float], sizes: list[float]
) -> tuple[float, list[str]]:
    """The largest size at which the lines keep to the room, else the smallest; and the lines."""
    lines: list[str] = []
    for size in sizes:
        lines = [line for text in texts for line in wrapped(text, room[0] / size)]
        if len(lines) * size * LEADING <= room[1]:
            return size, lines
    return sizes[-1], lines


def wrapped(text: str, room: float) -> list[str]:
    """Lines no wider than `room`, in heights of a letter; a word that is wider is broken."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width_of(longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = ""
        for letter in word:
            if width_of(line + letter) > room and line:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line] if line else lines


def width_of(text: str) -> float:
    """In heights of a letter, on the safe side: printers' own fonts differ a little."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    if letter in "mwMW@%ÆŒæœ—…™":
        return 0.95
    if letter in "iljtfI.,:;'|!()[] -":
        return 0.36
    return 0.72 if letter.isupper() else 0.6
