"""Cutting a stream into groups that are committed together."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def groups(stream: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size`, the last one shorter; nothing of the stream is read ahead of need."""
    source = iter(stream)
    while group := list(islice(source, size)):
        yield group
