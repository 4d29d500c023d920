"""What the model's devices and server say to each other, and the mistakes they can be given.

Small on purpose: one site, one wave of work, three operations a frame, two rows a page and a
version, so that forty steps reach every corner of the protocol.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DEVICES = ("A", "B")
PEOPLE = ("ann", "bob")
FRAME_OPS = 3
PAGE_ROWS = 2
VERSION_ROWS = 2
LINES = 3
CHUNKS = 2
"""A photo is whole after this many chunks."""

Key = tuple[str, str, str]
"""(scope, kind, key) of a row."""
Cursor = tuple[int, int]
"""(pos, snap): read up to `pos`; `snap` is the version at which the scope's snapshot began."""
Cursors = dict[str, Cursor]


class Bug(StrEnum):
    """One mistake each; every one must be caught, the protocol without any must survive."""

    NO_DEDUPE = "no_dedupe"
    ACK_BEFORE_DURABLE = "ack_before_durable"
    SEQUENCE_CURSOR = "sequence_cursor"
    SINGLE_CURSOR = "single_cursor"
    SPLIT_VERSION = "split_version"
    ACK_OUTSIDE_FEED = "ack_outside_feed"
    GC_NO_FLOOR = "gc_no_floor"
    FLOOR_VS_POS = "floor_vs_pos"
    APPLY_STALE = "apply_stale"
    VOLATILE_CATCHUP = "volatile_catchup"
    NO_EPOCH = "no_epoch"
    FORGET_ON_EPOCH = "forget_on_epoch"
    PUSH_WITHOUT_BASE = "push_without_base"
    DONE_ON_MIDDLE_PAGE = "done_on_middle_page"
    TWO_STATEMENTS = "two_statements"
    PUSH_OF_A_PART = "push_of_a_part"
    FORGET_BLOB_ON_DONE = "forget_blob_on_done"
    SERIALS_GIVEN_TWICE = "serials_given_twice"
    ACT_AFTER_REVOCATION = "act_after_revocation"


@dataclass(frozen=True)
class Op:
    """`bad` is malformed, `pick` and `ack` are facts, `take` is a request with a lease epoch."""

    kind: str
    sid: str
    at: int
    task: str = ""
    line: int = 0
    expects: int = 0
    of: int = 0
    blob: str = ""


@dataclass
class Frame:
    dev: str
    sid: str
    epoch: int
    ops: list[tuple[int, Op]]
    cur: Cursors


@dataclass
class Answer:
    epoch: int
    rows: list[tuple[int, Key, Any]]
    cur: Cursors
    reset: list[str] = field(default_factory=list)
    more: bool = False
    done: int = 0
    """Only with ACK_OUTSIDE_FEED; otherwise `done` is a row like any other."""


@dataclass
class Restart:
    epoch: int
    last_n: int


@dataclass
class Revoked:
    """The operations were taken; the device sees nothing any more.

    `epoch`: that of the question. A device knows which one it asked: a late answer to an earlier
    life says nothing of what this one has.
    """

    up_to: int
    epoch: int


@dataclass
class Push:
    """`base`: the cursors that this push continues."""

    base: Cursors
    answer: Answer


Reply = Answer | Restart | Revoked
