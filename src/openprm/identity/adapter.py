"""What the sign-in library does our way: closed sign-up, mails through our queue and look, no access for the disabled."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from openprm.identity import jobs, queries
from openprm.identity.models import User
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import system_scope


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuse somebody whose every membership was ended, before a session is made."""
        if not _has_access(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """From the queue, with a key made there: asking costs the same for a known and an unknown address."""
        jobs.send_password_reset.defer(user_id=user.pk)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = User.objects.filter(email=email).first()
        if user:
            message = self.render_mail(template_prefix, email, context)
            jobs.send_security_notice.defer(user_id=user.pk, subject=message.subject, text=message.body)


def _has_access(user: User) -> bool:
    try:
        with system_scope():
            queries.actor_of(user.pk)
    except NotFound:
        return False
    return True
