"""The activities of a request: written, held against the catalogue, frozen with their terms, approved one by one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.funds.models import Activity, ActivityType, Allocation, FundRequest
from openprm.funds.queries.catalogue import Place, country_of, in_currency, place_of, why_not_use
from openprm.funds.rules.catalogue import ActivityTerms
from openprm.funds.rules.judgement import claim_by
from openprm.funds.rules.lifecycle import ActivityStatus
from openprm.funds.services.results import ActivityDraft
from openprm.funds.services.unit import amount, near, text
from openprm.kernel.errors import Invalid, NotFound, Problem
from openprm.kernel.money import Money, format_money


def write_activities(request: FundRequest, drafts: Sequence[ActivityDraft], today: date) -> None:
    """The activities as they are said now, each in its place; those that are said no more go. Raises Invalid, NotFound."""
    types = ActivityType.objects.in_bulk([draft.activity_type_id for draft in drafts])
    known = {row.position: row for row in request.activities.all()}
    for position, draft in enumerate(drafts, start=1):
        row = known.pop(position, None) or Activity(request=request, position=position)
        kind = types.get(draft.activity_type_id)
        if kind is None or not (kind.is_active or row.activity_type_id == kind.pk):
            raise NotFound(_("There is no such kind of activity that you can use."))
        near(f"activities[{position - 1}].starts_on", draft.starts_on, today), near(f"activities[{position - 1}].ends_on", draft.ends_on, today)
        _fill(row, request, draft, f"activities[{position - 1}]")
        row.save()
    for row in known.values():
        row.delete()


def _fill(row: Activity, request: FundRequest, draft: ActivityDraft, place: str) -> None:
    if draft.ends_on < draft.starts_on:
        raise Invalid(_("An activity cannot end before it begins."), field=f"{place}.ends_on")
    planned = amount(f"{place}.planned_minor", draft.planned_minor)
    if amount(f"{place}.asked_minor", draft.asked_minor) > planned:
        raise Invalid(_("You cannot ask for more than the activity costs."), field=f"{place}.asked_minor")
    row.allocation_id, row.partner_id, row.currency = request.allocation_id, request.partner_id, request.currency
    row.activity_type_id, row.title = draft.activity_type_id, text(f"{place}.title", draft.title, longest=160)
    row.starts_on, row.ends_on, row.country = draft.starts_on, draft.ends_on, draft.country.upper()[:2]
    row.planned_minor, row.asked_minor = planned, draft.asked_minor


def freeze(request: FundRequest, at: datetime) -> int:
    """Hold every activity against the catalogue, and keep its terms; gives how many there are. Raises Invalid with all problems, NoRate."""
    rows = list(request.activities.select_related("activity_type").prefetch_related("activity_type__proofs"))
    if not rows:
        raise Invalid(_("A request needs an activity: say what you will do and what it costs."), field="activities")
    problems = []
    standing = place_of(request.partner_id, at, request.allocation.budget.program_id)
    for number, row in enumerate(rows):
        terms = in_currency(row.activity_type.terms(), request.currency, at.date()).under(request.allocation.vendor_percent)
        problems += [Problem(f"activities[{number}].{field}", said) for field, said in _problems(row, terms, request.allocation, standing)]
        row.terms = terms.as_json()
    if problems:
        raise Invalid(problems=problems)
    for row in rows:
        row.save(update_fields=["terms", "updated_at"])
    return len(rows)


def _problems(row: Activity, terms: ActivityTerms, fund: Allocation, standing: Place) -> list[tuple[str, str]]:
    found = []
    if why := why_not_use(terms, standing, row.country or country_of(row.partner_id)):
        found.append(("activity_type_id", why))
    most = most_for(row.planned_minor, terms, row.currency)
    if row.asked_minor > most.minor:
        said = {"kind": terms.name, "percent": f"{terms.max_percent.normalize():f}", "most": format_money(most)}
        found.append(("asked_minor", _("“%(kind)s” is paid up to %(percent)s %% of its cost: %(most)s at most. Ask for less.") % said))
    if row.starts_on > fund.ends_on:
        found.append(("starts_on", _("%(fund)s ends on %(day)s, before this begins.") % {"fund": fund, "day": fund.ends_on.isoformat()}))
    return found


def most_for(planned_minor: int, terms: ActivityTerms, currency: str) -> Money:
    """The most that can be asked for an activity of this cost: its share, under its cap."""
    share = int((Decimal(planned_minor) * terms.max_percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    capped = min(share, terms.cap.minor) if terms.cap and terms.cap.currency == currency else share
    return Money(capped, currency)


def approve_activities(request: FundRequest, fund: Allocation, granted: Mapping[UUID, int]) -> None:
    """Give each activity its amount and the last day to claim it; one that gets nothing is not approved."""
    for row in request.activities.order_by("pk"):
        row.approved_minor = granted[row.pk]
        row.status = ActivityStatus.APPROVED if row.approved_minor else ActivityStatus.DECLINED
        row.claim_by = _last_day(row, fund) if row.approved_minor else None
        row.save(update_fields=["approved_minor", "status", "claim_by", "updated_at"])


def _last_day(row: Activity, fund: Allocation) -> date:
    return claim_by(ActivityTerms.from_json(row.terms), row.ends_on, fund.claim_by)
