"""What is written down about people and devices: the answer to "who let this happen"."""

from typing import ClassVar

from server.kernel.events import Event
from server.kernel.values import Role


class DeviceEnrolled(Event, frozen=True, kw_only=True):
    """`by`: who made the code."""

    kind: ClassVar[str] = "auth.device_enrolled"
    device: str
    by: str


class DeviceRevoked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "auth.device_revoked"
    device: str
    by: str


class PersonAdded(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "auth.person_added"
    person: str
    role: Role
    by: str


class PersonRevoked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "auth.person_revoked"
    person: str
    by: str


class PersonUnlocked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "auth.person_unlocked"
    person: str
    by: str


class PinSet(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "auth.pin_set"
    person: str
    by: str
