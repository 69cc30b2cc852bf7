"""Reading what people type about prospects, companies, profiles and referrals."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_choices
from openprm.kernel.errors import Conflict, Invalid
from openprm.partners import queries as partners
from openprm.recruitment.rules.facts import FACT, FACTS, MOTIONS, Kind
from openprm.recruitment.rules.scoring import OPERATORS, Operator
from openprm.recruitment.wording import CHOICES, FACT_LABEL, OPERATOR, TYPE
from openprm.ui.fields import add_problems

MOTION = {"influence": _("Influence"), "transact": _("Resell"), "solution": _("Solution"), "retain": _("Retain")}


def owner_choices() -> list[tuple[str, str]]:
    return [("", str(_("Nobody yet"))), *((str(person.id), person.name) for person in identity.holders_of("recruitment.manage"))]


def program_choices(actor: Actor) -> list[tuple[str, str]]:
    return [("", str(_("Not decided"))), *((str(program.id), program.name) for program in partners.programs(actor) if program.is_active)]


class CompanyForm(forms.Form):
    name = forms.CharField(label=_("Company name"), max_length=200)
    domain = forms.CharField(label=_("Web domain"), max_length=253, required=False, help_text=_("For example kallio.fi. It tells two companies apart."))
    country = forms.ChoiceField(label=_("Country"), required=False, choices=country_choices)
    contact_name = forms.CharField(label=_("Contact"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Contact's e-mail"), max_length=254, required=False)


class ProspectForm(CompanyForm):
    program_id = forms.TypedChoiceField(label=_("Program"), coerce=UUID, empty_value=None, required=False, help_text=_("The score follows this program."))
    owner_id = forms.TypedChoiceField(label=_("Who recruits"), coerce=UUID, empty_value=None, required=False, choices=owner_choices)
    source = forms.CharField(label=_("Where it comes from"), max_length=80, required=False, help_text=_("For example trade fair, referral, web site."))
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_step_date = forms.DateField(label=_("When"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["program_id"].choices = program_choices(actor)


class WorkForm(forms.Form):
    """The pipeline's side of a company."""

    owner_id = forms.TypedChoiceField(label=_("Who recruits"), coerce=UUID, empty_value=None, required=False, choices=owner_choices)
    program_id = forms.TypedChoiceField(label=_("Program"), coerce=UUID, empty_value=None, required=False)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_step_date = forms.DateField(label=_("When"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["program_id"].choices = program_choices(actor)


class ConvertForm(forms.Form):
    type = forms.ChoiceField(label=_("Kind of partner"), choices=TYPE.items)
    motion = forms.ChoiceField(label=_("Motion"), choices=MOTION.items, help_text=_("How this partner earns with you in the first place."))
    tier_id = forms.TypedChoiceField(label=_("Program and tier"), coerce=UUID, empty_value=None, required=False)
    invite = forms.BooleanField(label=_("Invite the main contact as administrator of the partner"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tier_id"].choices = [("", str(_("No program yet"))), *partners.tier_choices()]


class ContactForm(forms.Form):
    prefix = "contact"
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)


class LetterForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What to send"),
        choices=[("invitation", _("An invitation, with the link to apply")), ("message", _("A message"))],
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(label=_("To"), max_length=254, required=False, help_text=_("Left empty, it goes to the main contact."))
    program_id = forms.TypedChoiceField(label=_("Program"), coerce=UUID, empty_value=None, required=False)
    subject = forms.CharField(label=_("Subject"), max_length=160)
    body = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 9}))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["program_id"].choices = program_choices(actor)


