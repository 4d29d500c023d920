"""The demo's authority speaks for this machine only, for a week, and leaves no key behind."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from server import lan
from server.lan import LanTrust, make_trust

NOW = datetime.now(UTC)
HOST, ADDRESS = "dockhand-demo", "192.168.77.20"


@pytest.fixture
def trust(tmp_path: Path) -> LanTrust:
    return make_trust(tmp_path / "tls", HOST, [ADDRESS], now=NOW)


def handshake(cert: Path, key: Path, ca_pem: bytes, name: str) -> str:
    """Connect over loopback as a client that trusts only ``ca_pem`` and asks for ``name``."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    client = ssl.create_default_context(cadata=ca_pem.decode())
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            raw, _ = listener.accept()
            try:
                with server.wrap_socket(raw, server_side=True) as end:
                    end.sendall(b"hello")
            except OSError:
                raw.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with (
                socket.create_connection(listener.getsockname(), timeout=5) as raw,
                client.wrap_socket(raw, server_hostname=name) as end,
            ):
                return end.recv(5).decode()
        finally:
            thread.join(5)


@pytest.mark.parametrize("name", [HOST, ADDRESS, "localhost", "127.0.0.1"])
def test_phone_that_trusts_the_authority_reaches_this_machine_by_each_name(
    trust: LanTrust, name: str
) -> None:
    assert handshake(trust.cert_path, trust.key_path, trust.ca_pem, name) == "hello"


def test_certificate_is_refused_for_a_name_it_does_not_carry(trust: LanTrust) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        handshake(trust.cert_path, trust.key_path, trust.ca_pem, "bank.example")


def forged(folder: Path, names: list[str], addresses: list[str]) -> tuple[Path, Path, bytes]:
    """A certificate for others, signed by a constrained authority before its key is dropped."""
    ca_key, ca = lan._authority([HOST, "localhost"], [IPv4Address(ADDRESS)], NOW)
    ips = [ip_address(at) for at in addresses]
    key, certificate = lan._issue(ca_key, ca, names, ips, NOW)  # type: ignore[arg-type]
    (folder / "forged.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
    lan._write_private(folder / "forged.key", key)
    return folder / "forged.crt", folder / "forged.key", ca.public_bytes(Encoding.PEM)


@pytest.mark.parametrize(
    ("names", "addresses", "asked"),
    [
        (["bank.example"], [], "bank.example"),
        ([HOST, "bank.example"], [], HOST),
        ([HOST], ["192.168.77.21"], "192.168.77.21"),
        ([HOST], ["2001:db8::1"], "2001:db8::1"),
        ([f"not{HOST}"], [], f"not{HOST}"),
    ],
)
def test_certificate_for_another_host_under_this_authority_is_refused(
    tmp_path: Path, names: list[str], addresses: list[str], asked: str
) -> None:
    cert, key, ca_pem = forged(tmp_path, names, addresses)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(cert, key, ca_pem, asked)


def test_the_same_inner_way_issues_a_good_certificate_for_this_host(tmp_path: Path) -> None:
    cert, key, ca_pem = forged(tmp_path, [HOST], [ADDRESS])
    assert handshake(cert, key, ca_pem, ADDRESS) == "hello"


def test_authority_is_constrained_short_lived_and_for_web_servers_only(trust: LanTrust) -> None:
    ca = x509.load_der_x509_certificate(trust.ca_der)
    constraints = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert [str(name.value) for name in constraints.value.permitted_subtrees or []] == [
        HOST,
        "localhost",
        f"{ADDRESS}/32",
        "127.0.0.1/32",
    ]
    basic = ca.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)
    assert ca.not_valid_after_utc - NOW <= timedelta(days=7)
    assert trust.expires == ca.not_valid_after_utc
    server = x509.load_pem_x509_certificate(trust.cert_path.read_bytes())
    assert server.not_valid_after_utc <= ca.not_valid_after_utc
    assert trust.fingerprint.replace(":", "").lower() == sha256(trust.ca_der).hexdigest()


def test_key_of_the_authority_is_nowhere_on_disk(trust: LanTrust) -> None:
    ca = x509.load_pem_x509_certificate(trust.ca_pem)
    folder = trust.key_path.parent
    assert sorted(path.name for path in folder.iterdir()) == ["lan-server.crt", "lan-server.key"]
    key = load_pem_private_key(trust.key_path.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.public_key() != ca.public_key()
    assert not any(isinstance(held, ec.EllipticCurvePrivateKey) for held in vars(trust).values())


def test_server_key_is_readable_by_its_owner_only_even_when_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    folder.mkdir()
    (folder / "lan-server.key").write_text("old")
    (folder / "lan-server.key").chmod(0o644)
    trust = make_trust(folder, HOST, [ADDRESS], now=NOW)
    assert stat.S_IMODE(trust.key_path.stat().st_mode) == 0o600
    assert b"PRIVATE KEY" in trust.key_path.read_bytes()


def test_two_demos_share_no_key(tmp_path: Path) -> None:
    one, two = (make_trust(tmp_path / n, HOST, [ADDRESS], now=NOW) for n in ("a", "b"))
    assert one.fingerprint != two.fingerprint
    assert one.key_path.read_bytes() != two.key_path.read_bytes()


@pytest.mark.parametrize(
    "host", ["", "a b", "*.example", "-x", "x" * 64, "ho\nst", "bücher", "x_y"]
)
def test_host_that_no_certificate_can_carry_is_named(tmp_path: Path, host: str) -> None:
    with pytest.raises(ValueError, match=r"host .* is not a host name"):
        make_trust(tmp_path, host, [], now=NOW)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("address", ["192.168.1", "::1", "host", "0.0.0.0/0"])
def test_address_that_is_not_ipv4_is_named(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValueError, match=r"addresses: .*use IPv4"):
        make_trust(tmp_path, HOST, [address], now=NOW)


def test_lan_addresses_are_this_machines_own_and_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, forbidden)
    for address in lan.lan_addresses():
        assert not IPv4Address(address).is_loopback
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.bind((address, 0))  # only an address of this machine can be bound


def test_machine_name_can_stand_in_a_certificate(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, expected in (("Desk-7", "desk-7"), ("my_laptop", "localhost"), ("", "localhost")):
        monkeypatch.setattr(socket, "gethostname", lambda name=name: name)
        assert lan.machine_name() == expected
        make_trust(tmp_path / expected, lan.machine_name(), [], now=NOW)
