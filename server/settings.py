"""What a site is told at its start; nothing secret has a default."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """`url`: `sqlite:///file` or `postgresql://…`. `origins`: exactly what browsers send.

    `static`: the built web app. `demo`: mounts the page that says who can sign in.
    """

    url: str
    blobs: Path
    origins: frozenset[str]
    site: str = "main"
    static: Path = field(default_factory=lambda: Path(__file__).parent / "static")
    demo: bool = False
