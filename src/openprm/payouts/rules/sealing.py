"""Sealing what must not lie open: account and tax numbers, provider keys, payment files.

The key is derived from the kept secret of the installation with HKDF-SHA256 (no salt, info "openprm payouts v1"), 32 bytes,
and used with Fernet (AES-128-CBC and HMAC-SHA256). `fingerprint` is an HMAC under a key of its own (info "openprm payouts
fingerprint v1"), so that two equal numbers are found without opening either.
"""

import base64
import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class CannotOpen(ValueError):
    """It was sealed under another secret, or changed since."""


@lru_cache(maxsize=8)
def _derived(secret: str, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret.encode())


def seal(secret: str, content: bytes) -> str:
    return Fernet(base64.urlsafe_b64encode(_derived(secret, b"openprm payouts v1"))).encrypt(content).decode()


def unseal(secret: str, sealed: str) -> bytes:
    """Raises CannotOpen."""
    try:
        return Fernet(base64.urlsafe_b64encode(_derived(secret, b"openprm payouts v1"))).decrypt(sealed.encode())
    except InvalidToken:
        raise CannotOpen from None


def fingerprint(secret: str, text: str) -> str:
    return hmac.new(_derived(secret, b"openprm payouts fingerprint v1"), text.encode(), sha256).hexdigest()
