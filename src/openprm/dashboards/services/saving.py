"""Dashboards that are kept under a name, and when they are mailed to whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.dashboards import policies, queries, wording
from openprm.dashboards.models import Mailing, Recipient, Saved
from openprm.dashboards.rules import rhythm
from openprm.dashboards.rules.asking import Ask, asked
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale, refuse_if, refused_by

MOST_SAVED, MOST_RECIPIENTS, LONGEST = 100, 50, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a mailing goes out and to whom. `day` is a weekday from 0 (Monday), or a day of the month up to 28."""

    every: str
    day: int
    hour: int
    time_zone: str
    recipients: tuple[UUID, ...]


@transaction.atomic
def save(*, actor: Actor, name: str, dashboard: str, words: Mapping[str, str], is_shared: bool = False, at: datetime) -> UUID:
    """Keep a dashboard with its filters. Gives its id. Raises NotAllowed, NotFound, Invalid, Conflict."""
    refuse_if(policies.why_not_save(actor))
    named, ask = _name(name), _checked(actor, dashboard, words)
    if policies.reach(actor).filter(owner=actor.user_id).count() >= MOST_SAVED:
        raise Conflict(_("You have %(most)d saved dashboards. Delete one first.") % {"most": MOST_SAVED})
    row = Saved(
        organization_id=actor.organization_id, owner_id=actor.user_id, name=named, dashboard=dashboard, asked=ask.words(), is_shared=is_shared
    )  # fmt: skip
    with refused_by("dashboard_saved_once_by_name", Conflict(_("You have a dashboard of this name. Choose another name."), field="name")):
        row.save(force_insert=True)
    audit.record(actor, "dashboards.saved", row, visible_to=_visible(actor), at=at)
    return row.pk


@transaction.atomic
def change(
    *, actor: Actor, saved_id: UUID, name: str, is_shared: bool, words: Mapping[str, str] | None = None, mailing: Rhythm | None = None,
    version: int, at: datetime,
) -> int:  # fmt: skip
    """Rename, share, ask for something else, and mail it or stop mailing it (`mailing` None). Gives the new version.

    Raises NotFound, NotAllowed, Invalid, Conflict, Stale.
    """
    row = _own(actor, saved_id)
    if version != row.version:
        raise Stale()
    before = row.snapshot()
    row.name, row.is_shared, row.version = _name(name), is_shared, row.version + 1
    row.asked = row.asked if words is None else _checked(actor, row.dashboard, words).words()
    with refused_by("dashboard_saved_once_by_name", Conflict(_("You have a dashboard of this name. Choose another name."), field="name")):
        row.save()
    plan = _mail(actor, row, mailing, at)
    audit.record(actor, "dashboards.changed", row, before=before, visible_to=_visible(actor), data=plan, at=at)
    return row.version


@transaction.atomic
def stop_mailing(*, actor: Actor, saved_id: UUID, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    row = _own(actor, saved_id)
    if policies.reach_mailings(actor).filter(saved=row).delete()[0]:
        audit.record(actor, "dashboards.mailing_stopped", row, after={}, visible_to=_visible(actor), at=at)


@transaction.atomic
def remove(*, actor: Actor, saved_id: UUID, at: datetime) -> None:
    """Delete a saved dashboard with its mailing. Raises NotFound, NotAllowed."""
    row = _own(actor, saved_id)
    audit.record(actor, "dashboards.removed", row, before=row.snapshot(), after={}, visible_to=_visible(actor), at=at)
    row.delete()


def _own(actor: Actor, saved_id: UUID) -> Saved:
    row = policies.reach(actor).locked().filter(pk=saved_id).first()
    if row is None:
        raise NotFound()
    refuse_if(policies.why_not_change(actor, row))
    return row


def _checked(actor: Actor, dashboard: str, words: Mapping[str, str]) -> Ask:
    """Only what can be read is kept: a saved dashboard never opens with a complaint."""
    if dashboard not in policies.PERMISSION or not policies.may_see(actor, dashboard):
        raise NotFound()
    known = {part: frozenset(value for value, _label in values) for part, values in queries.every_choice(actor).items()}
    ask, problems = asked(dashboard, {name: str(text) for name, text in words.items()}, known)  # type: ignore[arg-type]
    if problems:
        raise Invalid(problems=[Problem(one.field, wording.problem(one)) for one in problems])
    return ask


def _name(given: str) -> str:
    name = " ".join(given.split())
    if not name or len(name) > LONGEST:
        raise Invalid(_("Give a name of at most %(most)d letters.") % {"most": LONGEST}, field="name")
    return name


def _mail(actor: Actor, row: Saved, plan: Rhythm | None, at: datetime) -> dict[str, Any]:
    if plan is None:
        Mailing.objects.filter(saved=row).delete()
        return {}
    _check(plan)
    people = _people(actor, row, plan.recipients)
    due = rhythm.next_after(plan.every, plan.day, plan.hour, plan.time_zone, at)  # type: ignore[arg-type]
    values = {"every": plan.every, "day": plan.day, "hour": plan.hour, "time_zone": plan.time_zone, "next_at": due, "organization_id": row.organization_id}
    mailing, _made = Mailing.objects.update_or_create(saved=row, defaults=values)
    mailing.recipients.exclude(user__in=people).delete()
    new = [Recipient(organization_id=row.organization_id, mailing=mailing, user_id=one) for one in people]
    Recipient.objects.bulk_create(new, ignore_conflicts=True)
    return {"every": plan.every, "day": plan.day, "hour": plan.hour, "time_zone": plan.time_zone, "recipients": len(people)}


def _check(plan: Rhythm) -> None:
    problems = []
    if plan.every not in rhythm.EVERY:
        problems.append(Problem("every", _("A dashboard is mailed every week or every month.")))
    elif plan.day not in rhythm.DAYS[plan.every]:  # type: ignore[index]
        problems.append(Problem("day", _("Give a weekday, or a day of the month from 1 to 28.")))
    if plan.hour not in range(24):
        problems.append(Problem("hour", _("Give an hour from 0 to 23.")))
    if not rhythm.is_zone(plan.time_zone):
        problems.append(Problem("time_zone", _("Choose a time zone of the list, such as Europe/Oslo.")))
    if not 0 < len(set(plan.recipients)) <= MOST_RECIPIENTS:
        problems.append(Problem("recipients", _("Choose one person at least and %(most)d at most.") % {"most": MOST_RECIPIENTS}))
    if problems:
        raise Invalid(problems=problems)


def _people(actor: Actor, row: Saved, wanted: Iterable[UUID]) -> list[UUID]:
    may = {user_id for user_id, _name in queries.possible_recipients(actor, row.dashboard)}
    if strangers := set(wanted) - may:
        raise Invalid(_("%(count)d of the people you chose may not see this dashboard.") % {"count": len(strangers)}, field="recipients")
    return sorted(set(wanted))


def _visible(actor: Actor) -> tuple[UUID, ...]:
    return (actor.partner_id,) if actor.partner_id else ()
