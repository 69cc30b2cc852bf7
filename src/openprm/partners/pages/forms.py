"""Reading what people type about partners, programs and tiers."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_choices
from openprm.kernel.errors import Conflict, Invalid
from openprm.partners import queries, rules
from openprm.partners.words import BENEFIT_LABEL, MOTION, PROMISE_CLASS, TYPE
from openprm.ui.fields import add_problems


class PartnerForm(forms.Form):
    name = forms.CharField(label=_("Company name"), max_length=200)
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    domain = forms.CharField(label=_("Web domain"), max_length=253, required=False, help_text=_("For example kallio.fi."))
    country = forms.ChoiceField(label=_("Country"), required=False, choices=partial(country_choices, blank="–"))
    type = forms.ChoiceField(label=_("Type"), choices=TYPE.items)
    motion = forms.ChoiceField(label=_("Motion"), choices=MOTION.items, help_text=_("How this partner earns with you in the first place."))
    region = forms.CharField(label=_("Region"), max_length=80, required=False)
    team = forms.CharField(label=_("Team"), max_length=120, required=False, help_text=_("How you group partners. Partners do not see it."))
    manager_id = forms.TypedChoiceField(label=_("Partner manager"), coerce=UUID, empty_value=None, required=False)
    parent_id = forms.TypedChoiceField(
        label=_("Sells through"), coerce=UUID, empty_value=None, required=False, help_text=_("The distributor or parent above this partner.")
    )

    def __init__(self, *args: Any, actor: Actor, managers: list[tuple[str, str]], partner_id: UUID | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["manager_id"].choices = [("", _("Nobody yet")), *managers]
        above = [pair for pair in queries.partner_choices(actor) if pair[0] != str(partner_id)]
        self.fields["parent_id"].choices = [("", _("Directly")), *above]


class NewPartnerForm(PartnerForm):
    tier_id = forms.TypedChoiceField(label=_("Program and tier"), coerce=UUID, empty_value=None, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tier_id"].choices = [("", _("No program yet")), *queries.tier_choices()]


class TierChoiceForm(forms.Form):
    tier_id = forms.TypedChoiceField(label=_("Program and tier"), coerce=UUID)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tier_id"].choices = queries.tier_choices()


class ProgramForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(label=_("Code"), max_length=39, help_text=_("Lower-case letters, digits and hyphens. Rules name the program by it."))
    motion = forms.ChoiceField(label=_("Motion"), choices=MOTION.items)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, initial="EUR")
    term_months = forms.IntegerField(
        label=_("Term in months"), min_value=1, max_value=60, required=False, help_text=_("How long a membership lasts. Empty means without an end.")
    )
    about = forms.CharField(label=_("What partners read about it"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    is_active = forms.BooleanField(label=_("Open for partners"), required=False, initial=True)


class TierForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(label=_("Code"), max_length=39)
    rank = forms.IntegerField(label=_("Rank"), min_value=0, max_value=99, help_text=_("The highest tier has the highest rank."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for benefit in rules.BENEFITS:
            self.fields[f"benefit_{benefit.code}"] = _benefit_field(benefit)

    def benefits(self) -> dict[str, Any]:
        given = {benefit.code: self.cleaned_data.get(f"benefit_{benefit.code}") for benefit in rules.BENEFITS}
        return {code: value for code, value in given.items() if value not in (None, "") and value != rules.BENEFIT[code].default}


def _benefit_field(benefit: rules.Benefit) -> forms.Field:
    label = BENEFIT_LABEL[benefit.code]
    if benefit.kind is rules.BenefitKind.CHOICE:
        return forms.ChoiceField(label=label, choices=[(code, PROMISE_CLASS[code]) for code in benefit.choices], initial=benefit.default)
    unit = {"days": _("In days."), "percent": _("In per cent."), "count": ""}[benefit.kind]
    return forms.IntegerField(label=label, min_value=benefit.least, max_value=benefit.most, required=False, initial=benefit.default, help_text=unit)


def attempt(form: forms.Form, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Run `act` when the form is well-formed; a refusal goes beside its field. Gives (done, result)."""
    if not form.is_valid():
        return False, None
    try:
        return True, act()
    except (Invalid, Conflict) as refusal:
        add_problems(form, refusal)
        return False, None
