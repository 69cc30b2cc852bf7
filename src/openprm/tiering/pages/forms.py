"""Reading what people type about tiers."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.kernel.errors import Conflict, Invalid
from openprm.tiering import queries
from openprm.ui.fields import add_problems

TRACKS = (("small", _("Small")), ("medium", _("Medium")), ("large", _("Large")))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The partner reads this sentence."))


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("A word to the partner"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("You may leave it empty.")
    )


class KeepForm(forms.Form):
    until = forms.DateField(label=_("Keep the tier until"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Why"), max_length=500, help_text=_("The partner reads this sentence."))


class TrackForm(forms.Form):
    track = forms.ChoiceField(label=_("Size of the partner"), choices=TRACKS, help_text=_("Points ask less of smaller partners."))


class SpeakForm(forms.Form):
    benefit = forms.CharField(max_length=40, widget=forms.HiddenInput)
    note = forms.CharField(label=_("What happened"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class PolicyForm(forms.Form):
    promotes_at_once = forms.BooleanField(label=_("Promote at once, without asking"), required=False)
    demotes_at_once = forms.BooleanField(label=_("Move down when the grace period ends, without asking"), required=False)
    is_forgiving = forms.BooleanField(
        label=_("Forgive a weak spell"), required=False, help_text=_("Who qualified on one day of this month or the five before keeps the tier.")
    )
    grace_days = forms.IntegerField(label=_("Grace period"), min_value=0, max_value=730, help_text=_("In days: from the first warning to the move down."))
    warn_days = forms.IntegerField(label=_("Warn ahead"), min_value=0, max_value=365, help_text=_("In days: how far the early warning looks."))
    ask_again_days = forms.IntegerField(label=_("Ask again after a no"), min_value=0, max_value=730, help_text=_("In days."))


class MetricForm(forms.Form):
    label = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Small letters, digits and _. Rules name the metric by it."))
    kind = forms.ChoiceField(label=_("Where the value comes from"), choices=(("entered", _("Entered by hand")), ("computed", _("Computed from other facts"))))
    formula = forms.CharField(label=_("Formula"), max_length=300, required=False, help_text=_("For computed ones, for example won_deals / registrations * 100"))
    unit = forms.ChoiceField(label=_("Unit"), choices=(("number", _("Number")), ("money", _("Amount"))))
    about = forms.CharField(label=_("What it means"), max_length=300, required=False)


class ChangedMetricForm(forms.Form):
    label = forms.CharField(label=_("Name"), max_length=80)
    formula = forms.CharField(label=_("Formula"), max_length=300, required=False)
    about = forms.CharField(label=_("What it means"), max_length=300, required=False)
    is_retired = forms.BooleanField(label=_("Retired"), required=False, help_text=_("It is no longer offered; rules that name it go on."))


class ValueForm(forms.Form):
    metric = forms.ChoiceField(label=_("Metric"))
    amount = forms.DecimalField(label=_("Value"), max_digits=18, decimal_places=4)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("For what expires, such as a certificate.")
    )
    note = forms.CharField(label=_("Where it comes from"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [(fact.name, fact.label) for fact in queries.by_hand()]


def attempt(form: forms.Form, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Run `act` when the form is well-formed; a refusal goes beside its field. Gives (done, result)."""
    if not form.is_valid():
        return False, None
    try:
        return True, act()
    except (Invalid, Conflict) as refusal:
        add_problems(form, refusal)
        return False, None
