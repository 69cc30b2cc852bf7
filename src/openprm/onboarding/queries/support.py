"""First deals: who has none yet, what help stands ready, and the questions that were asked."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.scope import system_scope
from openprm.onboarding import policies
from openprm.onboarding.models import FirstDeal, Help, ReachedMilestone
from openprm.onboarding.promisekinds import HELP
from openprm.onboarding.queries.results import BeforeFirstDeal, FirstDealPanel, FirstDealSupport, HelpView
from openprm.partners import queries as partners
from openprm.promises import queries as promises
from openprm.ui.paging import PageRequest, Slice, slice_of

STEPS = ("deals.first_registration", "deals.first_approved", "deals.first_won")
SORTS = {"partner": "partner__organization__name", "since": "since"}


def first_deal_support(partner_id: UUID, at: datetime) -> FirstDealSupport | None:
    """The help that stands at a moment, or None: not begun yet, or the first deal was won by then. Runs in the caller's scope."""
    row = FirstDeal.objects.filter(partner=partner_id, since__lte=at).filter(Q(won_at=None) | Q(won_at__gt=at)).first()
    return FirstDealSupport(partner_id=partner_id, manager_id=partners.manager_of(partner_id), since=row.since) if row else None


def awaits_first_deal(partner_id: UUID, at: datetime) -> bool:
    """Whether the help of the first deal stands at a moment. One query, in the caller's scope."""
    return FirstDeal.objects.filter(partner=partner_id, since__lte=at).filter(Q(won_at=None) | Q(won_at__gt=at)).exists()


def before_first_deal(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice[BeforeFirstDeal]:
    """A page of the active partners that have not won a deal yet, for the vendor."""
    return slice_of(_before(actor, search, filters), page, order_by=SORTS).map(lambda row: _line(row, at))


def export_before_first_deal(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime) -> Iterator[BeforeFirstDeal]:
    for row in _before(actor, search, filters).order_by("since", "pk").iterator(chunk_size=500):
        yield _line(row, at)


def newest_before_first_deal(actor: Actor) -> ScopedQuerySet:
    """For the API: rows that `support_row` reads."""
    return _before(actor, "", {})


def support_row(row: Any, at: datetime) -> BeforeFirstDeal:
    return _line(row, at)


def _before(actor: Actor, search: str, filters: Mapping[str, Any]) -> Any:
    if not actor.sees_all_partners:
        return FirstDeal.objects.none()

    def reached(code: str) -> Subquery:
        return Subquery(ReachedMilestone.objects.filter(partner=OuterRef("partner_id"), code=code).values("reached_at")[:1])

    asked = Help.objects.filter(partner=OuterRef("partner_id"), answered_at=None).order_by().values("partner").annotate(n=Count("pk")).values("n")
    rows = policies.reach_first_deals(actor).filter(won_at=None, partner__organization__status="active")
    rows = rows.select_related("partner__organization", "partner__manager").annotate(
        registered_at=reached(STEPS[0]), approved_at=reached(STEPS[1]), open_questions=Subquery(asked[:1])
    )
    if value := filters.get("manager"):
        rows = rows.filter(partner__manager__in=value)
    if "none" in (filters.get("step") or ()):
        rows = rows.filter(registered_at=None)
    if "registered" in (filters.get("step") or ()):
        rows = rows.exclude(registered_at=None)
    return rows.filter(partner__organization__name__icontains=search) if search else rows


def _line(row: Any, at: datetime) -> BeforeFirstDeal:
    return BeforeFirstDeal(
        id=row.partner_id,
        partner=row.partner.organization.name,
        country=row.partner.organization.country,
        manager=row.partner.manager.name if row.partner.manager else "",
        was_assigned=row.manager_was_assigned,
        since=row.since,
        days=(at - row.since).days,
        registered_at=row.registered_at,
        approved_at=row.approved_at,
        open_questions=row.open_questions or 0,
    )


def first_deal_panel(actor: Actor, at: datetime) -> FirstDealPanel | None:
    """ "Your first deal" for a partner; None once it is won."""
    if actor.partner_id is None:
        return None
    support = first_deal_support(actor.partner_id, at)
    if support is None:
        return None
    reached = dict(ReachedMilestone.objects.filter(partner=actor.partner_id, code__in=STEPS).values_list("code", "reached_at"))
    with system_scope():
        partner = partners.partner(SYSTEM, actor.partner_id)
    labels = (_("Register a customer"), _("Get it approved"), _("Win it"))
    return FirstDealPanel(
        manager_name=partner.manager_name,
        manager_email=partner.manager_email,
        steps=tuple((code, label, reached.get(code)) for code, label in zip(STEPS, labels, strict=True)),
        days=(at - support.since).days,
        questions=questions(actor, at, limit=3),
        may_ask=policies.why_not_ask(actor) is None,
    )


def questions(actor: Actor, at: datetime, *, only_open: bool = False, limit: int = 50) -> tuple[HelpView, ...]:
    """Questions and answers, newest first; for the vendor of all partners."""
    rows = policies.reach_help(actor).select_related("partner__organization").order_by("-asked_at", "pk")
    found = list((rows.filter(answered_at=None) if only_open else rows)[:limit])
    clocks = promises.clocks([row.pk for row in found], HELP, at)
    return tuple(help_view(row, clocks.get(row.pk)) for row in found)


def question(actor: Actor, help_id: UUID, at: datetime) -> HelpView:
    """Raises NotFound."""
    row = policies.reach_help(actor).select_related("partner__organization").one(help_id)
    return help_view(row, promises.clock(row.pk, HELP, at))


def newest_questions(actor: Actor) -> ScopedQuerySet:
    """For the API: rows that `help_view` reads."""
    return policies.reach_help(actor).select_related("partner__organization")


def help_view(row: Help, clock: Any = None) -> HelpView:
    return HelpView(
        id=row.pk,
        partner_id=row.partner_id,
        partner=row.partner.organization.name,
        question=row.question,
        asked_by=row.asked_by_name,
        asked_at=row.asked_at,
        answer=row.answer,
        answered_by=row.answered_by_name,
        answered_at=row.answered_at,
        due_at=clock.due_at if clock and row.answered_at is None else None,
        created_at=row.created_at,
    )
