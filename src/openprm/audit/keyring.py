"""The private key that signs seals: one file in the data folder that only its owner can read."""

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from openprm.audit.rules.seals import PublicKey
from openprm.kernel.errors import Conflict

NAME = "audit-key.pem"


class KeyUnusable(Conflict):
    """The key file cannot be read as an Ed25519 key."""


def path() -> Path:
    return Path(settings.OPENPRM_DATA) / NAME


def find() -> Ed25519PrivateKey | None:
    """The key of this machine, or None when it has none. Raises KeyUnusable."""
    try:
        raw = path().read_bytes()
    except FileNotFoundError:
        return None
    return _read(raw)


def _read(raw: bytes) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(raw, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(
            _("The file %(path)s holds no Ed25519 private key. Put the file back from a copy, or move it away and run `openprm audit-key renew`.")
            % {"path": path()}
        )
    return key


def create() -> Ed25519PrivateKey:
    """Make a key and keep it; when another process was first, its key counts."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(Ed25519PrivateKey.generate(), target.parent)
    try:
        os.link(draft, target)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(target.read_bytes())


def replace(key: Ed25519PrivateKey) -> None:
    """Put `key` in the place of the present one, which is kept beside it under its fingerprint."""
    old = find()
    if old:
        os.replace(path(), path().with_name(f"audit-key-{public_of(old).fingerprint[:12]}.pem"))
    os.replace(_draft(key, path().parent), path())


def _draft(key: Ed25519PrivateKey, folder: Path) -> Path:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    handle, name = tempfile.mkstemp(dir=folder, prefix=".audit-key-")  # mkstemp makes it 0600
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def public_of(key: Ed25519PrivateKey) -> PublicKey:
    return PublicKey(public=key.public_key().public_bytes_raw())
