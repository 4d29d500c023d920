"""Whole minor units only: each part of a price is rounded half up, once."""


def share(amount: int, basis_points: int) -> int:
    """`basis_points` ten-thousandths of `amount`, rounded half up. Neither is negative."""
    return (amount * basis_points + 5_000) // 10_000


def each_begun(unit_price: int, amount: int, unit: int) -> int:
    """`unit_price` for every `unit` of `amount` that was begun."""
    return unit_price * -(-amount // unit)


def rounded(numerator: int, denominator: int) -> int:
    """A quotient, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def shares(amount: int, parts: int) -> list[int]:
    """`amount` in so many parts, alike to a unit; the first ones are the larger ones."""
    each, more = divmod(amount, parts)
    return [each + (at < more) for at in range(parts)]
