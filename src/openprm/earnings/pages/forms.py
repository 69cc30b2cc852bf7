"""Reading what people type about earnings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.earnings import queries
from openprm.earnings.wording import REJECT, choices
from openprm.kernel.actor import SYSTEM, Actor
from openprm.partners import queries as partners


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NoteForm(forms.Form):
    reason = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=area(), help_text=_("The partner reads it."))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=area(), help_text=_("The partner reads it. Say what would change the answer."))


class ClawbackForm(forms.Form):
    amount = forms.CharField(label=_("How much"), max_length=30, required=False, help_text=_("Left empty, all that is left of the line."))
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=area(), help_text=_("The partner reads it beside the negative line."))


class TellForm(forms.Form):
    """What finance says of a deal that the deal itself does not say; amounts in its currency."""

    margin = forms.CharField(label=_("Margin"), max_length=30, required=False, help_text=_("What is left after the cost. Never guessed: leave it empty."))
    list_price = forms.CharField(label=_("List price"), max_length=30, required=False, help_text=_("Only where the catalogue has none."))
    channel = forms.CharField(label=_("Channel"), max_length=40, required=False, help_text=_("For example marketplace. Plans can ask for it."))
    reason = forms.CharField(label=_("Where it comes from"), max_length=1000, widget=area(), help_text=_("The partner reads it beside the lines."))


class AlertForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What it is"), widget=forms.RadioSelect,
        choices=(("dismissed", _("Unfounded: the line goes on")), ("confirmed", _("True: the line stays held until you decline it"))),
    )  # fmt: skip
    resolution = forms.CharField(label=_("Why, in words"), max_length=1000, widget=area(), help_text=_("Kept for the vendor; the partner does not read it."))


class AdjustmentForm(forms.Form):
    partner_id = forms.ChoiceField(label=_("Partner"))
    amount = forms.CharField(label=_("Amount"), max_length=30, help_text=_("With a minus to take money."))
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3, initial="EUR")
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=area(), help_text=_("The partner reads it when it is approved."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["partner_id"].choices = [("", _("Choose")), *partners.partner_choices(SYSTEM)]


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, choices=(("approve", _("Approve")), ("reject", _("Reject"))))
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False, widget=area(2), help_text=_("Needed when you reject."))


class BountyForm(forms.Form):
    plan_id = forms.ChoiceField(label=_("Bounty"))
    title = forms.CharField(label=_("What was done"), max_length=160)
    happened_on = forms.DateField(label=_("On which day"), widget=day())
    note = forms.CharField(label=_("Anything else"), max_length=2000, required=False, widget=area())
    link = forms.CharField(label=_("A page that shows it"), max_length=500, required=False, help_text=_("Its address, or a file below."))
    proof = forms.FileField(label=_("Proof"), required=False, help_text=_("PDF, PNG, JPEG, Word, Excel, PowerPoint or text, up to 20 MB."))

    def __init__(self, *args: Any, bounties: tuple[Any, ...] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["plan_id"].choices = [(str(one.plan_id), f"{one.name} {one.words}".strip()) for one in bounties]


class RejectForm(forms.Form):
    code = forms.ChoiceField(label=_("What speaks against it"), choices=choices(REJECT))
    reason = forms.CharField(label=_("In words"), max_length=1000, widget=area(), help_text=_("The partner reads it. Say what proof would do."))


def bounty_form(actor: Actor, at: Any, *args: Any) -> BountyForm:
    return BountyForm(*args, bounties=queries.open_bounties(actor, at), auto_id="id_bounty_%s")
