"""Reading what people type about plans and usage."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from openprm.deals import queries as deals
from openprm.incentives import queries
from openprm.incentives.rules.draft import RateDraft, TermsDraft
from openprm.incentives.rules.model import CAPS, LIMITS
from openprm.incentives.wording import BANDS, BASIS, EVENT, KIND, SPAN, TERM
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid
from openprm.partners import queries as partners
from openprm.ui.fields import add_problems

BLANK_ROWS, MOST_ROWS = 2, 40
AMOUNTS = tuple(f"cap.{name}" for name in CAPS) + tuple(f"limit.{name}" for name in LIMITS)


class MonthField(forms.DateField):
    """A month as browsers write it: 2026-11."""

    def __init__(self, **kwargs: Any):
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"), **kwargs)


class PlanForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Small letters, digits and dashes. Statements name the plan by it."))
    kind = forms.ChoiceField(label=_("Kind"), choices=tuple(KIND.items()))
    program_id = forms.ChoiceField(label=_("Program"), required=False)
    partner_ids = forms.MultipleChoiceField(
        label=_("Only for these partners"),
        required=False,
        help_text=_("Choose none to open it to every partner."),
        widget=forms.SelectMultiple(attrs={"size": 6, "style": "height:auto;background-image:none"}),
    )
    about = forms.CharField(label=_("What it is for"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["program_id"].choices = [("", _("All programs")), *partners.program_choices()]
        self.fields["partner_ids"].choices = list(partners.partner_choices(SYSTEM))

    def values(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["program_id"] = UUID(found["program_id"]) if found["program_id"] else None
        found["partner_ids"] = tuple(UUID(one) for one in found["partner_ids"])
        return found


class ChangedPlanForm(PlanForm):
    code = kind = None  # type: ignore[assignment]


class HeadForm(forms.Form):
    """The head of a plan; field names have _ where terms have a dot."""

    currency = forms.CharField(label=_("Currency"), max_length=3)
    event = forms.ChoiceField(label=TERM["event"], choices=tuple(EVENT.items()))
    basis = forms.ChoiceField(label=TERM["basis"], choices=tuple(BASIS.items()))
    bands = forms.ChoiceField(label=TERM["bands"], choices=tuple(BANDS.items()))
    span = forms.ChoiceField(label=TERM["span"], choices=tuple(SPAN.items()))
    duration_months = forms.CharField(
        label=TERM["duration_months"], max_length=4, required=False, help_text=_("0 pays once; empty pays for as long as the customer stays.")
    )
    rep_share = forms.CharField(label=TERM["rep_share"], max_length=10, required=False)
    fee_percent = forms.CharField(label=TERM["fee_percent"], max_length=10, required=False)
    hold_days = forms.CharField(label=TERM["hold_days"], max_length=4, required=False)
    minimum = forms.CharField(label=TERM["minimum"], max_length=20, required=False)
    point_value = forms.CharField(label=TERM["point_value"], max_length=20, required=False)
    stackable = forms.ChoiceField(label=TERM["stackable"], choices=(("true", _("Yes")), ("false", _("No, the best one counts"))))
    true_up = forms.ChoiceField(label=TERM["true_up"], required=False, choices=(("", _("None")), ("quarter", _("Every quarter, for the year to date"))))
    conditions = forms.CharField(
        label=_("Conditions"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One per line, for example certificate:cloud-pro."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for term in AMOUNTS:
            self.fields[term.replace(".", "_")] = forms.CharField(label=TERM[term], max_length=20, required=False)
        if known := queries.condition_choices():
            self.fields["conditions"].help_text = _("One per line. Known: %(known)s") % {"known": ", ".join(value for value, _words in known[:8])}

    @property
    def amounts(self) -> list[Any]:
        return [self[term.replace(".", "_")] for term in AMOUNTS]


class RateForm(forms.Form):
    tier = forms.CharField(label=_("Tiers"), max_length=120, required=False)
    product_line = forms.MultipleChoiceField(label=_("Product lines"), required=False, widget=forms.CheckboxSelectMultiple)
    country = forms.CharField(label=_("Countries"), max_length=120, required=False)
    partner_type = forms.CharField(label=_("Types of partner"), max_length=120, required=False)
    channel = forms.CharField(label=_("Channels"), max_length=120, required=False)
    new_customer = forms.ChoiceField(label=_("New customer"), required=False, choices=(("", _("Both")), ("true", _("Yes")), ("false", _("No"))))
    by = forms.ChoiceField(label=_("Band by"), choices=(("amount", _("Amount")), ("growth", _("Growth, per cent"))), required=False)
    low = forms.CharField(label=_("From"), max_length=20, required=False)
    high = forms.CharField(label=_("To below"), max_length=20, required=False)
    rate = forms.CharField(label=_("Rate, per cent"), max_length=12, required=False)
    fixed = forms.CharField(label=_("Or a fixed amount"), max_length=20, required=False)
    points = forms.CharField(label=_("Or points"), max_length=12, required=False)

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product_line"].choices = lines

    @property
    def main(self) -> list[Any]:
        return [self[name] for name in ("low", "high", "rate", "fixed", "points")]

    @property
    def more(self) -> list[Any]:
        return [self[name] for name in ("tier", "product_line", "country", "partner_type", "channel", "new_customer", "by")]

    @property
    def has_conditions(self) -> bool:
        return any(self[name].value() for name in ("tier", "product_line", "country", "partner_type", "channel", "new_customer")) or bool(self.errors)


class TermsForm:
    """The editor: one head and the rows, with refusals beside the field that they name."""

    def __init__(self, data: QueryDict | None, typed: TermsDraft):
        self.head = HeadForm(data, initial=_head_initial(typed), prefix="head")
        asked = str(data.get("rows", "")) if data else ""
        count = min(int(asked), MOST_ROWS) if asked.isdigit() else len(typed.rates) + BLANK_ROWS
        found = [typed.rates[place] if place < len(typed.rates) else RateDraft() for place in range(count)]
        lines = [(str(line.id), line.name) for line in deals.product_lines(SYSTEM)]
        self.rates = [RateForm(data, initial=_rate_initial(one), prefix=f"r{place}", lines=lines) for place, one in enumerate(found)]
        self.is_bound, self.count = data is not None, count

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(one.is_valid() for one in self.rates)])

    def draft(self) -> tuple[TermsDraft, list[int]]:
        """What was typed, and for each row of it the form it stands in."""
        given = self.head.cleaned_data
        head = {term: given[name] for term in _TERMS if (name := term.replace(".", "_")) in given and given[name] != ""}
        rows = [(place, _rate_draft(one.cleaned_data)) for place, one in enumerate(self.rates)]
        kept = [(place, one) for place, one in rows if not one.is_empty]
        return TermsDraft(head, tuple(line.strip() for line in given["conditions"].splitlines() if line.strip()), tuple(one for _place, one in kept)), [
            place for place, _one in kept
        ]

    def refuse(self, refusal: Invalid, places: list[int]) -> None:
        """Put each sentence beside its field."""
        for problem in refusal.problems or ():
            form, name = self._place(problem.field, places)
            form.add_error(name if name in form.fields else None, problem.message)

    @property
    def problems(self) -> list[Any]:
        return [one for one in (self.head, *self.rates) if one.is_bound and one.errors]

    def _place(self, field: str, places: list[int]) -> tuple[forms.Form, str]:
        if field.startswith("rates["):
            row, _dot, name = field.removeprefix("rates[").partition("].")
            return self.rates[places[int(row)]], name
        return self.head, field.removeprefix("head.").replace(".", "_")


_TERMS = (
    "currency", "event", "basis", "bands", "span", "duration_months", "rep_share", "fee_percent", "hold_days", "minimum", "point_value", "stackable",
    "true_up", *AMOUNTS,
)  # fmt: skip


class SampleForm(forms.Form):
    amount = forms.DecimalField(label=_("Amount of a sample deal"), min_value=0, max_value=10**12, decimal_places=2)
    tier = forms.ChoiceField(label=_("Tier"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tier"].choices = [("", _("Any")), *partners.tier_codes()]


class PublishForm(forms.Form):
    starts_on = forms.DateField(label=_("In force from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(
        label=_("A word to the partners"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("They read it with the news.")
    )


class EndForm(forms.Form):
    ended_on = forms.DateField(label=_("Ends on"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("From this day on nothing is earned by it."))


class ShareForm(forms.Form):
    customer_key = forms.CharField(label=_("Customer key"), max_length=120, help_text=_("As the usage source spells it."))
    partner_id = forms.ChoiceField(label=_("Partner"))
    percent = forms.DecimalField(label=_("Share, per cent"), max_digits=7, decimal_places=4, help_text=_("0 takes the share away."))
    from_month = MonthField(label=_("From month"))
    until_month = MonthField(label=_("Until month"), required=False, help_text=_("The last month of the share; empty goes on."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["partner_id"].choices = list(partners.partner_choices(SYSTEM))


class ReportForm(forms.Form):
    customer_key = forms.CharField(label=_("Customer key"), max_length=120)
    customer_name = forms.CharField(label=_("Customer"), max_length=200)
    external_id = forms.CharField(label=_("Id at the source"), max_length=120, help_text=_("The same id again books only the difference."))
    service_month = MonthField(label=_("Month of use"))
    amount = forms.DecimalField(label=_("Amount used"), max_digits=18, decimal_places=3)
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="EUR")
    quantity = forms.DecimalField(label=_("Quantity"), max_digits=18, decimal_places=6, required=False)


def attempt(form: forms.Form, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Run `act` when the form is well-formed; a refusal goes beside its field. Gives (done, result)."""
    if not form.is_valid():
        return False, None
    try:
        return True, act()
    except (Invalid, Conflict) as refusal:
        add_problems(form, refusal)
        return False, None


def _head_initial(typed: TermsDraft) -> dict[str, str]:
    found = {term.replace(".", "_"): value for term, value in typed.head.items()}
    return {"stackable": "true", **found, "conditions": "\n".join(typed.conditions)}


def _rate_initial(one: RateDraft) -> dict[str, Any]:
    words = {name: ", ".join(getattr(one, name)) for name in ("tier", "country", "partner_type", "channel")}
    plain = {name: getattr(one, name) for name in ("new_customer", "by", "low", "high", "rate", "fixed", "points")}
    return {**words, **plain, "product_line": list(one.product_line)}


def _rate_draft(given: dict[str, Any]) -> RateDraft:
    listed = {name: tuple(word.strip() for word in given[name].split(",") if word.strip()) for name in ("tier", "country", "partner_type", "channel")}
    plain = {name: given[name] for name in ("new_customer", "low", "high", "rate", "fixed", "points")}
    return RateDraft(**listed, **plain, by=given["by"] or "amount", product_line=tuple(given["product_line"]))
