"""Changing and splitting an approved deal, and deciding about it: the same pages for both sides, each with its own addresses."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals import queries, services
from openprm.deals.pages.common import MENDABLE, attempt, uuid_of, version_of
from openprm.deals.pages.forms import DealForm, OptionalReasonForm, ReasonForm, initial_of
from openprm.deals.queries.results import PartnerRegistration, VendorRegistration
from openprm.deals.rules.amendments import AMENDABLE, CONTACT, FACTS
from openprm.deals.rules.draft import MAX_LINES, changed_fields
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Refusal, refuse_if
from openprm.kernel.http import Request, done, page
from openprm.ui.fields import add_problems

Deal = VendorRegistration | PartnerRegistration


class SplitForm(django_forms.Form):
    product_line_ids = django_forms.MultipleChoiceField(
        label=gettext_lazy("What goes to the second deal"), widget=django_forms.CheckboxSelectMultiple, required=False
    )
    title = django_forms.CharField(label=gettext_lazy("Name of the second deal"), max_length=160, required=False)
    reason = django_forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=django_forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, deal: Deal, **kwargs: Any):
        super().__init__(*args, **kwargs)
        lines = {str(line.product_line_id): line.product_line for line in deal.lines}
        self.fields["product_line_ids"].choices = list(lines.items())  # type: ignore[attr-defined]


def url_for(actor: Actor, name: str, *args: Any) -> str:
    """The address of a page on the person's own side."""
    return reverse(f"deals:{name}" if actor.is_vendor else f"deals:portal_{name}", args=args)


def deal_of(request: Request, registration_id: UUID) -> Deal:
    read = queries.registration_for_vendor if request.actor.is_vendor else queries.registration_for_partner
    return read(request.actor, registration_id, request.at)


def change(request: Request, registration_id: UUID) -> HttpResponse:
    """Propose other lines, another close date, another contact, or more facts."""
    deal = deal_of(request, registration_id)
    refuse_if(deal.why_not_amend)
    base = queries.draft_of(request.actor, registration_id)
    data = request.POST.copy() if request.method == "POST" else None
    asks_for_line = data is not None and data.get("action") == "add_line"
    if data is not None and asks_for_line:
        data["rows"] = str(min(int(data["rows"]) + 1, MAX_LINES)) if data.get("rows", "").isdecimal() else "2"
    form = DealForm(
        data,
        options=queries.form_options(request.actor, request.at, deal.partner_id),
        locale=request.actor.locale,
        open_fields=frozenset(AMENDABLE),
        initial=initial_of(base, locale=request.actor.locale),
    )
    why = ReasonForm(data, auto_id="id_why_%s")
    if data is None or asks_for_line:
        return _show_change(request, deal, form, ReasonForm(auto_id="id_why_%s") if asks_for_line else why)
    draft = form.draft(base)
    if not why.is_valid() or draft is None:
        return _show_change(request, deal, form, why, status=422)
    changes = {name: after for name, (_before, after) in changed_fields(base, draft).items()}
    return _propose(request, deal, form, why, changes)


def _propose(request: Request, deal: Deal, form: DealForm, why: ReasonForm, changes: dict[str, Any]) -> HttpResponse:
    try:
        result = services.propose_amendment(
            actor=request.actor, registration_id=deal.id, changes=changes, reason=why.cleaned_data["reason"], version=version_of(request), at=request.at
        )
    except MENDABLE as refusal:
        _refuse(form, why, refusal)
        return _show_change(request, deal, form, why, status=refusal.status)
    return _told(request, result)


def _refuse(form: DealForm, why: ReasonForm, refusal: Refusal) -> None:
    if isinstance(refusal, Invalid) and all(one.field != "reason" for one in refusal.problems):
        form.refuse(refusal)
    else:
        add_problems(why, refusal)


def _told(request: Request, result: services.Amended) -> HttpResponse:
    if result.state == "applied":
        return done(request, url_for(request.actor, "registration", result.registration_id), _("The deal is changed"), result.clause_text)
    return done(request, url_for(request.actor, "amendment", result.amendment_id), _("Sent for a decision"), result.clause_text)


