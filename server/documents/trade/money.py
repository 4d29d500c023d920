"""Amounts as they are written: exact, from whole minor units."""

# ISO 4217: currencies whose smallest unit is not a hundredth.
_NONE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"}
    | {"RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def written(minor: int, currency: str) -> str:
    """`1,234.50`; no rounding anywhere, and no currency sign."""
    digits = 0 if currency in _NONE else 3 if currency in _THREE else 2
    sign, whole = ("-", -minor) if minor < 0 else ("", minor)
    units, rest = divmod(whole, 10**digits)
    return f"{sign}{units:,}.{rest:0{digits}d}" if digits else f"{sign}{units:,}"
