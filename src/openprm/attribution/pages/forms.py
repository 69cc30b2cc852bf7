"""Reading what people type about credit."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.attribution.rules.months import back, first_of
from openprm.attribution.rules.words import CLAIMABLE, MODELS, Finding
from openprm.attribution.wording import FINDING, KIND, MODEL
from openprm.kernel.errors import Conflict, Invalid
from openprm.ui.fields import add_problems

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MONTH = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
KINDS = [(kind.value, KIND[kind]) for kind in CLAIMABLE]


class ClaimForm(forms.Form):
    kind = forms.ChoiceField(label=_("What was it"), choices=KINDS)
    occurred_on = forms.DateField(label=_("When"), widget=DAY)
    statement = forms.CharField(label=_("What happened"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, today: date, partners: tuple[tuple[str, str], ...] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["occurred_on"].widget.attrs["max"] = today.isoformat()
        if partners:
            self.fields["partner_id"] = forms.ChoiceField(label=_("Which partner helped"), choices=partners)
            self.order_fields(("partner_id", "kind", "occurred_on", "statement"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class DisputeForm(forms.Form):
    reason = forms.CharField(
        label=_("What is wrong"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Say what is missing, and where it can be seen.")
    )


class SettleForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("The partner reads it."))
    kind = forms.ChoiceField(label=_("A touch that was missing"), choices=[("", _("None")), *KINDS], required=False)
    occurred_on = forms.DateField(label=_("When it was"), widget=DAY, required=False)


class ReviewForm(forms.Form):
    finding = forms.ChoiceField(label=_("What did you find"), choices=[(one.value, FINDING[one]) for one in Finding])
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class MonthForm(forms.Form):
    month = forms.DateField(label=_("Month"), widget=MONTH, input_formats=("%Y-%m", "%Y-%m-%d"))


class LockForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class SpanForm(forms.Form):
    """Two months; what is missing or wrong is the twelve months up to the present one. `until` is the last month that counts."""

    since = forms.DateField(label=_("From"), widget=MONTH, input_formats=("%Y-%m", "%Y-%m-%d"))
    until = forms.DateField(label=_("To"), widget=MONTH, input_formats=("%Y-%m", "%Y-%m-%d"))

    def span(self, at: datetime) -> tuple[date, date]:
        this = first_of(at.date())
        if not self.is_valid() or self.cleaned_data["until"] < self.cleaned_data["since"]:
            return back(this, 11), this
        return first_of(self.cleaned_data["since"]), first_of(self.cleaned_data["until"])


class ConfigurationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    model = forms.ChoiceField(label=_("Model"), choices=[(name, MODEL[name]) for name in MODELS])
    weights = forms.CharField(
        label=_("Own weights"), max_length=60, required=False, help_text=_("For the shaped models and your own: first / rest / last, for example 40/20/40.")
    )
    half_life = forms.DecimalField(label=_("Half-life in days"), min_value=1, max_value=3650, initial=7, help_text=_("For time decay."))
    window_days = forms.IntegerField(label=_("Days looked back from the close"), min_value=1, max_value=1095, initial=365)
    gap_points = forms.IntegerField(
        label=_("Flag a gap from"), min_value=1, max_value=10_000, initial=2500, help_text=_("In basis points of a deal: 2,500 is a quarter.")
    )
    note = forms.CharField(label=_("Why"), max_length=500, required=False)

    def values(self) -> dict[str, Any]:
        parts = [one.strip() for one in self.cleaned_data["weights"].split("/") if one.strip()]
        return {**self.cleaned_data, "weights": parts}


class WhatIfForm(forms.Form):
    """What is left empty stays as it is in the configuration of the month's run."""

    month = forms.DateField(label=_("Month"), widget=MONTH, input_formats=("%Y-%m", "%Y-%m-%d"))
    model = forms.ChoiceField(label=_("Model"), choices=[("", _("As it was")), *((name, MODEL[name]) for name in MODELS)], required=False)
    weights = forms.CharField(label=_("Own weights"), max_length=60, required=False, help_text=_("For example 40/20/40."))
    half_life = forms.DecimalField(label=_("Half-life in days"), min_value=1, max_value=3650, required=False)
    window_days = forms.IntegerField(label=_("Days looked back"), min_value=1, max_value=1095, required=False)
    rules = forms.ChoiceField(
        label=_("What counts"),
        choices=[("then", _("By the rules of that day")), ("now", _("By the rules of today")), ("draft", _("By the drafts that are being written"))],
    )

    def values(self) -> dict[str, Any]:
        parts = [one.strip() for one in self.cleaned_data["weights"].split("/") if one.strip()]
        return {**self.cleaned_data, "weights": parts or None}


def attempt(form: forms.Form, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Run `act` when the form is well-formed; a refusal goes beside its field. Gives (done, result)."""
    if not form.is_valid():
        return False, None
    try:
        return True, act()
    except (Invalid, Conflict) as refusal:
        add_problems(form, refusal)
        return False, None
