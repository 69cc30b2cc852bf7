"""Memberships that end, in the vendor's workspace: the list of what comes up, renewing, moving an end."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.partners import queries, services, words
from openprm.partners.pages.forms import attempt
from openprm.partners.pages.vendor import linked, managers
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Filter, ListSpec

SPEC = ListSpec(
    key="partners.renewals",
    search=gettext_lazy("Search by partner"),
    default_sort="until",
    columns=(
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda row: Company(row.partner, row.program)),
        Column("tier", gettext_lazy("Tier"), "badge", value=lambda row: Badge(row.tier, "accent", "medal") if row.tier else None),
        Column("state", gettext_lazy("State"), "badge", value=lambda row: Badge(*words.RENEWAL[row.state])),
        Column("until", gettext_lazy("Runs until"), "date", sortable=True),
        Column("days_left", gettext_lazy("Days left"), "number"),
        Column("manager", gettext_lazy("Partner manager"), "person"),
        Column("since", gettext_lazy("Member since"), "date", sortable=True, default=False),
        Column("renewals", gettext_lazy("Renewals"), "number", sortable=True, default=False),
        Column("program", gettext_lazy("Program"), sortable=True, default=False),
    ),
    filters=(
        Filter(
            "due",
            gettext_lazy("Ends within"),
            single=True,
            choices=(
                ("30", gettext_lazy("30 days")),
                ("60", gettext_lazy("60 days")),
                ("90", gettext_lazy("90 days")),
                ("180", gettext_lazy("180 days")),
            ),
        ),
        Filter("status", gettext_lazy("Status"), choices=(("approved", gettext_lazy("Running")), ("expired", gettext_lazy("Expired")))),
        Filter("program", gettext_lazy("Program"), choices=queries.program_choices),
        Filter("tier", gettext_lazy("Tier"), choices=queries.tier_choices),
        Filter("manager", gettext_lazy("Partner manager"), choices=lambda actor: managers()),
    ),
)


class TermForm(forms.Form):
    months = forms.IntegerField(label=gettext_lazy("Renew for months"), min_value=1, max_value=60, initial=12)


class EndForm(forms.Form):
    until = forms.DateTimeField(
        label=gettext_lazy("New end"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Empty means that it does not end."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, help_text=gettext_lazy("The partner reads it too."))


def count(actor: Actor) -> int | None:
    """How many memberships wait for a renewal, for the navigation."""
    return queries.due_renewals(actor, now()) or None


def list_renewals(request: Request) -> HttpResponse:
    """The memberships that end, the soonest first, with filters, saved views and export."""
    state = lists.parse(request, SPEC)
    if state.export:
        found = queries.export_renewals(request.actor, request.at, search=state.search, filters=state.filters)
        return exports.respond(request, state, found, name="renewals")
    found = queries.renewals(request.actor, request.at, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(
        title=_("No membership ends"),
        text=_("Give a program a term, in months: then memberships end, both sides are reminded in time, and the published rule renews."),
        action=_("Programs and tiers"),
        url=reverse("partners:programs"),
    )
    summary = _("Both sides are reminded 60, 30 and 7 days before. What the published rule does not renew waits for a person.")
    shown = found.map(lambda row: linked(row, reverse("partners:renew", args=[row.partner_id, row.program_id])))
    return lists.render(request, "partners/vendor/renewals.html", state, shown, empty=empty, title=_("Renewals"), summary=summary)


def renew(request: Request, partner_id: UUID, program_id: UUID) -> HttpResponse:
    """One membership with an end: renew it for a term, or move its end with a reason."""
    partner = queries.partner(request.actor, partner_id)
    mine = next((one for one in queries.membership(request.actor, partner_id, request.at) if one.program_id == program_id), None)
    if mine is None:
        raise NotFound()
    moves = "reason" in request.POST
    term = TermForm(request.POST if request.method == "POST" and not moves else None)
    end = EndForm(request.POST if moves else None, initial={"until": mine.until})
    if request.method == "POST":
        is_done, _result = _moved(request, partner_id, program_id, end) if moves else _renewed(request, partner_id, program_id, term)
        if is_done:
            return done(request, reverse("partners:renewals"), _("End moved") if moves else _("Membership renewed"), partner.name)
    status = 422 if request.method == "POST" else 200
    state = Badge(*words.ENROLLMENT[mine.status])
    return page(request, "partners/vendor/renewal.html", status=status, partner=partner, mine=mine, state=state, term_form=term, end_form=end)


def _renewed(request: Request, partner_id: UUID, program_id: UUID, form: TermForm) -> tuple[bool, Any]:
    return attempt(
        form,
        lambda: services.renew_enrollment(
            actor=request.actor, partner_id=partner_id, program_id=program_id, months=form.cleaned_data["months"], at=request.at
        ),
    )  # fmt: skip


def _moved(request: Request, partner_id: UUID, program_id: UUID, form: EndForm) -> tuple[bool, Any]:
    return attempt(
        form, lambda: services.set_enrollment_end(actor=request.actor, partner_id=partner_id, program_id=program_id, at=request.at, **form.cleaned_data)
    )
