"""Reading one window that reflects work, for the pages and the API of both sides. It writes nothing."""

from datetime import date, datetime, timedelta
from uuid import UUID

from openprm.deals import policies
from openprm.deals.queries import evidence as queries
from openprm.deals.queries.evidence import WorkWindow
from openprm.deals.rules.evidence_curve import Curve, curve_of, next_quiet_on, suggestions
from openprm.deals.services import work_terms
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope

FAR = timedelta(days=1100)


def work_window(*, actor: Actor, registration_id: UUID, at: datetime) -> WorkWindow | None:
    """The window with its curve; None where it is fixed, or where nothing is protected any more. Raises NotFound."""
    policies.reach(actor).one(registration_id)
    steps = queries.steps_of(actor, registration_id)
    if not steps:
        return None
    with system_scope() as system:
        registration = policies.reach(system).get(pk=registration_id)
        ends_at = queries.live_end(registration_id)
        window = work_terms.window_of(registration, list(steps)) if ends_at else None
        if window is None or ends_at is None:
            return None
        now = window.curve(at)
        ahead = curve_of(window.facts, [one for one in window.evidence if one.day <= at.date()], window.terms_of, at.date() + FAR)
        tried = suggestions(window.facts, window.evidence, window.terms_of, at.date())
        next_quiet = next_quiet_on(now, window.facts, window.terms_of)
    terms, ends_on = now.terms, _crossing(ahead)
    return WorkWindow(
        registration_id=registration_id, starts_on=now.starts_on, protected_until=ends_at,
        planned_until=steps[0].ends_after + timedelta(days=now.days - now.base_days),
        base_days=now.base_days, added=now.added, taken=now.taken, by_hand=now.by_hand_days, room=max(0, now.room), most_days=terms.most_days,
        floor_days=terms.floor_days, notice_days=terms.notice_days, quiet_days=terms.quiet_days, week_days=terms.week_days, last_work_on=now.last_work_on,
        next_quiet_on=next_quiet if next_quiet and next_quiet < ends_on else None, ends_without_work_on=ends_on, clause=window.ruling.clause,
        version=window.ruling.version, version_id=window.ruling.version_id, announcements=queries.announcements(steps),
        steps=tuple(queries.step_view(step) for step in steps), hints=queries.hints(tried), drawing=queries.drawing(now, ahead, ends_on),
    )  # fmt: skip


def _crossing(ahead: Curve) -> date:
    """The day on which time meets the end, when nothing more is done: what quiet takes holds after its notice."""
    notice, start = timedelta(days=ahead.terms.notice_days), ahead.starts_on
    length = ahead.base_days + ahead.by_hand_days
    for day, days in sorted((change.day + (notice if change.days < 0 else timedelta()), change.days) for change in ahead.changes):
        if (day - start).days >= length:
            break
        length += days
        if (day - start).days >= length:
            return day
    return start + timedelta(days=length)
