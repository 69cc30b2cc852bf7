"""Signed links of intake: to confirm what was sent by a form, and to withdraw a consent. Nobody can guess or change them."""

from uuid import UUID

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import NotFound

CONFIRM = "openprm.leads.confirm"
WITHDRAW = "openprm.leads.withdraw"
LONGEST_TOKEN = 200


def confirm_url(submission_id: UUID) -> str:
    return reverse("leads:confirm_submission", args=[token_of(submission_id, CONFIRM)])


def withdraw_url(lead_id: UUID) -> str:
    return reverse("leads:withdraw_consent", args=[token_of(lead_id, WITHDRAW)])


def token_of(row_id: UUID, purpose: str) -> str:
    return signing.Signer(salt=purpose).sign(row_id.hex).replace(":", "-")


def read(token: str, purpose: str) -> UUID:
    """The id that a link was made for. Raises NotFound for one that we did not make."""
    try:
        identity, _dash, signature = token[:LONGEST_TOKEN].partition("-")
        return UUID(signing.Signer(salt=purpose).unsign(f"{identity}:{signature}"))
    except (signing.BadSignature, ValueError):
        raise dead() from None


def dead() -> NotFound:
    return NotFound(_("This link does not work (any more). Open the newest mail and use the link in it."), code="link_is_dead")
