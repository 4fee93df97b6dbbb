"""The operating system account PostgreSQL runs under, since it refuses to run as root.

In: the caller's rights. Out: an account name (None when the caller is not root) and directories
that this account can reach although the clone may lie under a closed home directory.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

_ACCOUNT = "pgserver"
_FALLBACK = "nobody"
_REACHABLE_BASE = Path("/var/tmp")  # noqa: S108  survives a reboot, unlike the system's temp


def engine_account() -> str | None:
    """The account for PostgreSQL: None for an ordinary caller, else `pgserver`, made if missing.

    Where no account can be made, `nobody` serves.
    """
    if os.geteuid() != 0:
        return None
    if not _exists(_ACCOUNT) and shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", _ACCOUNT]
        subprocess.run(command, check=False, capture_output=True)
    return _ACCOUNT if _exists(_ACCOUNT) else _FALLBACK


def reachable_directory(preferred: Path, account: str | None) -> Path:
    """`preferred`, or a directory named after it in the system's lasting temp when `account` cannot
    pass through its parents. Parents are never opened up. The directory exists, is owned by the
    account and has mode 700.
    """
    directory = preferred
    if not can_pass(preferred.parent, account):
        digest = hashlib.sha256(str(preferred).encode()).hexdigest()[:12]
        directory = _REACHABLE_BASE / f"marktbund-{digest}"
        if directory.exists() and directory.stat().st_uid not in {os.geteuid(), _uid(account)}:
            raise PermissionError(f"{directory} belongs to somebody else")
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    give_to(directory, account)
    return directory


def close_to_others(directory: Path, account: str | None) -> None:
    """Nobody but the owner sees what is in the directory; the account may pass through it."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if account is None:
        directory.chmod(0o700)
    else:
        os.chown(directory, -1, pwd.getpwnam(account).pw_gid)
        directory.chmod(0o710)


def give_to(path: Path, account: str | None) -> None:
    """Hand a file or directory to the account, for its eyes only."""
    if account is not None:
        owner = pwd.getpwnam(account)
        os.chown(path, owner.pw_uid, owner.pw_gid)
    path.chmod(0o700 if path.is_dir() else 0o600)


def can_pass(directory: Path, account: str | None) -> bool:
    """True when the account may pass through the directory and every parent that exists."""
    if account is None:
        return True
    owner = pwd.getpwnam(account)
    for folder in [directory, *directory.parents]:
        if not folder.exists():
            continue
        state = folder.stat()
        needed = stat.S_IXGRP if state.st_gid == owner.pw_gid else stat.S_IXOTH
        needed = stat.S_IXUSR if state.st_uid == owner.pw_uid else needed
        if not state.st_mode & needed:
            return False
    return True


def _exists(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True


def _uid(account: str | None) -> int:
    return os.geteuid() if account is None else pwd.getpwnam(account).pw_uid