class IntroduceForm(forms.Form):
    company = forms.CharField(label=_("Company"), max_length=200)
    domain = forms.CharField(label=_("Its web domain"), max_length=253, help_text=_("For example kallio.fi."))
    contact_name = forms.CharField(label=_("Whom should we ask for?"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("E-mail"), max_length=254, required=False, help_text=_("Only with that person's consent."))
    note = forms.CharField(label=_("Why would they fit?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class TermsForm(forms.Form):
    reward_percent = forms.IntegerField(label=_("Reward"), min_value=0, max_value=100, help_text=_("Per cent of the referred partner's commission."))
    window_days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=3650, help_text=_("Counted from its first commission."))
    is_open = forms.BooleanField(label=_("Referrals are rewarded"), required=False)


class FactsForm(forms.Form):
    """A company's own lines and everything that can be known of it."""

    name = forms.CharField(label=_("Company name"), max_length=200)
    domain = forms.CharField(label=_("Web domain"), max_length=253, required=False)
    source = forms.CharField(label=_("Who says so"), max_length=80, required=False, help_text=_("For example their web site. Empty means by hand."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for fact in FACTS:
            self.fields[f"fact_{fact.name}"] = _fact_field(fact.name)

    def facts(self) -> dict[str, Any]:
        return {fact.name: self.cleaned_data.get(f"fact_{fact.name}") for fact in FACTS}


def _fact_field(name: str) -> forms.Field:
    kind, label = FACT[name].kind, FACT_LABEL[name]
    if kind is Kind.CHOICE:
        return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *CHOICES[name].items()])
    if kind is Kind.COUNTRY:
        return forms.ChoiceField(label=label, required=False, choices=country_choices)
    if kind.is_number:
        return forms.IntegerField(label=label, required=False, min_value=0, max_value=10**13)
    helps = {"motions": ", ".join(MOTIONS)}
    return forms.CharField(label=label, max_length=2000, required=False, help_text=helps.get(name, _("Several with commas.") if kind is Kind.WORDS else ""))


def rule_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every fact with the comparisons it allows, so that a wrong pair cannot be chosen: [(fact, [("employees:at_least", ...)])]."""
    return [
        (str(FACT_LABEL[fact.name]), [(f"{fact.name}:{operator}", f"{FACT_LABEL[fact.name]} {OPERATOR[operator]}") for operator in OPERATORS[fact.kind]])
        for fact in FACTS
    ]


RANGE = re.compile(r"\s*([\d\s.,]+?)\s*(?:-|–|…|\.\.|to|and|bis|et)\s*([\d\s.,]+)\s*")


def criteria_lines(post: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lines of the editor as the service reads them. A line whose comparison is empty is left out."""
    count = min(int(post.get("rows", "0")) if post.get("rows", "0").isdigit() else 0, 60)
    lines = []
    for number in range(count):
        fact, _colon, operator = post.get(f"c{number}-rule", "").partition(":")
        if not fact or post.get(f"c{number}-remove"):
            continue
        text = post.get(f"c{number}-value", "").strip()[:2000]
        lines.append(
            {"fact": fact, "operator": operator, "value": _value(fact, operator, text), "weight": _weight(post.get(f"c{number}-weight", "")), "row": number}
        )
    return lines


def _weight(text: str) -> Any:
    return int(text) if text.strip().isdigit() else text or None


def _value(fact: str, operator: str, text: str) -> Any:
    if operator == Operator.EXISTS:
        return None
    if operator == Operator.BETWEEN:
        found = RANGE.fullmatch(text)
        return [_digits(found[1]), _digits(found[2])] if found else text
    if fact in FACT and FACT[fact].kind.is_number:
        return _digits(text)
    return text


def _digits(text: str) -> str:
    return re.sub(r"[\s.,]", "", text)


def value_text(fact: str, operator: str, value: Any) -> str:
    """A criterion's value as it is typed."""
    if value is None:
        return ""
    if operator == Operator.BETWEEN and isinstance(value, list | tuple):
        return " – ".join(str(end) for end in value)
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)


def attempt(form: forms.Form, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Run `act` when the form is well-formed; a refusal goes beside its field. Gives (done, result)."""
    if not form.is_valid():
        return False, None
    try:
        return True, act()
    except (Invalid, Conflict) as refusal:
        add_problems(form, refusal)
        form.refusal = refusal  # type: ignore[attr-defined]
        return False, None
