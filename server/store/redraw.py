"""A program of its own: decodes a stranger's picture and draws it anew, for showing.

python redraw.py SOURCE TARGET FORMAT

Apart from the server, so that a picture made to burst a decoder bursts this process and no other;
memory, time and file size are limited before the decoder is even loaded. Ends with 0 when TARGET
is written, with PICTURE and a word on stdout when the picture is at fault, with DISK when TARGET
could not be written.
"""

import resource
import sys
import warnings

MAX_PIXELS = 25_000_000
SIDE = 1_600
"""Longest side of the new picture in pixels."""
MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 10
FILE = 16 * 1024 * 1024
QUALITY = 85
PICTURE, DISK = 3, 4


def limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def redraw(source: str, target: str, kind: str) -> int:
    from PIL import Image  # noqa: PLC0415  limits come first

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    # Without this, pictures up to twice the limit are decoded with no more than a warning.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(source, formats=[kind]) as opened:
            if getattr(opened, "n_frames", 1) != 1:
                return fault("frames")
            opened.draft("RGB", (SIDE, SIDE))
            opened.thumbnail((SIDE, SIDE))
            shown = opened.convert("RGBA") if opened.mode in ("P", "PA", "LA", "La") else opened
            # A new picture: saving the old one would carry on what it brought along.
            fresh = Image.new("RGB", shown.size, "white")
            fresh.paste(shown, mask=shown if shown.mode == "RGBA" else None)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return fault("pixels")
    except MemoryError:
        return fault("memory")
    except Exception:  # noqa: BLE001  decoders raise anything on hostile bytes
        return fault("decode")
    try:
        fresh.save(target, "JPEG", quality=QUALITY, optimize=True)
    except OSError:
        return DISK
    return 0


def fault(word: str) -> int:
    sys.stdout.write(word)
    return PICTURE


if __name__ == "__main__":
    limit()
    sys.exit(redraw(*sys.argv[1:4]))
