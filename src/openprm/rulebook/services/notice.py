"""Telling partners of a change before it takes effect."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.kernel.actor import SYSTEM

from ..queries import get_kind, version
from ..rules.language import date_words

ANNOUNCED, WITHDRAWN = "rulebook.announced", "rulebook.withdrawn"


def tell_of_announcement(*, version_id: UUID, at: datetime) -> None:
    """Every active person of every partner hears what changes and from when. Telling twice changes nothing."""
    found = version(actor=SYSTEM, version_id=version_id, at=at)
    starts = date_words(found.version.effective_at.date())
    title = _("%(rules)s change on %(day)s") % {"rules": found.title, "day": starts}
    _tell(ANNOUNCED, found, title, found.version.note or _("See what changes, clause by clause."), at)


def tell_of_withdrawal(*, version_id: UUID, at: datetime) -> None:
    """The same people hear that the announced change was taken back."""
    found = version(actor=SYSTEM, version_id=version_id, at=at)
    title = _("The change of %(rules)s was taken back") % {"rules": found.title}
    _tell(WITHDRAWN, found, title, _("The rules in force today go on."), at)


def _tell(kind: str, found, title: str, body: str, at: datetime) -> None:
    if not get_kind(found.kind).for_partners:
        return
    people = {person.id for person in identity.partner_people_rows(SYSTEM, {}, "") if person.is_active and person.id}
    url = reverse("rulebook:portal_version", args=[found.version.id])
    inbox.notify(to=people, kind=kind, title=title, body=body, url=url, refs=(found.version.id,), key=f"{kind}:{found.version.id}", at=at)
