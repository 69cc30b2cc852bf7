"""Telling people: in the app, by mail at once or once a day, as each of them chose, and never twice."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.identity.services import mail
from openprm.inbox import letters, policies, rules, unsubscribe
from openprm.inbox.events import MailDue
from openprm.inbox.kinds import kind_of, kinds_for, known_kind
from openprm.inbox.models import Mode, Notification, Preference
from openprm.inbox.ports import NotificationKind
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotFound, Problem, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope


def notify(
    *,
    to: Iterable[UUID],
    kind: str,
    title: str,
    body: str = "",
    url: str = "",
    refs: Iterable[UUID] = (),
    urgent: bool = False,
    key: str = "",
    at: datetime,
) -> int:
    """Tell people one piece of news; gives how many were told who had not been.

    Each person's choice for the kind decides on the app and the mail. Disabled people are left out. Telling
    the same news again (same kind, address, title and moment, or same `key`) changes nothing.
    """
    declared = kind_of(kind)
    with system_scope():
        people = [person for person in identity.recipients(set(to)) if person.is_active]
        ways = _deliveries(declared, [person.user_id for person in people], urgent=urgent)
        rows = [
            Notification(
                user_id=user_id,
                key=(key or rules.dedupe_key(kind=kind, url=url, title=title, at=at))[:120],
                kind=kind,
                title=rules.clipped(title, rules.TITLE_LONGEST),
                body=rules.clipped(body, rules.BODY_LONGEST),
                url=rules.safe_url(url),
                refs=list(refs),
                urgent=urgent,
                at=at,
                in_app=way.in_app,
                mail=way.mail,
            )
            for user_id, way in ways.items()
            if not way.is_nothing
        ]
        return _insert(rows, at)


def tell_inviter(*, user_id: UUID, organization_id: UUID, invited_by_id: UUID | None, at: datetime) -> None:
    """Tell whoever invited somebody that the person is in."""
    people = {person.user_id: person for person in identity.recipients([user_id, *([invited_by_id] if invited_by_id else [])])}
    inviter = people.get(invited_by_id) if invited_by_id else None
    if inviter is None or user_id not in people:
        return
    url = reverse("identity:portal_team") if inviter.side == "partner" else reverse("identity:team")
    if inviter.side == "vendor" and people[user_id].side == "partner":
        url = reverse("identity:partner_team", args=[organization_id])
    title = _("%(name)s joined the team") % {"name": people[user_id].name}
    notify(to=[inviter.user_id], kind="inbox.invitee_joined", title=title, url=url, refs=[user_id], at=at)


def _insert(rows: list[Notification], at: datetime) -> int:
    """Insert what is new; the unique key, not a look beforehand, decides what that is."""
    if not rows:
        return 0
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    new = set(Notification.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    for row in rows:
        if row.pk in new and row.mail == Mode.NOW:
            publish(MailDue(notification_id=row.pk, at=at))
    return len(new)


def _deliveries(kind: NotificationKind, user_ids: list[UUID], *, urgent: bool) -> Mapping[UUID, rules.Delivery]:
    chosen = {row.user_id: rules.Choice(row.in_app, row.mail) for row in Preference.objects.filter(kind=kind.code, user__in=user_ids)}
    usual = rules.Choice(kind.in_app, kind.mail)
    return {user_id: rules.delivery(chosen.get(user_id, usual), urgent=urgent) for user_id in user_ids}


@transaction.atomic
def mark_read(*, actor: Actor, notification_ids: Iterable[UUID] | None = None, at: datetime) -> int:
    """Mark some, or with None all, of one's own notifications read; gives how many were unread."""
    refuse_if(policies.why_not_change(actor))
    rows = policies.reach(actor).filter(read_at=None)
    if notification_ids is not None:
        rows = rows.filter(pk__in=list(notification_ids))
    return rows.update(read_at=at)


@transaction.atomic
def mark_unread(*, actor: Actor, notification_id: UUID) -> None:
    """Raises NotFound."""
    refuse_if(policies.why_not_change(actor))
    row = policies.reach(actor).locked().one(notification_id)
    row.read_at = None
    row.save(update_fields=["read_at", "updated_at"])


