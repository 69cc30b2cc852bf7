"""Sealing with the kept secret of the installation: what people never see in full."""

from django.conf import settings
from django.utils.translation import gettext as _

from openprm.kernel.errors import Conflict
from openprm.payouts.rules import sealing


def seal(text: str | bytes) -> str:
    return sealing.seal(settings.SECRET_KEY, text if isinstance(text, bytes) else text.encode())


def unseal(sealed: str) -> bytes:
    """Raises Conflict when the kept secret is not the one that sealed it."""
    try:
        return sealing.unseal(settings.SECRET_KEY, sealed)
    except sealing.CannotOpen:
        raise Conflict(_("This was sealed under another secret. Restore the installation's secret key, or enter the number again.")) from None


def fingerprint(text: str) -> str:
    return sealing.fingerprint(settings.SECRET_KEY, text)
