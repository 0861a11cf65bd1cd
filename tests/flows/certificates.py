"""Certificates for servers that tests speak TLS to."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path, *, address: str, host: str = "localhost") -> tuple[Path, Path]:
    """A self-signed certificate for an address and a host's name, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(address)), x509.DNSName(host)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / "server.pem", folder / "server.key"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    secret.chmod(0o600)
    return cert, secret


@dataclass(frozen=True)
class Authority:
    """An authority of a test's own, and the file of its certificate."""

    file: Path
    made: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def certificate(self, folder: Path, *, host: str) -> tuple[Path, Path]:
        """A certificate for a host's name, followed by the authority's, with its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        made = _draft(host, key, issuer=self.made.subject).add_extension(names, critical=False)
        cert, secret = folder / f"{host}.pem", folder / f"{host}.key"
        cert.write_bytes(_pem(made.sign(self.key, hashes.SHA256())) + self.file.read_bytes())
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return cert, secret

    @property
    def pin(self) -> str:
        """By which browsers know the authority's key: its SHA-256, in base64."""
        public = serialization.PublicFormat.SubjectPublicKeyInfo
        written = self.key.public_key().public_bytes(serialization.Encoding.DER, public)
        return base64.b64encode(hashlib.sha256(written).digest()).decode()


def authority(folder: Path) -> Authority:
    """A new authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    draft = _draft("Test authority", key, issuer=None)
    made = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    file = folder / "authority.pem"
    file.write_bytes(_pem(made))
    return Authority(file, made, key)


def _draft(name: str, key: ec.EllipticCurvePrivateKey, *, issuer: x509.Name | None) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)