@transaction.atomic
def set_preferences(*, actor: Actor, choices: Mapping[str, rules.Choice], at: datetime) -> None:
    """Keep how one wants each kind. Raises NotAllowed, Invalid for a kind or a way that does not exist."""
    refuse_if(policies.why_not_change(actor))
    known = {kind.code for kind in kinds_for(actor)}
    problems = [Problem(code, _("There is no such kind of notification.")) for code in choices if code not in known]
    problems += [Problem(code, _("Choose now, daily or off.")) for code, choice in choices.items() if choice.mail not in rules.MODES]
    if problems:
        raise Invalid(problems=problems)
    for code, choice in sorted(choices.items()):
        _prefer(actor.user_id, code, in_app=choice.in_app, mail=choice.mail)


def unsubscribe_from(*, token: str) -> NotificationKind:
    """Switch the mails of one kind off for the person a signed link names; the app keeps telling. Raises NotFound."""
    user_id, code = unsubscribe.read(token)
    kind = known_kind(code)
    if kind is None:
        raise NotFound()
    with system_scope():
        if not identity.recipients([user_id]):
            raise NotFound()
        before = Preference.objects.filter(user=user_id, kind=code).first()
        _prefer(user_id, code, in_app=before.in_app if before else kind.in_app, mail=Mode.OFF)
    return kind


def _prefer(user_id: UUID | None, code: str, *, in_app: bool, mail: str) -> None:
    Preference.objects.update_or_create(user_id=user_id, kind=code, defaults={"in_app": in_app, "mail": mail})


def send_mail(*, notification_id: UUID, at: datetime) -> bool:
    """Send one notification as a mail, once; False when it was sent, or its person is disabled or switched it off since."""
    row = Notification.objects.filter(pk=notification_id, mailed_at=None, mail=Mode.NOW).locked().first()
    if row is None:
        return False
    person = _reader(row.user_id)
    if person is None or Preference.objects.filter(user=row.user_id, kind=row.kind, mail=Mode.OFF).exists():
        return False
    with translation.override(person.locale):
        added = letters.added_to([row], person, at)
        letter = letters.single(row, person, added)
    mail.compose(letter, to=_to(person), message_id=row.pk, headers=letters.answered_at(added)).send()
    Notification.objects.filter(pk=row.pk).update(mailed_at=at)
    return True


def send_digests(*, at: datetime, limit: int = 200) -> int:
    """Send the daily mails that are due; gives how many. A person's day begins at 08:00 in its own zone."""
    waiting = Notification.objects.filter(mail=Mode.DAILY, mailed_at=None, at__lt=at)
    people = list(waiting.values_list("user_id", flat=True).distinct()[: limit * 10])
    readers = {person.user_id: person for person in identity.recipients(people)}
    sent = 0
    for user_id in people:
        sent += _send_digest(readers.get(user_id), user_id, at)
        if sent >= limit:
            break
    return sent


def _send_digest(person: identity.Recipient | None, user_id: UUID, at: datetime) -> bool:
    if person is None or not person.is_active:
        Notification.objects.filter(user=user_id, mail=Mode.DAILY, mailed_at=None).update(mail=Mode.OFF)
        return False
    until = rules.last_digest(time_zone=person.time_zone, at=at)
    rows = list(Notification.objects.filter(user=user_id, mail=Mode.DAILY, mailed_at=None, at__lt=until).locked()[:100])
    if not rows:
        return False
    with translation.override(person.locale):
        added = letters.added_to(rows, person, at)
        letter = letters.digest(sorted(rows, key=lambda row: row.at), person, at, added)
    mail.compose(letter, to=_to(person), message_id=rows[0].pk, headers=letters.answered_at(added)).send()
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=at)
    return True


def _reader(user_id: UUID) -> identity.Recipient | None:
    return next((person for person in identity.recipients([user_id]) if person.is_active), None)


def _to(person: identity.Recipient) -> mail.Addressee:
    return mail.Addressee(email=person.email, name=person.name, locale=person.locale)
