"""Dashboards by e-mail: to each person its own numbers under its own rights, each date once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.dashboards import letters, policies, queries
from openprm.dashboards.events import LetterDue
from openprm.dashboards.models import Letter, Mailing, Recipient
from openprm.dashboards.rules import rhythm
from openprm.dashboards.rules.asking import asked
from openprm.identity import queries as identity
from openprm.identity.services import mail
from openprm.inbox import queries as inbox
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.scope import scope

AT_ONCE = 200


@transaction.atomic
def leave(*, actor: Actor, saved_id: UUID, at: datetime) -> None:
    """Get this mailing no more. Raises NotFound when one does not get it."""
    refuse_if(policies.why_not_save(actor) if actor.viewing_as else None)
    row = policies.reach_recipients(actor).locked().filter(mailing__saved=saved_id, user=actor.user_id, left_at=None).first()
    if row is None:
        raise NotFound(_("You do not get this mailing."))
    row.left_at = at
    row.save(update_fields=["left_at", "updated_at"])
    audit.record(actor, "dashboards.mailing_left", row.mailing.saved, after={}, visible_to=(actor.partner_id,) if actor.partner_id else (), at=at)


@transaction.atomic
def send_due(*, at: datetime) -> int:
    """Queue a letter for each recipient of the mailings that are due, and set their next date. Gives how many mailings."""
    rows = list(Mailing.objects.filter(next_at__lte=at).locked()[:AT_ONCE])
    for row in rows:
        for user_id in row.recipients.filter(left_at=None).order_by("user_id").values_list("user_id", flat=True):
            publish(LetterDue(mailing_id=row.pk, user_id=user_id, due_at=row.next_at, at=at))
        row.next_at = rhythm.next_after(row.every, row.day, row.hour, row.time_zone, at)  # type: ignore[arg-type]
        row.save(update_fields=["next_at", "updated_at"])
    return len(rows)


@transaction.atomic
def send(*, mailing_id: UUID, user_id: UUID, due_at: datetime, at: datetime) -> str:
    """Mail one person the dashboard as that person sees it now. Gives the outcome; empty when this date was done already."""
    row = Mailing.objects.select_related("saved").filter(pk=mailing_id).locked().first()
    if row is None or Letter.objects.filter(mailing=row, user=user_id, due_at=due_at).exists():
        return ""
    outcome = _send(row, user_id, at)
    Letter.objects.create(organization_id=row.organization_id, mailing=row, user_id=user_id, due_at=due_at, outcome=outcome)
    return outcome


def _send(row: Mailing, user_id: UUID, at: datetime) -> str:
    if not Recipient.objects.filter(mailing=row, user=user_id, left_at=None).exists():
        return "left"
    actor = _actor(row, user_id)
    if actor is None:
        return "no_access"
    with scope(actor), translation.override(actor.locale):
        if not inbox.takes_mail(actor, letters.KIND):
            return "switched_off"
        letter = _letter(actor, row, at)
    person = mail.Addressee(email=actor.email, name=actor.name, locale=actor.locale)
    mail.compose(letter, to=person).send()
    return "sent"


def _actor(row: Mailing, user_id: UUID) -> Actor | None:
    """Whom the mail is for, with the rights of this moment; None for who may not see the dashboard, or not any more."""
    try:
        actor = identity.actor_of(user_id, row.organization_id)
    except NotFound:
        return None
    is_here = actor.organization_id == row.organization_id
    return actor if is_here and policies.may_see(actor, row.saved.dashboard) else None


def _letter(actor: Actor, row: Mailing, at: datetime) -> mail.Letter:
    """A filter that names nothing any more is left out, as on the page."""
    saved = row.saved
    known = {part: frozenset(value for value, _label in values) for part, values in queries.every_choice(actor).items()}
    ask = asked(saved.dashboard, saved.asked, known)[0].on(at.date())  # type: ignore[arg-type]
    return letters.of_board(queries.board(actor, saved.dashboard, ask, at), saved.name, row.every, actor, at)  # type: ignore[arg-type]
