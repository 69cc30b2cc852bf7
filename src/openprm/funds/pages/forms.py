"""Forms of budgets, funds, requests and claims. They read; the services judge."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.funds.wording import KIND
from openprm.kernel.countries import country_choices
from openprm.kernel.money import currencies

WORDS = forms.Textarea(attrs={"rows": 3})
Choices = tuple[tuple[str, str], ...]


def _money(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options)


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _one_of(label: Any, **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=UUID, empty_value=None, **options)


class BudgetForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    parent_id = _one_of(_("Under"), required=False, help_text=_("Its money comes out of that budget."))
    kind = forms.ChoiceField(label=_("Kind"), choices=[(str(code), label) for code, label in KIND.items()])
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False, help_text=_("Empty means that of the budget above."))
    amount = _money(_("Amount"))
    starts_on, ends_on = _day(_("From"), required=False), _day(_("To"), required=False)
    program_id = _one_of(_("Program"), required=False)
    partner_id = _one_of(_("For one partner alone"), required=False)
    about = forms.CharField(label=_("What it is for"), max_length=1000, required=False, widget=WORDS)

    def __init__(self, *args: Any, parents: Choices, programs: Choices, partners: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["parent_id"].choices = [("", _("Nothing: a budget of its own")), *parents]
        self.fields["program_id"].choices = [("", _("All programs")), *programs]
        self.fields["partner_id"].choices = [("", _("Any partner")), *partners]


class BudgetChange(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    amount = _money(_("Amount"))
    starts_on, ends_on = _day(_("From")), _day(_("To"))
    about = forms.CharField(label=_("What it is for"), max_length=1000, required=False, widget=WORDS)


class AllocateForm(forms.Form):
    partner_id = _one_of(_("Partner"))
    amount = _money(_("Amount"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False, help_text=_("Empty means the name of the budget."))
    vendor_percent = forms.IntegerField(
        label=_("Your share of a cost, per cent"),
        min_value=1,
        max_value=100,
        initial=100,
        help_text=_("The partner pays the rest. A kind of activity may pay less."),
    )
    plan_by = _day(_("Ask for money by"), required=False)
    claim_by = _day(_("Claim by, at the latest"), required=False)
    ends_on = _day(_("Ends on"), required=False, help_text=_("Empty means the end of the budget."))

    def __init__(self, *args: Any, partners: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["partner_id"].choices = [("", _("Choose a partner")), *partners]


class FundChange(forms.Form):
    amount = _money(_("Amount"))
    vendor_percent = forms.IntegerField(label=_("Your share of a cost, per cent"), min_value=1, max_value=100)
    plan_by, claim_by = _day(_("Ask for money by"), required=False), _day(_("Claim by, at the latest"), required=False)
    ends_on = _day(_("Ends on"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=WORDS)


class RefuseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=WORDS, help_text=_("The partner reads it."))


class ApproveRequestForm(forms.Form):
    """One amount for each activity, for the last level; a note for all levels."""

    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=WORDS, help_text=_("The partner reads the note of the last level."))

    def __init__(self, *args: Any, activities: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        for one in activities:
            self.fields[f"amount_{one.id}"] = _money(one.title, required=False)
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])


class ApproveClaimForm(forms.Form):
    amount = _money(_("Approve"), required=False, help_text=_("Empty means as claimed."))
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=WORDS)

    def __init__(self, *args: Any, is_last: bool = True, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not is_last:
            del self.fields["amount"]


class InstalmentsForm(forms.Form):
    """Up to four parts; an empty line is none."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for number in range(1, 5):
            self.fields[f"amount_{number}"] = _money(_("Instalment"), required=number == 1)
            self.fields[f"day_{number}"] = _day(_("Payable from"), required=number == 1)


class PaymentForm(forms.Form):
    settlement_id = forms.UUIDField(widget=forms.HiddenInput())
    paid_on = _day(_("Paid on"))
    currency = forms.CharField(label=_("Currency of the payment"), max_length=3, required=False, help_text=_("Empty means the fund's."))
    reference = forms.CharField(label=_("Reference"), max_length=120, help_text=_("What stands on the bank statement."))


class LimitForm(forms.Form):
    user_id = forms.UUIDField(widget=forms.HiddenInput())
    limit = _money(_("Up to"), required=False)


class ActivityForm(forms.Form):
    activity_type_id = _one_of(_("Kind of activity"))
    activity_title = forms.CharField(label=_("What you will do"), max_length=160)
    starts_on, ends_on = _day(_("From")), _day(_("To"))
    country = forms.ChoiceField(label=_("Country"), required=False)
    planned = _money(_("What it costs"))
    asked = _money(_("What you ask for"))

    def __init__(self, *args: Any, kinds: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["activity_type_id"].choices = [("", _("Choose a kind")), *kinds]
        self.fields["country"].choices = country_choices(blank=str(_("Your own")))


class RequestForm(ActivityForm):
    """A new request with its first activity; more are added to the draft."""

    allocation_id = _one_of(_("Fund"))
    title = forms.CharField(label=_("Name of the request"), max_length=160)
    purpose = forms.CharField(label=_("What for"), max_length=2000, required=False, widget=WORDS)
    expected = forms.CharField(label=_("What you expect from it"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    field_order = ("allocation_id", "title", "purpose", "expected")

    def __init__(self, *args: Any, funds: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["allocation_id"].choices = [("", _("Choose a fund")), *funds]


class HeadForm(forms.Form):
    title = forms.CharField(label=_("Name of the request"), max_length=160)
    purpose = forms.CharField(label=_("What for"), max_length=2000, required=False, widget=WORDS)
    expected = forms.CharField(label=_("What you expect from it"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ClaimForm(forms.Form):
    currency = forms.ChoiceField(label=_("Currency of the bills"))
    spent = _money(_("What you spent"))
    amount = _money(_("What you claim"), required=False, help_text=_("Empty means all that the rules give."))
    spent_on = _day(_("Spent on"))
    is_final = forms.BooleanField(
        label=_("This is the last claim for this activity"), required=False, initial=True, help_text=_("What it leaves goes back into the fund.")
    )
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=WORDS)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in sorted(currencies())]
