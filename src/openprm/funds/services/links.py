"""What a request brought: its share of leads, deals and campaigns. One deal is given away once, whoever links it how often."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.funds import proof_policies as policies
from openprm.funds.models import FundRequest, RequestLink, ReturnTerms
from openprm.funds.ports import CampaignSource
from openprm.funds.services.catalogue import percent
from openprm.funds.services.unit import as_system, load, record, refusing, text
from openprm.funds.wording_proofs import plain_percent
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, refuse_if
from openprm.kernel.registry import registry
from openprm.leads import queries as leads
from openprm.partners import queries as partners

KINDS = ("deal", "lead", "campaign")
GUARD = "shares_of_a_deal_are_100_percent"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a link points at, as the actor may see it; `deal_id` is the deal that it counts for."""

    id: UUID
    label: str
    deal_id: UUID | None


def link(*, actor: Actor, request_id: UUID, kind: str, subject_id: UUID, weight: Any, note: str = "", at: datetime) -> UUID:
    """Say that so many percent of a deal, lead or campaign came of a request. Again for the same thing changes its share.

    Raises NotFound (a stranger's deal like one that is not there), NotAllowed, Invalid, Conflict (more than 100 % over all requests).
    """
    request = policies.reach_requests(actor).one(request_id)
    refuse_if(policies.why_not_link(actor, request.partner_id))
    if request.status == "draft":
        raise Conflict(_("A draft brought nothing yet. Send the request first."))
    share = percent("weight", weight)
    clean = text("note", note, longest=300, required=False)
    subject = _subject(actor, kind, subject_id, request.partner_id)
    with as_system(actor), refusing({GUARD: lambda: _too_much(kind, subject, request)}):
        row = RequestLink.objects.filter(request=request, kind=kind, subject_id=subject_id).locked().first()
        before = row.snapshot() if row else None
        row = row or RequestLink(partner_id=request.partner_id, request=request, kind=kind, subject_id=subject_id, linked_at=at, linked_by_id=actor.user_id)
        row.subject_label, row.deal_id, row.weight, row.note = subject.label[:200], subject.deal_id, share, clean
        row.version += 1 if before else 0
        row.save()
        record(actor, "fund_link.set", row, before=before, note=f"{subject.label}: {share} %", refs=(request.pk, subject.id), at=at)
        return row.pk


def _too_much(kind: str, subject: Subject, request: FundRequest) -> Conflict:
    """The refusal, with what is left to give."""
    same = Q(kind=kind, subject_id=subject.id) | (Q(deal_id=subject.deal_id) if subject.deal_id else Q(pk=None))
    others = RequestLink.objects.filter(same).exclude(request=request, kind=kind, subject_id=subject.id)
    given = others.aggregate(sum=Sum("weight"))["sum"] or Decimal(0)
    left = {"label": subject.label, "given": plain_percent(given), "left": plain_percent(100 - given)}
    return Conflict(_("%(given)s %% of %(label)s are given to requests already; %(left)s %% are left. Lower the share.") % left, field="weight")


def unlink(*, actor: Actor, link_id: UUID, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    row = policies.reach_links(actor).one(link_id)
    refuse_if(policies.why_not_link(actor, row.partner_id))
    with as_system(actor):
        record(actor, "fund_link.removed", row, after={}, note=row.subject_label, refs=(row.request_id, row.subject_id), at=at)
        row.delete()


def _subject(actor: Actor, kind: str, subject_id: UUID, partner_id: UUID) -> Subject:
    if kind not in KINDS:
        raise Invalid(_("Choose a deal, a lead or a campaign."), field="kind")
    found = {"deal": _deal, "lead": _lead, "campaign": _campaign}[kind](actor, subject_id, partner_id)
    if found is None:
        raise NotFound(_("There is no such thing of this partner that you can see. Choose one from the list."))
    return found


def _deal(actor: Actor, subject_id: UUID, partner_id: UUID) -> Subject | None:
    rows = deals.deals_worth(actor, ids=[subject_id])
    return next((Subject(one.id, f"{one.number} {one.customer}", one.id) for one in rows if one.partner_id == partner_id), None)


def _lead(actor: Actor, subject_id: UUID, partner_id: UUID) -> Subject | None:
    row = leads.newest_leads(actor, leads.LeadFilters(partner_id=partner_id)).filter(pk=subject_id).first()
    return Subject(row.pk, row.number, row.registration_id) if row else None


def _campaign(actor: Actor, subject_id: UUID, partner_id: UUID) -> Subject | None:
    sources: tuple[CampaignSource, ...] = registry.filling("funds.campaigns")
    if not sources:
        raise Invalid(_("Campaigns are not kept here yet. Link the deals and leads that came of this one."), field="kind")
    found = (source.campaign(actor, subject_id) for source in sources)
    return next((Subject(one.id, one.label, None) for one in found if one and one.partner_id in (None, partner_id)), None)


def lead_became_deal(*, lead_id: UUID, registration_id: UUID) -> int:
    """A linked lead counts for its deal from now on; shares that no longer fit beside links of the deal itself are cut in proportion. System's scope."""
    rows = list(RequestLink.objects.filter(kind="lead", subject_id=lead_id, deal_id=None).locked())
    taken = RequestLink.objects.filter(deal_id=registration_id).aggregate(sum=Sum("weight"))["sum"] or Decimal(0)
    room, wanted = Decimal(100) - taken, sum((row.weight for row in rows), Decimal(0))
    factor = min(Decimal(1), room / wanted) if wanted else Decimal(1)
    for row in rows:
        row.weight = (row.weight * factor).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
        if row.weight > 0:
            row.deal_id = registration_id
            row.save(update_fields=["deal_id", "weight", "updated_at"])
    return len(rows)


@transaction.atomic
def save_return_terms(*, actor: Actor, margin_percent: Any, window_days: int, program_id: UUID | None = None, version: int | None = None, at: datetime) -> None:
    """The assumptions of the return, of one program or in general: gross margin, and how long after an activity a deal counts.

    Raises NotAllowed, NotFound (program), Invalid, Stale.
    """
    refuse_if(policies.why_not_configure(actor))
    if program_id:
        partners.program(actor, program_id)
    share = percent("margin_percent", margin_percent, least=Decimal(0))
    if isinstance(window_days, bool) or not isinstance(window_days, int) or not 1 <= window_days <= 1825:
        raise Invalid(_("The window is 1 to 1825 days."), field="window_days")
    found = ReturnTerms.objects.filter(program=program_id).first()
    row = load(ReturnTerms.objects, found.pk, version) if found else ReturnTerms(program_id=program_id)
    before = row.snapshot() if found else None
    row.margin_percent, row.window_days = share, window_days
    row.version += 1 if found else 0
    row.save()
    audit.record(actor, "fund_return.assumed", row, before=before, at=at)
