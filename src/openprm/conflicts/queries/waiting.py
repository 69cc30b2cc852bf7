"""What waits for a person: cases to take, to judge, to explain; on the partner's side to tell its side, or to appeal in time."""

from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.conflicts import policies
from openprm.conflicts.models import ConflictCase, Party
from openprm.conflicts.promisekinds import ANSWER, APPEAL, DECISION, EXPLANATION, STATEMENT
from openprm.conflicts.queries.results import Summary, Waiting
from openprm.conflicts.queries.ties import ties_of
from openprm.conflicts.rules.impartiality import bias_of
from openprm.conflicts.rules.lifecycle import HEARING, Origin, State
from openprm.conflicts.wording import TYPE_SHORT, label_of
from openprm.kernel.actor import Actor
from openprm.promises import queries as promises

MOST = 60
YEAR = timedelta(days=365)


def waiting(actor: Actor, at: datetime) -> list[Waiting]:
    """Soonest promise first. A case waits only for people who may judge it."""
    found = _for_partner(actor, at) if actor.is_partner else [*_to_judge(actor, at), *_to_explain(actor, at)]
    far = at + timedelta(days=3650)
    return sorted(found, key=lambda one: (one.due_at or far, one.key))


def waiting_count(actor: Actor) -> int:
    """Cheap: cases that wait for this person, without the promises."""
    rows = policies.reach(actor)
    if actor.is_partner:
        return Party.objects.filter(partner__in=actor.partner_ids, spoke_at=None, case__state__in=HEARING).count() if actor.can("conflicts.speak") else 0
    mine = Q(reviewer=actor.user_id, state=State.IN_REVIEW) | Q(appeal_reviewer=actor.user_id, state=State.APPEALED)
    open_ones = Q(state=State.OPEN) if actor.can("conflicts.review") else Q(pk=None)
    return rows.filter(mine | open_ones).count()


def _to_judge(actor: Actor, at: datetime) -> list[Waiting]:
    if not actor.can("conflicts.review"):
        return []
    wanted = Q(state=State.OPEN) | Q(state=State.IN_REVIEW, reviewer=None) | Q(state=State.IN_REVIEW, reviewer=actor.user_id) | Q(state=State.APPEALED)
    rows = list(policies.reach(actor).filter(wanted).select_related("partner").order_by("opened_at")[:MOST])
    return [_judged(row, at) for row in rows if _is_for(actor, row)]


def _is_for(actor: Actor, row: ConflictCase) -> bool:
    """Mine, or nobody's and I could take it."""
    held = row.appeal_reviewer_id if row.state == State.APPEALED else row.reviewer_id
    return held == actor.user_id or (held is None and bias_of(actor.user_id, ties_of(row)) is None)


def _judged(row: ConflictCase, at: datetime) -> Waiting:
    code = {State.OPEN: ANSWER, State.APPEALED: APPEAL}.get(State(row.state), DECISION)
    titles = {ANSWER: _("Take up %(number)s"), APPEAL: _("Answer the appeal in %(number)s"), DECISION: _("Decide %(number)s")}
    return _waiting(row, at, code, row.pk, titles[code], f"{row.partner.name} · {label_of(TYPE_SHORT, row.type)}", "conflicts:case", "scale")


def _to_explain(actor: Actor, at: datetime) -> list[Waiting]:
    """The person the case is about explains; without a statement of our side yet."""
    silent = Party.objects.filter(partner=None, spoke_at=None).values("case")
    rows = policies.reach(actor).filter(rep=actor.user_id, state__in=HEARING, pk__in=silent).prefetch_related("parties")[:MOST] if actor.user_id else ()
    return [_asked(row, EXPLANATION, _("Explain your side in %(number)s"), "conflicts:case", at) for row in rows]


def _for_partner(actor: Actor, at: datetime) -> list[Waiting]:
    if not actor.can("conflicts.speak"):
        return []
    silent = Party.objects.filter(partner__in=actor.partner_ids, spoke_at=None).values("case")
    rows = policies.reach(actor).filter(state__in=HEARING, pk__in=silent).prefetch_related("parties")[:MOST]
    return [_asked(row, STATEMENT, _("Tell your side in %(number)s"), "conflicts:portal_case", at) for row in rows]


def _asked(row: ConflictCase, code: str, title: str, page: str, at: datetime) -> Waiting:
    party = next(one for one in row.parties.all() if one.spoke_at is None and (code == EXPLANATION) is (one.partner_id is None))
    return _waiting(row, at, code, party.pk, title, label_of(TYPE_SHORT, row.type), page, "message-square")


def _waiting(row: ConflictCase, at: datetime, code: str, subject_id: UUID, title: str, detail: str, page: str, icon: str) -> Waiting:
    clock = promises.clock(subject_id, code, at)
    due = clock.due_at if clock and clock.is_open else None
    return Waiting(
        key=f"{code}:{row.pk}", title=title % {"number": row.number}, detail=detail, url=reverse(page, args=[row.pk]), due_at=due,
        overdue=bool(due and due < at), tone="bad" if due and due < at else "", icon=icon, since=row.opened_at,
    )  # fmt: skip


def summary(actor: Actor, at: datetime) -> Summary:
    """The vendor's figures. Three queries."""
    rows = list(policies.reach(actor).values_list("pk", "state", "origin", "opened_at", "decided_at"))
    running = [pk for pk, state, *_rest in rows if state in (State.OPEN, State.IN_REVIEW)]
    clocks = promises.clocks(running, DECISION, at)
    decided = [(then - opened).total_seconds() / 86400 for _pk, _state, _origin, opened, then in rows if then and then >= at - YEAR]
    return Summary(
        waiting=len(running), late=sum(clock.overdue for clock in clocks.values()), appealed=sum(state == State.APPEALED for _pk, state, *_rest in rows),
        alarms=sum(origin == Origin.SENTINEL and state in HEARING for _pk, state, origin, *_rest in rows), decided=len(decided),
        median_days=round(median(decided), 1) if decided else None,
    )  # fmt: skip
