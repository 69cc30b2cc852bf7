"""Sealing our own key and the secrets of open runs: what a copy of the database alone must not tell.

The key is derived from the kept secret of the installation with HKDF-SHA256 (no salt, info "openprm psi v1"), 32 bytes, and
used with Fernet (AES-128-CBC and HMAC-SHA256).
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openprm.mapping.engine.psi.errors import Refused


@lru_cache(maxsize=8)
def _fernet(secret: str) -> Fernet:
    made = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"openprm psi v1").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(made))


def seal(secret: str, content: bytes) -> str:
    return _fernet(secret).encrypt(content).decode()


def unseal(secret: str, sealed: str) -> bytes:
    """Raises Refused when the kept secret is not the one that sealed it."""
    try:
        return _fernet(secret).decrypt(sealed.encode())
    except InvalidToken:
        raise Refused("This was sealed under another secret. Restore the installation's secret key, or make a new key for private comparisons.") from None
