"""Reading what people type about cases and papers."""

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.compliance import queries
from openprm.compliance.rules import questions
from openprm.compliance.rules.gates import WITH_SUBJECT
from openprm.compliance.rules.sanctions import SOURCES as LIST_SOURCES
from openprm.compliance.wording import (
    ACTION,
    BUSINESS_TYPES,
    CATEGORY,
    COMPENSATION,
    FACT,
    GOVERNMENT,
    LAPSES,
    LEVELS,
    OWNERSHIP,
    PARTNER_TYPE,
    PROOF_KINDS,
    QUESTION_TYPE,
    SOURCES,
)
from openprm.kernel.countries import country_choices
from openprm.kernel.money import minor_units


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


FILE_HELP = _("PDF, PNG, JPEG, Word, Excel, PowerPoint or text, up to 20 MB.")


class SendForm(forms.Form):
    message = forms.CharField(label=_("A word to the partner"), max_length=2000, required=False, widget=area())


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=area(), help_text=_("The partner reads it."))


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=2000, widget=area(), help_text=_("The partner reads it. Say what would change the answer."))


class MessageForm(forms.Form):
    message = forms.CharField(label=_("Message"), max_length=2000, widget=area(), help_text=_("The partner reads it."))


class FactorsForm(forms.Form):
    government = forms.ChoiceField(label=_("Government"), choices=GOVERNMENT.items())
    ownership = forms.ChoiceField(label=_("Ownership"), choices=OWNERSHIP.items())
    compensation = forms.ChoiceField(label=_("How it is paid"), choices=COMPENSATION.items())
    transaction = forms.DecimalField(label=_("Largest transaction"), required=False, min_value=0, max_digits=15, decimal_places=2)

    def factors(self, currency: str) -> dict[str, Any]:
        """What the service takes."""
        values = {name: self.cleaned_data[name] for name in ("government", "ownership", "compensation")}
        amount = self.cleaned_data["transaction"]
        return {**values, "transaction_minor": None if amount is None else int(amount.scaleb(minor_units(currency)))}


class FlagForm(forms.Form):
    title = forms.CharField(label=_("What you saw or heard"), max_length=300)
    detail = forms.CharField(label=_("Details"), max_length=4000, required=False, widget=area())


class ReferenceForm(forms.Form):
    name = forms.CharField(label=_("Who was asked"), max_length=200)
    company = forms.CharField(label=_("Company"), max_length=200, required=False)
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=(("positive", _("Speaks for the partner")), ("negative", _("Speaks against the partner")), ("silent", _("Could not be reached"))),
    )
    note = forms.CharField(label=_("What was said"), max_length=2000, widget=area())


class ResolveForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What it is"), widget=forms.RadioSelect,
        choices=(("cleared", _("Cleared: it is not what it seemed")), ("confirmed", _("Confirmed: it is true"))),
    )  # fmt: skip
    evidence = forms.CharField(label=_("Why, in words"), max_length=4000, widget=area())
    file = forms.FileField(label=_("The document that shows it"), required=False, help_text=FILE_HELP)


class CheckForm(forms.Form):
    verified = forms.ChoiceField(
        label=_("Result"), widget=forms.RadioSelect, choices=(("yes", _("Verified: it is genuine and in force")), ("no", _("Not accepted")))
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=area(), help_text=_("The partner reads it. Needed when it is not accepted.")
    )


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=(("approved", _("Approve")), ("resubmission", _("Ask for more")), ("declined", _("Decline")), ("review", _("Take into review"))),
    )  # fmt: skip
    message = forms.CharField(
        label=_("Message"), max_length=2000, required=False, widget=area(), help_text=_("The partner reads it. Needed unless you approve.")
    )


class ListForm(forms.Form):
    source = forms.ChoiceField(label=_("Source"), choices=[(source, SOURCES[source]) for source in LIST_SOURCES])
    name = forms.CharField(label=_("Name of an own list"), max_length=80, required=False)
    list_date = forms.DateField(label=_("Date of the list"), required=False, widget=day(), help_text=_("Left empty, it is read from the file."))
    file = forms.FileField(label=_("List file"), help_text=_("SDN.CSV, the EU list as CSV or XML, the UN list as XML, or your own table as CSV."))
    aliases = forms.FileField(label=_("OFAC aliases (ALT.CSV)"), required=False)


