"""The issuer's key: found or made, published, renewed."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from openprm.directory import addresses, keyring
from openprm.directory.models import IssuerKey
from openprm.directory.rules.tokens import PublicKey, public_of
from openprm.kernel.errors import Conflict


class BadgeKeyMissing(Conflict):
    """Badges were signed with a key that this machine does not hold."""


def signing_key(at: datetime) -> tuple[Ed25519PrivateKey, str]:
    """The key of this machine and the address under which it is published. Raises BadgeKeyMissing, KeyUnusable.

    Runs in the system's scope. The first badge of an installation makes the key.
    """
    key, published = keyring.find(), IssuerKey.objects.filter(retired_at=None).first()
    if key is None and published:
        raise BadgeKeyMissing(
            _("Badges are signed with a key that this machine does not hold. Copy %(path)s from the machine that has it, or run `openprm badge-key renew`.")
            % {"path": keyring.path()}
        )
    key = key or keyring.create()
    public = public_of(key)
    if published is None or published.thumbprint != public.thumbprint:
        _publish(public, at)
    return key, addresses.key(public.thumbprint)


@transaction.atomic
def renew_key(*, at: datetime) -> str:
    """Go on with a new key; the old one stays published for what it signed. Gives the new thumbprint."""
    public = public_of(keyring.replace())
    _publish(public, at)
    return public.thumbprint


def _publish(public: PublicKey, at: datetime) -> None:
    IssuerKey.objects.filter(retired_at=None).exclude(thumbprint=public.thumbprint).update(retired_at=at)
    try:
        with transaction.atomic():
            IssuerKey.objects.update_or_create(
                thumbprint=public.thumbprint, defaults={"x": public.x, "retired_at": None}, create_defaults={"x": public.x, "since": at}
            )
    except IntegrityError:  # another process published the same key just now
        IssuerKey.objects.get(thumbprint=public.thumbprint)
