"""The customer's choice: the panel on a deal, the dialogs of both sides, and the public page behind the mailed link."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals.pages.common import attempt, send, version_of
from openprm.deals.queries import customer_choice as queries
from openprm.deals.services import customer_choice as services
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.files import MAX_BYTES
from openprm.kernel.http import Request, done, page
from openprm.kernel.scope import system_scope
from openprm.ui.fields import add_problems

_AREA = {"rows": 3}


class LetterForm(forms.Form):
    """What the vendor writes down of a customer's letter."""

    contact_name = forms.CharField(label=gettext_lazy("Who wrote"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    reason = forms.CharField(
        label=gettext_lazy("The customer's reason"), max_length=1000, widget=forms.Textarea(attrs=_AREA), help_text=gettext_lazy("The partner reads it.")
    )
    letter = forms.FileField(
        label=gettext_lazy("Letter or mail"), help_text=gettext_lazy("PDF, PNG, JPEG, Office or text, up to 20 MB. Only your side reads it.")
    )
    successor = forms.CharField(
        label=gettext_lazy("Who comes next"), max_length=200, required=False, help_text=gettext_lazy("If the customer said so. The partner does not read it.")
    )


class WordsForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs=_AREA))


class AnswerForm(forms.Form):
    """What the customer says on the public page."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your choice"),
        choices=[("stay", gettext_lazy("We go on with this partner")), ("leave", gettext_lazy("We want to work with somebody else"))],
        widget=forms.RadioSelect,
    )
    contact_name = forms.CharField(label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    reason = forms.CharField(
        label=gettext_lazy("Your reason"), max_length=1000, required=False, widget=forms.Textarea(attrs=_AREA),
        help_text=gettext_lazy("Needed when you want to leave. The partner reads it."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("answer") == "leave" and not (values.get("reason") or "").strip():
            self.add_error("reason", _("Say in a sentence why, so that the partner can understand it."))
        return values


def panel(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The choices on a deal with what this actor can do about them; nothing while there is nothing to say or do."""
    found = queries.choices_of(actor, registration_id)
    current = next((one for one in found if one.state in ("notice", "objected")), None)
    may_begin = current is None and services.may_begin(actor, registration_id)
    if not found and not may_begin:
        return None
    return {
        "choices": found,
        "current": current,
        "may_begin": may_begin,
        "why_not_mail": services.why_not_ask(actor, registration_id) if may_begin else None,
        "may_object": bool(current) and services.may_object(actor, current.id, at),
        "may_settle": bool(current) and actor.is_vendor and actor.can("deals.protect"),
        "link": queries.sent_link(actor, registration_id),
        "letter_form": LetterForm(auto_id="id_letter_%s") if may_begin else None,
        "words_form": WordsForm(auto_id="id_words_%s"),
        "registration_id": registration_id,
        "is_vendor": actor.is_vendor,
    }


def ask(request: Request, registration_id: UUID) -> HttpResponse:
    services.ask_customer(actor=request.actor, registration_id=registration_id, at=request.at)
    return done(request, _deal(request, registration_id), _("The customer is asked"), _("The contact gets a mail with a link. The partner hears of it too."))


def tell(request: Request, registration_id: UUID) -> HttpResponse:
    form = LetterForm(request.POST, request.FILES, auto_id="id_letter_%s")

    def act(values: Any) -> Any:
        letter = values.pop("letter")
        if (letter.size or 0) > MAX_BYTES:
            raise Invalid(_("The file is larger than 20 MB. Send a smaller one."), field="letter")
        return services.record_choice(actor=request.actor, registration_id=registration_id, letter=(letter.name, letter.read()), at=request.at, **values)

    _choice, status = attempt(form, act)
    if status:
        return _again(request, registration_id, form, _("Record the customer's choice"), status)
    return done(request, _deal(request, registration_id), _("The choice is recorded"), _("The partner was told, and its notice runs."))


def object_to(request: Request, choice_id: UUID) -> HttpResponse:
    return _decided(request, choice_id, _("Object to the customer's choice"), _("Your objection is in"), services.object_to_choice)


def settle(request: Request, choice_id: UUID) -> HttpResponse:
    stands = request.POST.get("decision") == "stands"

    def act(**values: Any) -> None:
        services.settle_choice(stands=stands, version=version_of(request), **values)

    title = _("The choice stands") if stands else _("The choice is dropped")
    return _decided(request, choice_id, _("Decide on the customer's choice"), title, act)


def _decided(request: Request, choice_id: UUID, heading: str, title: str, act: Any) -> HttpResponse:
    registration_id = queries.choice(request.actor, choice_id).registration_id
    form = WordsForm(request.POST, auto_id="id_words_%s")
    _result, status = attempt(form, lambda values: act(actor=request.actor, choice_id=choice_id, reason=values["reason"], at=request.at))
    if status:
        return _again(request, registration_id, form, heading, status)
    return done(request, _deal(request, registration_id), title)


def _again(request: Request, registration_id: UUID, form: forms.Form, heading: str, status: int) -> HttpResponse:
    """A dialog that comes back with its problems, on a page of its own."""
    return page(request, "deals/choice/again.html", form=form, heading=heading, back=_deal(request, registration_id), sent=request.POST, status=status)


def letter(request: Request, choice_id: UUID) -> HttpResponse:
    return send(queries.open_letter(request.actor, choice_id))


def _deal(request: Request, registration_id: UUID) -> str:
    name = "deals:registration" if request.actor.is_vendor else "deals:portal_registration"
    return reverse(name, args=[registration_id]) + "#choice"


def choice(request: Request, token: str) -> HttpResponse:
    """The public page: what happens in either case, and the customer's word. Its address is the key."""
    with system_scope():
        found = services.open_link(token=token, at=request.at)
    form = AnswerForm(request.POST or None, initial={"contact_name": found.contact_name})
    if request.method == "POST" and form.is_valid() and _answered(request, token, form):
        return done(request, reverse("deals:choice", args=[token]), _("Thank you. Your word is recorded."))
    status = 422 if form.is_bound else 200
    response = page(request, "deals/choice/public.html", status=status, choice=found, form=form, token=token)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


def _answered(request: Request, token: str, form: AnswerForm) -> bool:
    values = form.cleaned_data
    try:
        with system_scope():
            services.answer_by_link(token=token, leave=values["answer"] == "leave", contact_name=values["contact_name"], reason=values["reason"], at=request.at)
    except (Invalid, Conflict) as refusal:
        add_problems(form, refusal)
        return False
    return True
