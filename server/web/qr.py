"""A link as a QR code that a page draws by itself."""

from typing import Any

import zxingcpp


def qr_rows(url: str) -> list[str]:
    """Row by row, a `1` for each dark module."""
    symbol = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode)
    image: Any = symbol.to_image(scale=1)  # has the buffer protocol, its stub does not say so
    rows: Any = memoryview(image).tolist()
    return ["".join("1" if dot == 0 else "0" for dot in row) for row in rows]
