"""The mails that identity itself sends. Secrets are made when the mail leaves, never kept in a queue."""

from datetime import datetime
from urllib.parse import urljoin
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from openprm.identity.models import Invitation, User
from openprm.identity.queries import Branding, branding
from openprm.identity.services import mail
from openprm.identity.services.invitations import renew_invitation_link
from openprm.identity.services.links import link_url, renew_link
from openprm.ui import format as fmt


def send_invitation(*, invitation_id: UUID, at: datetime) -> bool:
    """Mail an invitation with a fresh link; False when it was closed meanwhile."""
    renewed = renew_invitation_link(invitation_id=invitation_id, at=at)
    if renewed is None:
        return False
    invitation, raw = renewed
    locale = invitation.organization.locale
    with translation.override(locale):
        letter = _invitation_letter(invitation, raw, branding(), at)
    mail.compose(letter, to=mail.Addressee(email=invitation.email, name=invitation.name, locale=locale)).send()
    return True


def send_sign_in_link(*, link_id: UUID, at: datetime) -> bool:
    """Mail a sign-in link; False when the address belongs to nobody or the link is over."""
    renewed = renew_link(link_id=link_id, at=at)
    if renewed is None:
        return False
    user, raw = renewed
    with translation.override(user.locale):
        letter = mail.Letter(
            subject=_("Your link to sign in to %(name)s") % {"name": branding().name},
            heading=_("Sign in as %(name)s") % {"name": user.name},
            paragraphs=(_("The link works once, for 15 minutes, in the browser where you asked for it."),),
            action=_("Sign in"),
            url=link_url(raw),
            reason=_("You did not ask for this? Then do nothing: without the link nobody can sign in."),
        )
    mail.compose(letter, to=_to(user)).send()
    return True


def send_password_reset(*, user_id: UUID) -> None:
    """Mail the link with which a person sets a new password."""
    user = User.objects.get(pk=user_id)
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, _dash, token = key.partition("-")
    url = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    with translation.override(user.locale):
        letter = mail.Letter(
            subject=_("Set a new password"),
            heading=_("Set a new password"),
            paragraphs=(_("Somebody, hopefully you, asked for a new password for this address."),),
            action=_("Set a new password"),
            url=urljoin(settings.OPENPRM_URL, url),
            reason=_("You did not ask for this? Then do nothing: your password stays as it is."),
        )
    mail.compose(letter, to=_to(user)).send()


def send_security_notice(*, user_id: UUID, subject: str, text: str) -> None:
    """Tell a person that something about their sign-in changed."""
    user = User.objects.get(pk=user_id)
    with translation.override(user.locale):
        letter = mail.Letter(
            subject=subject,
            heading=subject,
            paragraphs=tuple(part.strip() for part in text.split("\n\n") if part.strip()),
            reason=_("You get this because it concerns the safety of your account. It cannot be switched off."),
        )
    mail.compose(letter, to=_to(user)).send()


def _invitation_letter(invitation: Invitation, raw: str, brand: Branding, at: datetime) -> mail.Letter:
    organization = invitation.organization
    viewer = fmt.Viewer(at=at, locale=organization.locale, time_zone=organization.time_zone)
    inviter = invitation.invited_by.name if invitation.invited_by else brand.name
    if organization.is_vendor:
        lead = _("%(inviter)s invites you to the partner workspace of %(name)s.") % {"inviter": inviter, "name": brand.name}
    else:
        lead = _("%(inviter)s invites you to the %(vendor)s partner portal, in the team of %(name)s.") % {
            "inviter": inviter,
            "vendor": brand.name,
            "name": organization.name,
        }
    return mail.Letter(
        subject=_("%(inviter)s invites you to %(vendor)s") % {"inviter": inviter, "vendor": brand.name},
        heading=_("You are invited"),
        paragraphs=(lead, _("The link below is yours alone and works until %(day)s.") % {"day": fmt.exact(invitation.expires_at, viewer)}),
        action=_("Accept the invitation"),
        url=reverse("identity:invitation", args=[raw]),
        reason=_("You do not know %(inviter)s? Then do nothing: no account is made without you.") % {"inviter": inviter},
    )


def _to(user: User) -> mail.Addressee:
    return mail.Addressee(email=user.email, name=user.name, locale=user.locale)
