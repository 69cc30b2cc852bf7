"""Links that switch off one kind of mail for one person: signed, so that they need no sign-in and cannot be made up."""

from uuid import UUID

from django.core import signing
from django.urls import reverse

from openprm.kernel.errors import NotFound

SALT = "openprm.inbox.unsubscribe"


def link(user_id: UUID, kind: str) -> str:
    token = signing.dumps([str(user_id), kind], salt=SALT)
    return reverse("inbox:unsubscribe", args=[token])


def read(token: str) -> tuple[UUID, str]:
    """The person and the kind. Raises NotFound for a link that was not made here."""
    try:
        user_id, kind = signing.loads(token, salt=SALT)
        return UUID(user_id), str(kind)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound() from None
