"""What the planner answers: who is asked for, who drives how, and who is left out and why. Pure."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.kernel.values import Id
from server.pod.arranging import NotWhy, Rows
from server.pod.distances import Door, Speeds
from server.pod.geocoding import By
from server.pod.journeys import Fault, Journey, Van, Visit, faults
from server.pod.keeping import Threshold


class Effort(Struct, frozen=True, kw_only=True):
    """The solver's iterations in all, and so many without a better plan."""

    most: int = 4_000
    idle: int = 1_500


class NewVan(Struct, frozen=True, kw_only=True):
    """A vehicle that gets a run if it is given calls."""

    van: str
    vehicle: str


class Ask(Struct, frozen=True, kw_only=True):
    """All that planning needs, so that it touches the store no more. Visits are shipments, vans
    runs or new vehicles; `doors` are the places of both, by row; `now`: today's order."""

    plan: str
    vans: list[Van]
    new: list[NewVan]
    visits: list[Visit]
    doors: list[Door]
    placed_by: dict[str, By]
    now: Rows
    speeds: Speeds
    matrix_url: str
    keep: Threshold
    effort: Effort
    seed: int


class LeftOut(Struct, frozen=True, kw_only=True):
    shipment: Id
    why: NotWhy


class PlannedPlace(Struct, frozen=True, kw_only=True):
    """Where a shipment goes, and who knew."""

    shipment: Id
    lat_e7: int | None
    lon_e7: int | None
    by: By


class Offer(Struct, frozen=True, kw_only=True):
    """`now_m`: today's order driven to its end; `m`: this plan. `good_until` (s): the latest that
    the first van may leave it by. `by`: crow, or matrix."""

    vans: list[Van]
    new: list[NewVan]
    visits: list[Visit]
    places: list[PlannedPlace]
    journeys: list[Journey]
    left_out: Annotated[list[LeftOut], Meta(max_length=1000)]
    moved: list[Id]
    now_m: int
    m: int
    good_until: int
    by: Literal["crow", "matrix"]
    now: Rows

    @property
    def faults(self) -> list[Fault]:
        """What is wrong with it: nobody is shown a plan that has any."""
        return faults(self.vans, self.visits, self.journeys)

    @property
    def place_of(self) -> dict[str, PlannedPlace]:
        return {place.shipment: place for place in self.places}

    @property
    def changes(self) -> bool:
        return {j.van: j.order for j in self.journeys} != self.now or bool(self.left_out)
