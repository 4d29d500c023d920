"""The packer's bench: three gates between the tote and the label.

picked order -> pack task (open -> held -> done): a carton is opened, filled by scan (gate 1: kind
and quantity), its items looked at (gate 2), weighed, looked into a last time and sealed (gate 3);
then the next carton -> shipment packed

Everything a device needs is there when the task is taken: lines with sizes and weights, the numbers
of the cartons, the site's settings. Facts say how many pieces of a line are in which carton, so
that the same fact twice is one.

Here stand the names of all of them; each group has a module of its own.
"""

from server.packing.begin import make_pack_task
from server.packing.cartons import CARTON_SEALED, OpenCarton
from server.packing.checks import OVER_PACKED, CheckItem, Counted, FinishCount, ReportMismatch
from server.packing.halts import stop_packing
from server.packing.pallets import BuildPallet
from server.packing.quality import FLAWED, CheckQuality, ReportFlaw
from server.packing.seal import ALREADY_PACKED, PACK_INCOMPLETE, STAGE, ClosePack, SealCarton

__all__ = [
    "ALREADY_PACKED",
    "CARTON_SEALED",
    "FLAWED",
    "OVER_PACKED",
    "PACK_INCOMPLETE",
    "STAGE",
    "BuildPallet",
    "CheckItem",
    "CheckQuality",
    "ClosePack",
    "Counted",
    "FinishCount",
    "OpenCarton",
    "ReportFlaw",
    "ReportMismatch",
    "SealCarton",
    "make_pack_task",
    "stop_packing",
]
