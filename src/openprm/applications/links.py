"""Links that open one application without a sign-in: signed, not guessable, and dead once a newer generation is out.

The link in the browser opens the form. The confirmation link is of another kind and only ever leaves by mail: whoever
follows it can read that mailbox. Confirming begins a new generation, so the links from before no longer show anything.
"""

from uuid import UUID

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.applications.models import Application
from openprm.kernel.errors import NotFound

OPEN = "openprm.applications.open"
CONFIRM = "openprm.applications.confirm"
LONGEST_TOKEN = 200


def open_token(application: Application) -> str:
    return _token(application, OPEN)


def open_url(application: Application) -> str:
    return reverse("applications:own_application", args=[open_token(application)])


def confirm_token(application: Application) -> str:
    return _token(application, CONFIRM)


def confirm_url(application: Application) -> str:
    return reverse("applications:confirm_application", args=[confirm_token(application)])


def by_open(token: str) -> Application:
    """The application behind a link, locked. Raises NotFound."""
    return _by(token, OPEN)


def by_confirmation(token: str) -> Application:
    """The application that a mailed link confirms, locked. Raises NotFound."""
    return _by(token, CONFIRM)


def _token(application: Application, salt: str) -> str:
    return signing.Signer(salt=salt).sign(f"{application.pk.hex}.{application.link_generation}").replace(":", "-")


def _by(token: str, salt: str) -> Application:
    application_id, generation = _read(token, salt)
    application = Application.objects.select_related("program", "form").filter(pk=application_id).locked().first()
    if application is None or application.link_generation != generation:
        raise _dead()
    return application


def _read(token: str, salt: str) -> tuple[UUID, int]:
    try:
        signed, _dash, signature = token[:LONGEST_TOKEN].partition("-")
        identity, _dot, generation = signing.Signer(salt=salt).unsign(f"{signed}:{signature}").partition(".")
        return UUID(identity), int(generation)
    except (signing.BadSignature, ValueError):
        raise _dead() from None


def _dead() -> NotFound:
    return NotFound(_("This link does not work (any more). Open the newest mail about your application and use the link in it."), code="link_is_dead")
