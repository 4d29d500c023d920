"""Bring a database to the newest shape. The same migrations on SQLite and PostgreSQL."""

from pathlib import Path

from alembic import command
from alembic.config import Config

HERE = Path(__file__).parent


def config(url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(HERE / "migrations"))
    made.attributes["url"] = url
    return made


def upgrade(url: str) -> None:
    command.upgrade(config(url), "head")
