"""Sign-in links by e-mail: single use, short-lived, bound to the browser that asked, limited in the database.

Asking for a link always answers the same and costs the same, whether the address is known or not.
"""

from datetime import datetime, timedelta
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.identity import rules
from openprm.identity.events import SignInLinkAsked
from openprm.identity.models import Membership, SignInLink, User
from openprm.identity.services import checks
from openprm.kernel.errors import Conflict, NotFound, TooMany
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope


class LinkUsedUp(Conflict):
    """One sentence for every dead link, so that nothing is learnt from it."""

    def default_message(self) -> str:
        return _("This sign-in link was used already or has expired. Ask for a new one.")


class OtherBrowser(Conflict):
    def default_message(self) -> str:
        return _("Open this link in the browser where you asked for it, or ask for a new link here.")


def request_sign_in_link(*, email: str, browser: str, network_address: str | None, at: datetime) -> None:
    """Mail a link to the person with this address, if there is one; the answer is the same either way. Raises Invalid, TooMany."""
    email = checks.email(email)
    with system_scope():
        _refuse_flood(email, network_address, at)
        user = _who_may_sign_in(email)
        link = SignInLink.objects.create(
            email=email,
            user=user,
            token_hash=rules.new_secret().digest,
            browser_hash=rules.digest(browser),
            network_address=network_address,
            expires_at=at + rules.LINK_LASTS,
            asked_at=at,
        )
        publish(SignInLinkAsked(link_id=link.pk, at=at))


def sign_in_link(user: User | UUID, at: datetime, long_lived: bool = False) -> str:
    """A link that signs `user` in from any browser, for the operator's terminal: single use, or for
    the demo good for a month and any number of times."""
    secret = rules.new_secret()
    with system_scope():
        user = User.objects.get(pk=getattr(user, "pk", user))
        SignInLink.objects.create(
            email=user.email,
            user=user,
            token_hash=secret.digest,
            is_reusable=long_lived,
            expires_at=at + (rules.DEMO_LINK_LASTS if long_lived else rules.LINK_LASTS),
            asked_at=at,
        )
    return link_url(secret.raw)


def find_link(*, token: str, browser: str, at: datetime) -> User:
    """The person whom a link would sign in. Raises NotFound, LinkUsedUp, OtherBrowser."""
    with system_scope():
        return _usable(token, browser, at).user


def use_link(*, token: str, browser: str, at: datetime) -> User:
    """Spend a link; gives the person to sign in. Raises NotFound, LinkUsedUp, OtherBrowser."""
    with system_scope():
        link = _usable(token, browser, at)
        if not link.is_reusable:
            link.used_at = at
            link.save(update_fields=["used_at", "updated_at"])
            SignInLink.objects.filter(user=link.user, used_at=None, is_reusable=False).update(used_at=at)
        return link.user


def renew_link(*, link_id: UUID, at: datetime) -> tuple[User, str] | None:
    """A fresh secret for the mail that is about to leave, or None when nobody is to get one."""
    link = SignInLink.objects.select_related("user").filter(pk=link_id).locked().first()
    if link is None or link.user is None or not rules.link_is_usable(used_at=link.used_at, expires_at=link.expires_at, at=at):
        return None
    secret = rules.new_secret()
    link.token_hash = secret.digest
    link.save(update_fields=["token_hash", "updated_at"])
    return link.user, secret.raw


def forget_old_links(*, at: datetime) -> int:
    """Delete links that ended more than a week ago; gives how many."""
    count, _by_model = SignInLink.objects.filter(expires_at__lt=at - timedelta(days=7)).delete()
    return count


def link_url(raw: str) -> str:
    return urljoin(settings.OPENPRM_URL, reverse("identity:sign_in_link", args=[raw]))


def _usable(token: str, browser: str, at: datetime) -> SignInLink:
    link = SignInLink.objects.select_related("user").filter(token_hash=rules.digest(token)).locked().first()
    if link is None or link.user is None:
        raise NotFound(_("This sign-in link is not valid. Ask for a new one."))
    if not rules.link_is_usable(used_at=link.used_at, expires_at=link.expires_at, at=at) or not _has_access(link.user):
        raise LinkUsedUp()
    if link.browser_hash and link.browser_hash != rules.digest(browser):
        raise OtherBrowser()
    return link


def _refuse_flood(email: str, network_address: str | None, at: datetime) -> None:
    recent = SignInLink.objects.filter(asked_at__gt=at - rules.LINKS_WINDOW)
    by_address = Q(network_address=network_address) if network_address else Q(pk=None)
    if recent.filter(email=email).count() >= rules.LINKS_PER_ADDRESS or recent.filter(by_address).count() >= rules.LINKS_PER_NETWORK_ADDRESS:
        raise TooMany(_("Too many sign-in links were asked for. Wait an hour, or sign in with your password."), retry_after=3600)


def _who_may_sign_in(email: str) -> User | None:
    user = User.objects.filter(email=email, is_active=True).first()
    return user if user and _has_access(user) else None


def _has_access(user: User) -> bool:
    return user.is_active and Membership.objects.filter(user=user, state=Membership.State.ACTIVE).exists()
