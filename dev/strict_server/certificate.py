"""A certificate of the strict server's own, made anew at each start."""

import ssl
import tempfile
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

A_DAY = timedelta(days=1)


def server_context() -> ssl.SSLContext:
    """Return a TLS context for 127.0.0.1 with a self-signed certificate.

    Odoo 16 does not verify the certificates of mail servers.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        # The ssl module takes a certificate from a file only.
        context.load_cert_chain(certificate_file(Path(folder) / "server.pem"))
    return context


def trusting_context() -> ssl.SSLContext:
    """Return a TLS context for clients that take any certificate, as Odoo 16 does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def certificate_file(path: Path) -> Path:
    """Write a new key with its self-signed certificate for 127.0.0.1, and return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(_private_pem(key) + _certificate_pem(key))
    return path


def _private_pem(key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _certificate_pem(key) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "strict mail server")])
    hosts = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.not_valid_before(now - A_DAY).not_valid_after(now + 30 * A_DAY)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    certificate = builder.add_extension(hosts, critical=False).sign(key, hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.PEM)
