"""The words around a notification when it is mailed."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.identity.queries import Recipient
from openprm.identity.services.mail import Fact, Item, Letter
from openprm.inbox import unsubscribe
from openprm.inbox.kinds import known_kind
from openprm.inbox.models import Notification
from openprm.ui import format as fmt


def single(row: Notification, person: Recipient) -> Letter:
    """One piece of news: what happened, when in the reader's own time, and the way to it."""
    kind = known_kind(row.kind)
    viewer = fmt.Viewer(at=row.at, locale=person.locale, time_zone=person.time_zone)
    return Letter(
        subject=row.title,
        heading=row.title,
        paragraphs=tuple(part.strip() for part in row.body.split("\n\n") if part.strip()),
        facts=(Fact(_("When"), fmt.exact(row.at, viewer)),),
        action=_("Open") if row.url else "",
        url=row.url,
        reason=_("You get this mail when %(what)s.") % {"what": kind.label if kind else row.kind},
        unsubscribe_url=unsubscribe.link(person.user_id, row.kind),
        unsubscribe_label=_("Stop these mails"),
        settings_url=_settings_url(person),
    )


def digest(rows: Sequence[Notification], person: Recipient, at: datetime) -> Letter:
    """The news of a day in one mail, in the order in which it happened."""
    viewer = fmt.Viewer(at=at, locale=person.locale, time_zone=person.time_zone)
    heading = ngettext("%(count)s piece of news", "%(count)s pieces of news", len(rows)) % {"count": len(rows)}
    return Letter(
        subject=_("%(news)s, %(day)s") % {"news": heading, "day": fmt.day(at, viewer)},
        heading=heading,
        items=tuple(Item(title=row.title, detail=row.body, url=row.url, when=fmt.moment(row.at, viewer)) for row in rows),
        reason=_("You chose to get this kind of news once a day."),
        settings_url=_settings_url(person),
    )


def _settings_url(person: Recipient) -> str:
    return reverse("inbox:preferences" if person.side == "vendor" else "inbox:portal_preferences")
