"""What a partner sees of its credit: its parts, its touches, its claims and its disputes. Nothing of anybody else."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.attribution import queries, services
from openprm.attribution.pages import both
from openprm.attribution.pages import lists as shown
from openprm.attribution.pages.forms import DisputeForm, attempt
from openprm.attribution.rules.months import back, first_of, next_month
from openprm.kernel.http import Request, addresses, done, page
from openprm.ui.listspec import Empty

claim, new_claim, confirm, decline, withdraw, dispute = both.claim, both.new_claim, both.confirm, both.decline, both.withdraw, both.dispute


def credits(request: Request) -> HttpResponse:
    """Deals in which the partner has a part, with its sum over the last twelve months."""
    this = first_of(request.at.date())
    year = queries.credit_by_partner(request.actor, since=back(this, 11), until=next_month(this))
    address = addresses("attribution:portal_deal")
    return both.listed(
        request, shown.CREDITS, tab="credits", title=_("Your credit"), summary=_("What you have a part in, by the published rules. Open one to see why."),
        empty=Empty(title=_("No credit yet"), text=_("Your first part in a won deal appears here with the touches that it rests on.")),
        rows=lambda **asked: queries.credits(request.actor, **asked), export=lambda **asked: queries.export_credits(request.actor, **asked),
        opens=lambda row: address(row.deal_id), filters={}, year=year[0] if year else None, late=queries.late_credits(request.actor),
    )  # fmt: skip


def deal(request: Request, deal_id: UUID, *, form: DisputeForm | None = None, status: int = 200) -> HttpResponse:
    """The partner's own part of one deal, with the evidence."""
    found = queries.partner_deal(request.actor, deal_id, request.at)
    return page(
        request, "attribution/partner/deal.html", deal=found, form=form or DisputeForm(), opened="dispute" if form else "", status=status, tab="credits",
    )  # fmt: skip


def open_dispute(request: Request, deal_id: UUID) -> HttpResponse:
    form = DisputeForm(request.POST)
    is_done, dispute_id = attempt(form, lambda: services.open_dispute(actor=request.actor, deal_id=deal_id, at=request.at, **form.cleaned_data))
    if not is_done:
        return deal(request, deal_id, form=form, status=422)
    return done(
        request, reverse("attribution:portal_dispute", args=[dispute_id]), _("Sent"), _("The answer is promised in a time; it stands beside your case.")
    )


def touches(request: Request) -> HttpResponse:
    return both.listed(
        request, shown.PORTAL_TOUCHES, tab="touches", title=_("Your touches"), summary=_("What we know of your work at customers, and where it comes from."),
        empty=Empty(title=_("No touches yet"), text=_("Register a deal, log an activity, or claim what no system saw.")),
        rows=lambda **asked: queries.touches(request.actor, **asked), export=lambda **asked: queries.export_touches(request.actor, **asked),
        opens=lambda row: "", filters={"kind": "kinds", "source": "sources"},
    )  # fmt: skip


def claims(request: Request) -> HttpResponse:
    address = addresses("attribution:portal_claim")
    return both.listed(
        request, shown.PORTAL_CLAIMS, tab="claims", title=_("Claims"), summary=_("Say where you helped. It counts when the other side confirms."),
        empty=Empty(title=_("No claims yet"), text=_("Claim an introduction or a reference call on the page of a customer or a deal.")),
        rows=lambda page, **asked: queries.claims(request.actor, page, request.at, **asked),
        export=lambda **asked: queries.export_claims(request.actor, request.at, **asked), opens=lambda row: address(row.id), filters={"state": "states"},
    )  # fmt: skip


def disputes(request: Request) -> HttpResponse:
    address = addresses("attribution:portal_dispute")
    return both.listed(
        request, shown.PORTAL_DISPUTES, tab="disputes", title=_("Disputes"), summary=_("Where you disagree with your credit, and what was answered."),
        empty=Empty(title=_("No disputes"), text=_("Open a deal under “Your credit” to dispute it.")),
        rows=lambda page, **asked: queries.disputes(request.actor, page, request.at, **asked),
        export=lambda **asked: queries.export_disputes(request.actor, request.at, **asked), opens=lambda row: address(row.id), filters={"state": "states"},
    )  # fmt: skip


def withdraw_dispute(request: Request, dispute_id: UUID) -> HttpResponse:
    services.withdraw_dispute(actor=request.actor, dispute_id=dispute_id, version=both.version(request), at=request.at)
    return done(request, reverse("attribution:portal_dispute", args=[dispute_id]), _("Taken back"))
