"""What the values of a field are called in each language, where the database has a code.

The words are the app's own: `python3 dev.py gen` takes them out of its catalogues. A value that
nobody has named is shown as it is.
"""

from pathlib import Path

import msgspec

from server.insights.reports.words import Language, Said, say

FILE = Path(__file__).with_name("value_words.json")
VALUES: dict[str, dict[str, Said]] = msgspec.json.decode(
    FILE.read_bytes(), type=dict[str, dict[str, Said]]
)
"""By a field's `words` and by the code."""


def named(words: str, code: str, lang: Language) -> str:
    said = VALUES.get(words, {}).get(code)
    return say(said, lang) if said else code
