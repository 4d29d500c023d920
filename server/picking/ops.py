"""The picker's walk: location scanned, item scanned, quantity: one operation a line.

    line: open -> picked | short          task: held -> done when every line is accounted for

The device has matched the scans before it says anything; what arrives here has happened, so it is
never refused: it is applied, or kept and turned into the follow-up that the books need.

Here stand the names of all of them; each group has a module of its own.
"""

from server.picking.checks import CheckPicked, FinishCheck
from server.picking.confirm import OVER_PICKED, ConfirmPick
from server.picking.cures import AwaitStock, PickElsewhere, PickSubstitute
from server.picking.finish import LINES_OPEN, NOTHING_PICKED, FinishTask
from server.picking.lines import (
    ALREADY_PICKED,
    ORDER_CANCELLED,
    PUTBACK,
    STOCK_SHORTFALL,
    TASK_UNKNOWN,
    tote,
)
from server.picking.places import RequestLabel, ZeroCheck
from server.picking.reroute import Reroute
from server.picking.shorts import SHORT_PICK, ReportShort
from server.picking.split import SplitTask
from server.picking.undo import UndoPick
from server.picking.walking import SkipLine

__all__ = [
    "ALREADY_PICKED",
    "LINES_OPEN",
    "NOTHING_PICKED",
    "ORDER_CANCELLED",
    "OVER_PICKED",
    "PUTBACK",
    "SHORT_PICK",
    "STOCK_SHORTFALL",
    "TASK_UNKNOWN",
    "AwaitStock",
    "CheckPicked",
    "ConfirmPick",
    "FinishCheck",
    "FinishTask",
    "PickElsewhere",
    "PickSubstitute",
    "ReportShort",
    "RequestLabel",
    "Reroute",
    "SkipLine",
    "SplitTask",
    "UndoPick",
    "ZeroCheck",
    "tote",
]
