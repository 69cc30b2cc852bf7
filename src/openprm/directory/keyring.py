"""The private key that signs badges: one file in the data folder that only its owner can read, apart from the audit key."""

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from openprm.directory.rules.tokens import public_of
from openprm.kernel.errors import Conflict

NAME = "badge-key.pem"


class KeyUnusable(Conflict):
    """The key file cannot be read as an Ed25519 key."""


def path() -> Path:
    return Path(settings.OPENPRM_DATA) / NAME


def find() -> Ed25519PrivateKey | None:
    """The key of this machine, or None when it has none. Raises KeyUnusable."""
    try:
        return _read(path().read_bytes())
    except FileNotFoundError:
        return None


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


def replace() -> Ed25519PrivateKey:
    """Go on with a new key; the present one is kept beside it under its thumbprint."""
    old = find()
    if old:
        os.replace(path(), path().with_name(f"badge-key-{public_of(old).thumbprint[:12]}.pem"))
    return create()


def _read(raw: bytes) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(raw, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(
            _("The file %(path)s holds no Ed25519 private key. Put the file back from a copy, or move it away and run `openprm badge-key renew`.")
            % {"path": path()}
        )
    return key


def _draft(key: Ed25519PrivateKey, folder: Path) -> Path:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    handle, name = tempfile.mkstemp(dir=folder, prefix=".badge-key-")  # mkstemp makes it 0600
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
