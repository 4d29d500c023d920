"""The site's own decoder on photographs: most are read, and none is read wrongly."""

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from tests.rules.barcode_pictures import READ_AT_LEAST, Photo, photos

TWIN = Path(__file__).parent / "stills_twin.mjs"
NODE = os.environ.get("PLAYWRIGHT_NODEJS_PATH") or shutil.which("node") or "node"


def read(pictures: list[Photo]) -> list[str | None]:
    """The text of the code nearest the middle of each picture."""
    sent = bytearray()
    for photo in pictures:
        size = {"width": photo.image.width, "height": photo.image.height}
        sent += json.dumps(size).encode() + b"\n" + photo.image.tobytes()
    done = subprocess.run(
        [NODE, str(TWIN)], input=bytes(sent), capture_output=True, timeout=120, check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [codes[0]["raw"] if codes else None for codes in answers]


def test_the_decoder_reads_most_photographs_and_none_wrongly() -> None:
    pictures = photos()
    found = read(pictures)
    verdicts = [photo.verdict(text) for photo, text in zip(pictures, found, strict=True)]
    judged = list(zip([photo.path.stem for photo in pictures], verdicts, found, strict=True))
    assert [one for one in judged if one[1] == "wrong"] == []
    assert len(pictures) == 64
    assert Counter(verdicts)["right"] >= READ_AT_LEAST, [one for one in judged if one[1] == "none"]
