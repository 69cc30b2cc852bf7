"""The address that still works when nobody of a partner can sign in: signed, and good for one leaving alone."""

from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import NotFound
from openprm.kernel.ids import parse_id

SALT = "openprm.offboarding.leaving"


def token_of(offboarding_id: UUID) -> str:
    return Signer(salt=SALT).sign(offboarding_id.hex)


def offboarding_of(token: str) -> UUID:
    """The leaving that a token opens. Raises NotFound for anything that was not signed here for this."""
    try:
        found = parse_id(Signer(salt=SALT).unsign(token))
    except BadSignature:
        found = None
    if found is None:
        raise NotFound(_("This address is not valid. It may have been cut off when it was copied."))
    return found


def leaving_url(offboarding_id: UUID) -> str:
    return urljoin(settings.OPENPRM_URL + "/", reverse("offboarding:leaving", args=[token_of(offboarding_id)]))
