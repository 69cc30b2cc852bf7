"""What a mail about a piece of news carries besides its words: an address to answer, buttons that act."""

from datetime import datetime

from django.utils.translation import gettext as _

from openprm.correspondence import kinds
from openprm.correspondence.ports import ActionKind
from openprm.correspondence.services import addresses, links
from openprm.identity import queries as identity
from openprm.identity.queries import Recipient
from openprm.inbox.ports import Addition, Button, News
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import scope
from openprm.ui import format as fmt


def additions(*, news: News, person: Recipient, at: datetime) -> Addition:
    """Fills the inbox's port. Only what this person may do at this moment is offered; in the system's scope."""
    if not kinds.thread_of(news.kind, news.refs) and not kinds.actions_of(news.kind, news.refs):
        return Addition()
    actors = _actors(person)
    reply_to, hint = _reply(news, person, actors, at)
    buttons = tuple(button for actor in actors for button in _buttons(news, actor, at)) if news.may_act else ()
    until = fmt.exact(buttons[0][1], fmt.Viewer(at=at, locale=person.locale, time_zone=person.time_zone)) if buttons else ""
    about = _("The buttons act at once, without a sign-in, until %(until)s and one time. Do not pass this mail on.") % {"until": until} if buttons else ""
    return Addition(reply_to=reply_to, hint=hint, buttons=tuple(button for button, _until in buttons), about_buttons=about)


def _actors(person: Recipient) -> list[Actor]:
    """The person in each organization it works in: nearly always one."""
    return [identity.actor_of(person.user_id, place.id) for place in identity.organizations_of(person.user_id)]


def _reply(news: News, person: Recipient, actors: list[Actor], at: datetime) -> tuple[str, str]:
    found = kinds.thread_of(news.kind, news.refs)
    if found is None or not addresses.may_answer(person.user_id):
        return "", ""
    kind, subject_id = found
    for actor in actors:
        try:
            with scope(actor):
                about = kind.describe(actor=actor, subject_id=subject_id, at=at)
        except Refusal:
            continue
        address = addresses.address_for(kind=kind, actor=actor, subject_id=subject_id, title=about.title, at=at)
        return address, _("Answer this mail to %(what)s.") % {"what": kind.hint}
    return "", ""


def _buttons(news: News, actor: Actor, at: datetime) -> list[tuple[Button, datetime]]:
    wanted = kinds.actions_of(news.kind, news.refs)
    if not wanted or links.why_none(actor.user_id):
        return []
    return [made for kind, subject_id in wanted if (made := _button(kind, actor, subject_id, at))]


def _button(kind: ActionKind, actor: Actor, subject_id, at: datetime) -> tuple[Button, datetime] | None:
    try:
        with scope(actor):
            about = kind.describe(actor=actor, subject_id=subject_id, at=at)
    except Refusal:
        return None
    return Button(label=str(kind.label), url=links.offer(kind=kind, actor=actor, subject_id=subject_id, title=about.title, at=at)), at + kind.lasts
