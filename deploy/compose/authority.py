"""The certificates of compose's engines: each signed by itself, trusted by its clients alone.

In: a directory and an engine's name. Out: `<name>.pem` (key and certificate) and `<name>-ca.pem`
(the certificate, for clients), made once, good for ten years.
"""

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from marktbund import clock
from marktbund.testing.engines.records import write_text

_LIFETIME = dt.timedelta(days=3650)


def certificate(directory: Path, name: str, host: str) -> tuple[Path, Path]:
    """An engine's key with its certificate for a host, and the certificate alone."""
    own, trusted = directory / f"{name}.pem", directory / f"{name}-ca.pem"
    if not own.exists():
        key, made = _made(host)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = made.public_bytes(Encoding.PEM)
        write_text(trusted, public.decode())
        write_text(own, (secret + public).decode())
    return own, trusted


def _made(host: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    begin = clock.now() - dt.timedelta(hours=1)
    names = x509.SubjectAlternativeName([x509.DNSName(host)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(begin).not_valid_after(begin + _LIFETIME)
    builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return key, builder.sign(key, hashes.SHA256())