class PolicyForm(forms.Form):
    lapse = forms.ChoiceField(label=_("When"), choices=LAPSES.items())
    subject = forms.ChoiceField(label=_("Which one"), required=False, help_text=_("For a certificate or a verification."))
    actions = forms.MultipleChoiceField(label=_("This is closed"), choices=ACTION.items(), widget=forms.CheckboxSelectMultiple)
    includes_missing = forms.BooleanField(label=_("Also when it was never there"), required=False)
    grace_days = forms.IntegerField(label=_("Days of grace"), min_value=0, max_value=365, initial=0, required=False)
    partner_types = forms.MultipleChoiceField(
        label=_("Only for these partners"),
        choices=PARTNER_TYPE.items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked: for all."),
    )
    is_active = forms.BooleanField(label=_("In force"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", "–"), *queries.kind_choices(), *PROOF_KINDS.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("lapse") not in WITH_SUBJECT:
            cleaned["subject"] = ""
        return cleaned


class CountryForm(forms.Form):
    country = forms.ChoiceField(label=_("Country"), choices=partial(country_choices, blank="–"))
    level = forms.ChoiceField(label=_("Class"), choices=LEVELS.items())
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class KindForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    about = forms.CharField(label=_("What it proves"), max_length=300, required=False)
    is_active = forms.BooleanField(label=_("Partners can add it"), required=False, initial=True)


class QuestionnaireForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Lower-case letters, digits and hyphens. The risk rule names it by this."))
    purpose = forms.ChoiceField(label=_("Purpose"), choices=(("due_diligence", _("Due diligence")), ("esg", _("Environment, social, governance"))))


class IntroForm(forms.Form):
    intro = forms.CharField(label=_("Introduction"), max_length=2000, required=False, widget=area())


class QuestionForm(forms.Form):
    text = forms.CharField(label=_("Question"), max_length=500, widget=area(2))
    type = forms.ChoiceField(label=_("Answered by"), choices=QUESTION_TYPE.items())
    options = forms.CharField(
        label=_("Answers"), max_length=5000, required=False, widget=area(4),
        help_text=_("One in a line. After a | may follow points, the word red, and the value of a risk factor: Yes | 5 | red | official"),
    )  # fmt: skip
    help = forms.CharField(label=_("Help"), max_length=500, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=CATEGORY.items())
    weight = forms.IntegerField(label=_("Weight in the score"), min_value=0, max_value=10, initial=1)
    tells = forms.ChoiceField(label=_("Tells a risk factor"), required=False, choices=[("", "–"), *((name, FACT[name]) for name in questions.FACTS)])
    required = forms.BooleanField(label=_("Needs an answer"), required=False, initial=True)


class CertificateForm(forms.Form):
    kind = forms.ChoiceField(label=_("Certificate"), choices=queries.kind_choices)
    issuer = forms.CharField(label=_("Issued by"), max_length=200)
    number = forms.CharField(label=_("Number"), max_length=120, required=False)
    level = forms.CharField(label=_("Level"), max_length=60, required=False, help_text=_("For example Silver."))
    issued_on = forms.DateField(label=_("Issued on"), widget=day())
    expires_on = forms.DateField(label=_("Valid until"), widget=day())
    file = forms.FileField(label=_("The certificate"), help_text=FILE_HELP)


class OwnerForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("A"), choices=(("person", _("Person")), ("entity", _("Company"))))
    role = forms.ChoiceField(label=_("Role"), choices=(("owner", _("Owner")), ("beneficial", _("Beneficial owner")), ("director", _("Director"))))
    country = forms.ChoiceField(label=_("Country"), choices=partial(country_choices, blank="–"), required=False)
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False, min_value=1900, max_value=2100)
    share_percent = forms.IntegerField(label=_("Share in per cent"), required=False, min_value=0, max_value=100)
    is_official = forms.BooleanField(label=_("Is a public official, or close to one"), required=False)


class VerificationForm(forms.Form):
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    business_type = forms.ChoiceField(label=_("Kind of business"), choices=[("", "–"), *BUSINESS_TYPES.items()], required=False)
    registration_number = forms.CharField(label=_("Registration number"), max_length=80, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=partial(country_choices, blank="–"), required=False)
    position = forms.CharField(label=_("Position in the company"), max_length=120, required=False)
    file = forms.FileField(label=_("A document that proves it"), required=False, help_text=FILE_HELP)

    def __init__(self, *args: Any, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("position",) if kind == "business" else ("business_type", "registration_number"):
            del self.fields[name]
        if kind == "registrant":
            self.fields["legal_name"].label = _("Name of the person")


class ReplyForm(forms.Form):
    """One field for each question; none is required, so that a person can stop anywhere."""

    def __init__(self, *args: Any, answers: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for one in answers:
            self.fields[one.question.id] = _field(one)

    def add(self, refusal: Any) -> None:
        for problem in refusal.problems:
            name = problem.field.removeprefix("answers.")
            self.add_error(name if name in self.fields else None, problem.message)
        if not refusal.problems:
            self.add_error(None, refusal.message)


def _field(one: Any) -> forms.Field:
    question = one.question
    look: dict[str, Any] = {"label": question.text, "help_text": question.help, "required": False, "initial": one.value}
    choices = [(option.value, option.label) for option in question.options]
    match question.type:
        case "yes_no" | "choice":
            return forms.CharField(**look, widget=forms.RadioSelect(choices=choices))
        case "choices":
            return forms.MultipleChoiceField(**look, choices=choices, widget=forms.CheckboxSelectMultiple)
        case "number":
            return forms.CharField(**look, max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
        case "date":
            return forms.CharField(**look, max_length=10, widget=forms.TextInput(attrs={"type": "date"}))
        case "file":
            return forms.FileField(label=question.text, help_text=question.help or FILE_HELP, required=False)
    return forms.CharField(**look, max_length=questions.LONGEST_TEXT, widget=area())
