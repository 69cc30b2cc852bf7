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
from openprm.inbox.ports import Addition, News
from openprm.kernel.registry import registry
from openprm.ui import format as fmt

NOTHING = Addition()


def added_to(rows: Sequence[Notification], person: Recipient, at: datetime) -> Addition:
    """What a mail about these pieces of news carries besides its words. Several can be answered only when they are about one thing."""
    news = {(row.kind.partition(".")[0], tuple(row.refs)): row for row in rows}
    fill = next(iter(registry.filling("inbox.additions")), None)
    if fill is None or len(news) != 1:
        return NOTHING
    ((_room, refs), row), *_others = news.items()
    return fill(news=News(kind=row.kind, refs=refs, may_act=len(rows) == 1), person=person, at=at)


def answered_at(added: Addition) -> dict[str, str]:
    """The header that takes an answer where it belongs."""
    return {"Reply-To": added.reply_to} if added.reply_to else {}


def single(row: Notification, person: Recipient, added: Addition = NOTHING) -> Letter:
    """One piece of news: what happened, when in the reader's own time, the way to it, and what can be done about it from here."""
    kind = known_kind(row.kind)
    viewer = fmt.Viewer(at=row.at, locale=person.locale, time_zone=person.time_zone)
    return Letter(
        subject=row.title,
        heading=row.title,
        paragraphs=(*(part.strip() for part in row.body.split("\n\n") if part.strip()), *([added.hint] if added.hint else [])),
        facts=(Fact(_("When"), fmt.exact(row.at, viewer)),),
        action=_("Open") if row.url else "",
        url=row.url,
        buttons=added.buttons,
        about_buttons=added.about_buttons,
        reason=_("You get this mail when %(what)s.") % {"what": kind.label if kind else row.kind},
        unsubscribe_url=unsubscribe.link(person.user_id, row.kind),
        unsubscribe_label=_("Stop these mails"),
        settings_url=_settings_url(person),
    )


def digest(rows: Sequence[Notification], person: Recipient, at: datetime, added: Addition = NOTHING) -> Letter:
    """The news of a day in one mail, in the order in which it happened."""
    viewer = fmt.Viewer(at=at, locale=person.locale, time_zone=person.time_zone)
    heading = ngettext("%(count)s piece of news", "%(count)s pieces of news", len(rows)) % {"count": len(rows)}
    return Letter(
        subject=_("%(news)s, %(day)s") % {"news": heading, "day": fmt.day(at, viewer)},
        heading=heading,
        paragraphs=(added.hint,) if added.hint else (),
        items=tuple(Item(title=row.title, detail=row.body, url=row.url, when=fmt.moment(row.at, viewer)) for row in rows),
        reason=_("You chose to get this kind of news once a day."),
        settings_url=_settings_url(person),
    )


def _settings_url(person: Recipient) -> str:
    return reverse("inbox:preferences" if person.side == "vendor" else "inbox:portal_preferences")
