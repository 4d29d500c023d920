"""Two check digits of a location: what a person says or types who stands before its label.

They prove that somebody has looked, so they must not follow from the code by a glance, and
neighbours must not share them. The digits and letters of the code are one number as in ISO 7064
(A is 10, Z is 35); its remainder by the prime 97 differs between codes that differ in one
character or in two swapped ones; a power of 5 (which generates all of 1 to 96) mixes the
remainders without making any two alike. Twin of `pwa/src/scan/check-digits.ts`; both are held to
`tests/vectors/check_digits.json`.
"""

PRIME = 97
_GENERATOR = 5


def check_digits(code: str) -> str:
    """`47` of `A03-12-2`; hyphens, dots and the like, and small letters, make no difference."""
    rest = 0
    for character in code.upper():
        if character.isascii() and character.isalnum():
            value = int(character, 36)
            rest = (rest * (10 if value < 10 else 100) + value) % PRIME
    # The powers of 5 repeat after 96 steps: the last remainder takes the number they leave out.
    mixed = 0 if rest == PRIME - 1 else pow(_GENERATOR, rest, PRIME)
    return f"{mixed:02}"