def _show_change(request: Request, deal: Deal, form: DealForm, why: ReasonForm, *, status: int = 200) -> HttpResponse:
    named = {"contact": [form[name] for name in CONTACT], "facts": [form[name] for name in FACTS]}
    back = url_for(request.actor, "registration", deal.id)
    return page(request, "deals/amend/change.html", status=status, deal=deal, form=form, why=why, back=back, list_url=_list_url(request), **named)


def _list_url(request: Request) -> str:
    return url_for(request.actor, "registrations")


def split(request: Request, registration_id: UUID) -> HttpResponse:
    """Let some product lines go to a second registration."""
    deal = deal_of(request, registration_id)
    refuse_if(deal.why_not_amend)
    if deal.product_line_count < 2:
        raise Conflict(_("%(number)s has one product line only. There is nothing to split.") % {"number": deal.number})
    form = SplitForm(request.POST if request.method == "POST" else None, deal=deal)
    if request.method == "POST":
        result, status = attempt(form, lambda values: _split(request, deal, values))
        if not status:
            return _told(request, result)
        return _show_split(request, deal, form, status)
    return _show_split(request, deal, form, 200)


def _split(request: Request, deal: Deal, values: Any) -> services.Amended:
    ids = [found for text in values["product_line_ids"] if (found := uuid_of(text))]
    return services.split_registration(
        actor=request.actor,
        registration_id=deal.id,
        product_line_ids=ids,
        title=values["title"],
        reason=values["reason"],
        version=version_of(request),
        at=request.at,
    )


def _show_split(request: Request, deal: Deal, form: SplitForm, status: int) -> HttpResponse:
    back = url_for(request.actor, "registration", deal.id)
    return page(request, "deals/amend/split.html", status=status, deal=deal, form=form, back=back, list_url=_list_url(request))


def amendment(request: Request, amendment_id: UUID) -> HttpResponse:
    return _show(request, amendment_id)


def _show(request: Request, amendment_id: UUID, *, approve: Any = None, reject: Any = None, status: int = 200) -> HttpResponse:
    found = queries.amendment(request.actor, amendment_id, request.at)
    return page(
        request,
        "deals/amend/amendment.html",
        status=status,
        one=found,
        approve_form=approve or OptionalReasonForm(auto_id="id_approve_%s"),
        reject_form=reject or ReasonForm(auto_id="id_reject_%s"),
        back=url_for(request.actor, "registration", found.registration_id),
        list_url=_list_url(request),
        new_url=url_for(request.actor, "registration", found.new_registration_id) if found.new_registration_id else "",
        withdraw_url=reverse("deals:portal_amendment_withdraw", args=[found.id]) if request.actor.is_partner else "",
    )


def approve(request: Request, amendment_id: UUID) -> HttpResponse:
    form = OptionalReasonForm(request.POST, auto_id="id_approve_%s")

    def act(values: Any) -> Any:
        return services.approve_amendment(actor=request.actor, amendment_id=amendment_id, reason=values["reason"], version=version_of(request), at=request.at)

    result, status = attempt(form, act)
    if status:
        return _show(request, amendment_id, approve=form, status=status)
    return done(request, url_for(request.actor, "registration", result.registration_id), _("The change applies"), _("Both sides read before and after."))


def reject(request: Request, amendment_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="id_reject_%s")

    def act(values: Any) -> Any:
        return services.reject_amendment(actor=request.actor, amendment_id=amendment_id, reason=values["reason"], version=version_of(request), at=request.at)

    result, status = attempt(form, act)
    if status:
        return _show(request, amendment_id, reject=form, status=status)
    return done(request, url_for(request.actor, "registration", result.registration_id), _("The deal stays as it is"), _("The partner reads your reason."))


def withdraw(request: Request, amendment_id: UUID) -> HttpResponse:
    result = services.withdraw_amendment(actor=request.actor, amendment_id=amendment_id, version=version_of(request), at=request.at)
    return done(request, url_for(request.actor, "registration", result.registration_id), _("Taken back"))
