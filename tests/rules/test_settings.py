"""A site that would be open to everybody does not start."""

import pytest

from server.settings import WeakSettings, from_environment

GOOD = {"DOCKHAND_ORIGINS": "https://wms.example"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"DOCKHAND_ORIGINS": ""}, "set DOCKHAND_ORIGINS"),
        ({"DOCKHAND_ORIGINS": "http://wms.example"}, "without TLS"),
        ({"DOCKHAND_ORIGINS": "http://localhost.evil.example"}, "without TLS"),
        ({"DOCKHAND_ORIGINS": "https://*.example"}, "write"),
        ({"DOCKHAND_ORIGINS": "https://wms.example/"}, "write"),
        ({"DOCKHAND_ORIGINS": "wms.example"}, "write"),
        ({"DOCKHAND_ORIGINS": "https://wms.example http://other.example"}, "without TLS"),
        ({"DOCKHAND_DB": "mysql://x/y"}, "begin it with"),
        ({"DOCKHAND_DB": "postgresql://app:postgres@db/wms"}, "password"),
        ({"DOCKHAND_DB": "postgresql://app@db/wms"}, "password"),
        ({"DOCKHAND_DB": "postgresql://app@/wms?host=a,b"}, "password"),
        ({"DOCKHAND_DB": "postgresql://app:k2Xw-9pQz@a:5432,b:5432/wms"}, "read-write"),
        ({"DOCKHAND_DB": "postgresql://app:k2Xw-9pQz@a/wms?hots=b"}, "cannot read it"),
    ],
)
def test_weak_settings_are_refused_with_what_to_set(changes: dict[str, str], says: str) -> None:
    with pytest.raises(WeakSettings, match=says):
        from_environment(GOOD | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"DOCKHAND_ORIGINS": "http://localhost:8000 http://[::1]:8000 https://10.0.0.5:8443"},
        {"DOCKHAND_DB": "postgresql://app:k2Xw-9pQz@db/wms"},
        {"DOCKHAND_DB": "postgresql:///wms"},
        {
            "DOCKHAND_DB": "postgresql://app:k2Xw-9pQz@a:5432,b:5432/wms"
            "?target_session_attrs=read-write"
        },
    ],
)
def test_sound_settings_are_taken(changes: dict[str, str]) -> None:
    found = from_environment(GOOD | changes)
    assert found.origins == frozenset((GOOD | changes)["DOCKHAND_ORIGINS"].split())
    assert found.demo is False
