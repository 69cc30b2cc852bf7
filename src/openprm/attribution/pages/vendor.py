"""What the vendor reads: sums by month, deals, models side by side, touches, runs and configurations."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.attribution import queries, services
from openprm.attribution.pages import both, charts
from openprm.attribution.pages import lists as shown
from openprm.attribution.pages.figures import lines
from openprm.attribution.pages.forms import LockForm, MonthForm, ReviewForm, SpanForm
from openprm.attribution.rules.months import last_of, next_month
from openprm.kernel.http import Request, addresses, page
from openprm.ui.listspec import Empty

FIRST_PARTNERS = 15


def overview(request: Request) -> HttpResponse:
    """Sourced, influenced and unattributed, month by month, and what each partner is credited."""
    since, until, form = _span(request)
    found = queries.outcomes(request.actor, since=since, until=next_month(until))
    credit = queries.credit_by_partner(request.actor, since=since, until=next_month(until))
    first = credit if request.GET.get("partners") == "all" else credit[:FIRST_PARTNERS]
    return page(
        request, "attribution/vendor/overview.html", found=found, credit=first, more=len(credit) - len(first), form=form, since=since, until=until,
        months=[(one, last_of(one.month)) for one in found.months], end=last_of(until), tab="overview",
    )  # fmt: skip


def _span(request: Request) -> tuple[date, date, SpanForm]:
    since, until = SpanForm(request.GET or None).span(request.at)
    return since, until, SpanForm(initial={"since": since, "until": until})


def deals(request: Request) -> HttpResponse:
    """Won deals with their outcome."""
    address = addresses("attribution:deal")
    return both.listed(
        request, shown.DEALS, tab="deals", title=_("Won deals"), summary=_("By the run that stands for each month. Open one to see every touch before it."),
        empty=Empty(title=_("Nothing is computed yet"), text=_("Every night the months are computed. An administrator or finance can do it now.")),
        rows=lambda **asked: queries.deals(request.actor, **asked),
        export=lambda **asked: queries.export_deals(request.actor, **asked),
        opens=lambda row: address(row.deal_id), filters={"outcome": "outcomes", "kind": "kinds", "closed": "closed", "partner": "partner_id"},
    )  # fmt: skip


def deal(request: Request, deal_id: UUID, *, form: Any = None, status: int = 200) -> HttpResponse:
    """One deal: its parts, the evidence in the order of time, and seven models side by side."""
    found = queries.deal(request.actor, deal_id)
    return page(
        request, "attribution/vendor/deal.html", deal=found, form=form or ReviewForm(), status=status, tab="deals",
        claim_url=f"{reverse('attribution:new_claim')}?deal={deal_id}" if queries.may(request.actor, "claim") else "",
        source_url=_source_url(found),
    )  # fmt: skip


def _source_url(found: queries.DealView) -> str:
    return reverse("deals:registration", args=[found.row.deal_id]) if found.row.kind == "registration" else ""


def models(request: Request) -> HttpResponse:
    """All models side by side: partners over a span, and the deals where most hangs on the choice."""
    since, until, form = _span(request)
    found = queries.disagreements(request.actor, since=since, until=next_month(until))
    return page(
        request, "attribution/vendor/models.html", found=found, chart=charts.by_model(found, request.actor.locale), moves=charts.moves(found), form=form,
        since=since, until=until, may_configure=queries.may(request.actor, "configure"), tab="models",
    )  # fmt: skip


def reviews(request: Request) -> HttpResponse:
    """Wins that nobody is credited for, the largest first."""
    return page(
        request, "attribution/vendor/reviews.html", rows=queries.review_queue(request.actor), may_decide=request.actor.can("attribution.decide"),
        tab="reviews",
    )  # fmt: skip


def uplift(request: Request) -> HttpResponse:
    """Deals with a partner beside deals without."""
    since, until, form = _span(request)
    found = queries.uplift(request.actor, since=since, until=next_month(until))
    return page(
        request, "attribution/vendor/uplift.html", found=found, shown=lines(found, request.actor.locale), form=form, since=since, until=until, tab="uplift"
    )


def touches(request: Request) -> HttpResponse:
    """Everything that partners did and that somebody knows of."""
    return both.listed(
        request, shown.TOUCHES, tab="touches", title=_("Touches"), summary=_("From the audit log, activities, files and claims that both sides confirmed."),
        empty=Empty(title=_("No touches yet"), text=_("They are collected every hour from what happens anyway.")),
        rows=lambda **asked: queries.touches(request.actor, **asked), export=lambda **asked: queries.export_touches(request.actor, **asked),
        opens=lambda row: "", filters={"kind": "kinds", "source": "sources"},
    )  # fmt: skip


def runs(request: Request) -> HttpResponse:
    return page(
        request, "attribution/vendor/runs.html", runs=queries.runs(request.actor, request.at), may_run=queries.may(request.actor, "run"),
        form=MonthForm(initial={"month": request.at.date()}), tab="runs",
    )  # fmt: skip


def run(request: Request, run_id: UUID, *, form: Any = None, status: int = 200) -> HttpResponse:
    return page(
        request, "attribution/vendor/run.html", run=queries.run(request.actor, run_id, request.at), form=form or LockForm(), status=status, tab="runs",
        correction=queries.correction(request.actor, run_id),
    )  # fmt: skip


def replay(request: Request, run_id: UUID) -> HttpResponse:
    """Compute the run again and say whether it is the same to the byte; `?file=1` gives the file itself."""
    again = services.replay(actor=request.actor, run_id=run_id)
    found = queries.run(request.actor, run_id, request.at)
    if request.GET.get("file"):
        response = HttpResponse(again.body, content_type="application/x-ndjson")
        response["Content-Disposition"] = f'attachment; filename="{found.number}-{found.month:%Y-%m}.jsonl"'
        return response
    return page(
        request, "attribution/vendor/run.html", run=found, again=again, form=LockForm(), correction=queries.correction(request.actor, run_id), tab="runs"
    )


def configurations(request: Request) -> HttpResponse:
    return page(
        request, "attribution/vendor/configurations.html", rows=queries.configurations(request.actor), may_configure=queries.may(request.actor, "configure"),
        tab="configurations",
    )  # fmt: skip
