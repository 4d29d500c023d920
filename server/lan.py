"""A certificate for ``dockhand demo --lan``: a week's trust in this one machine.

Browsers give camera, position and service workers only to a trusted origin, so a phone on the
same network must be told to trust something. That something is made as small as it can be: the
authority may speak for this host name and these addresses alone (RFC 5280 name constraints),
for web servers alone, for seven days, and its private key is dropped the moment it has signed
its one certificate. It never touches the disk.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=7)
CLOCK_SLACK = timedelta(hours=1)
"""Phones whose clock is a little behind must not find the certificate not yet valid."""
LOOPBACK = IPv4Address("127.0.0.1")
_HOST_NAME = re.compile(
    r"(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
)
_NOT_THE_LAN = ("lo", "docker", "br-", "veth", "virbr", "cni", "flannel", "podman", "lxc")


@dataclass(frozen=True)
class LanTrust:
    """What the server needs (the two paths) and what a phone needs (the authority, no key).

    ``fingerprint`` is the SHA-256 of ``ca_der`` as colon-separated upper-case hex, the way phones
    show it.
    """

    ca_pem: bytes
    ca_der: bytes
    cert_path: Path
    key_path: Path
    fingerprint: str
    expires: datetime


def make_trust(folder: Path, host: str, addresses: Sequence[str], *, now: datetime) -> LanTrust:
    """Make the authority, issue this machine's certificate into ``folder``, forget the authority.

    ``host`` is a plain host name, ``addresses`` IPv4; ``now`` is aware. Raises ValueError that
    names a host or address that no certificate can carry.
    """
    names, ips = _names(host), _addresses(addresses)
    ca_key, ca = _authority(names, ips, now)
    key, certificate = _issue(ca_key, ca, names, ips, now)
    del ca_key
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    cert_path, key_path = folder / "lan-server.crt", folder / "lan-server.key"
    cert_path.write_bytes(certificate.public_bytes(Encoding.PEM))
    _write_private(key_path, key)
    return LanTrust(
        ca_pem=ca.public_bytes(Encoding.PEM),
        ca_der=ca.public_bytes(Encoding.DER),
        cert_path=cert_path,
        key_path=key_path,
        fingerprint=ca.fingerprint(hashes.SHA256()).hex(":").upper(),
        expires=ca.not_valid_after_utc,
    )


def lan_addresses() -> list[str]:
    """IPv4 addresses by which others on the network reach this machine, likeliest first.

    Nothing is sent: connecting a datagram socket only asks the kernel which address it would use,
    and no name is looked up. Empty when the machine is on no network.
    """
    found = [*_routed_addresses(), *_interface_addresses()]
    usable = [at for at in found if not (at.is_loopback or at.is_link_local or at.is_unspecified)]
    return [str(at) for at in dict.fromkeys(usable)]


def machine_name() -> str:
    """This machine's own name as a certificate may carry it, else ``localhost``."""
    name = socket.gethostname().lower()
    return name if _HOST_NAME.fullmatch(name) else "localhost"


def _names(host: str) -> list[str]:
    if not _HOST_NAME.fullmatch(host.lower()):
        raise ValueError(f"host {host[:80]!r} is not a host name; use letters, digits and hyphens")
    return list(dict.fromkeys([host.lower(), "localhost"]))


def _addresses(addresses: Sequence[str]) -> list[IPv4Address]:
    try:
        return list(dict.fromkeys([*(IPv4Address(at) for at in addresses), LOOPBACK]))
    except ValueError as error:
        raise ValueError(f"addresses: {error}; use IPv4 such as 192.168.1.20") from None


def _authority(
    names: Sequence[str], ips: Sequence[IPv4Address], now: datetime
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _called(f"Dockhand demo on {names[0]}"[:64])
    permitted = [
        *(x509.DNSName(name) for name in names),
        *(x509.IPAddress(IPv4Network(at)) for at in ips),
    ]
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        _certificate(subject, subject, key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return key, builder.sign(key, hashes.SHA256())


def _issue(
    ca_key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    names: Sequence[str],
    ips: Sequence[IPv4Address],
    now: datetime,
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    alternatives = [*(x509.DNSName(name) for name in names), *(x509.IPAddress(at) for at in ips)]
    ca_public = ca_key.public_key()
    builder = (
        _certificate(_called(names[0]), ca.subject, key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_public), critical=False
        )
    )
    return key, builder.sign(ca_key, hashes.SHA256())


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + LIFETIME)
    )


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _write_private(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Write the key so that at no moment anybody else may read it."""
    path.unlink(missing_ok=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)


def _routed_addresses() -> Iterator[IPv4Address]:
    """The address the kernel would speak from: by the default route, then to private networks."""
    # 192.0.2.1 is set aside for documentation (RFC 5737): no machine has it.
    for target in ("192.0.2.1", "192.168.255.254", "172.31.255.254", "10.255.255.254"):
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe,
            contextlib.suppress(OSError),
        ):
            probe.connect((target, 9))
            yield IPv4Address(probe.getsockname()[0])


def _interface_addresses() -> Iterator[IPv4Address]:
    """One address of each interface that is no bridge to containers; Linux only."""
    if sys.platform != "linux":
        return
    import fcntl  # noqa: PLC0415  not on every system

    get_address = 0x8915  # SIOCGIFADDR
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            if name.startswith(_NOT_THE_LAN):
                continue
            with contextlib.suppress(OSError):  # an interface that has no IPv4 address
                request = struct.pack("256s", name.encode()[:15])
                yield IPv4Address(fcntl.ioctl(probe.fileno(), get_address, request)[20:24])
