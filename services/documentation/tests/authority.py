"""A time stamp authority: the machine's openssl behind a small HTTP server."""

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_OPENSSL = shutil.which("openssl") or "openssl"
CONFIGURATION = """
[ tsa ]
default_tsa = own
[ own ]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ req ]
distinguished_name = name
[ name ]
[ root ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[ signer ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


def openssl(folder: Path, *arguments: str) -> str:
    """Run openssl in a folder; what it printed. Raises CalledProcessError."""
    command = [_OPENSSL, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


@dataclass
class Authority:
    """status: what it answers with; body: what, in place of a token."""

    folder: Path
    status: int = 200
    body: bytes | None = None
    url: str = ""
    asked: list[bytes] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def make(self) -> None:
        """Keys and certificates of its own."""
        (self.folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=self.folder))
        (self.folder / "serial").write_text("01")
        for name in ("root", "tsa"):
            key = ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
            openssl(self.folder, *key, "-out", f"{name}.key")
        given = ("-config", "tsa.cnf", "-days", "30", "-new", "-x509")
        openssl(
            self.folder, "req", *given, "-key", "root.key", "-out", "root.pem",
            "-subj", "/CN=root", "-extensions", "root",
        )  # fmt: skip
        issuer = ("-CA", "root.pem", "-CAkey", "root.key")
        openssl(
            self.folder, "req", *given, *issuer, "-key", "tsa.key", "-out", "tsa.pem",
            "-subj", "/CN=authority", "-extensions", "signer",
        )  # fmt: skip

    def answer(self, query: bytes) -> bytes:
        self.asked.append(query)
        if self.body is not None:
            return self.body
        (self.folder / "query.tsq").write_bytes(query)
        asked = ("-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "answer.tsr")
        openssl(self.folder, "ts", "-reply", *asked)
        return (self.folder / "answer.tsr").read_bytes()


@contextmanager
def at_work(folder: Path) -> Iterator[Authority]:
    """An authority that answers on a port of this machine."""
    authority = Authority(folder)
    authority.make()

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            body = authority.answer(query)
            self.send_response(authority.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    authority.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
