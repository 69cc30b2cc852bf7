"""The small forms of the vendor's pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openprm.applications.rules import Field
from openprm.applications.words import KIND, REAPPLY, REASON, TYPE
from openprm.recruitment.rules import FACTS


class ApproveForm(forms.Form):
    message = forms.CharField(label=_("A sentence to the applicant"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    into_partner_id = forms.UUIDField(required=False, widget=forms.HiddenInput)


class RejectForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=[*REASON.items()], widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("To the applicant"),
        max_length=2000,
        help_text=_("What was missing, and what would help. They read it word for word."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reapply = forms.ChoiceField(label=_("May apply again"), choices=[*REAPPLY.items()], initial="standard")


class AskForm(forms.Form):
    message = forms.CharField(label=_("What do you need to know?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["asked"] = forms.MultipleChoiceField(
            label=_("Questions to answer again"),
            choices=list(choices),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Only these open; everything else stays as it was sent."),
        )


class NoteForm(forms.Form):
    body = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))


class FieldForm(forms.Form):
    """One question of a form."""

    label = forms.CharField(label=_("Question"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=[*KIND.items()])
    help = forms.CharField(label=_("Help below it"), max_length=300, required=False)
    page = forms.CharField(label=_("Page"), max_length=60, help_text=_("Questions with the same heading stand on one page."))
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    choices = forms.CharField(
        label=_("Answers to choose from"),
        max_length=6000,
        required=False,
        help_text=_("One in a line; write “value = Label” to store another word than people see."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    fact = forms.ChoiceField(label=_("Tells the fact"), required=False, help_text=_("The answer then counts for the fit with the ideal partner."))
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False, help_text=_("For an amount of money."))
    least = forms.IntegerField(label=_("Smallest number"), required=False)
    most = forms.IntegerField(label=_("Largest number"), required=False)
    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("How exports and the API name the answer: small letters, digits and _."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["fact"].choices = [("", _("None")), *((fact.name, fact.name) for fact in FACTS if fact.name not in ("country", "type"))]


def field_values(field: Field) -> dict[str, Any]:
    """A question as the form shows it."""
    lines = [choice.label if choice.value == choice.label.lower() else f"{choice.value} = {choice.label}" for choice in field.choices]
    shared = {name: getattr(field, name) for name in ("code", "kind", "label", "help", "page", "required", "fact", "currency", "least", "most")}
    return shared | {"choices": "\n".join(lines)}


class ProgramPageForm(forms.Form):
    headline = forms.CharField(label=_("Headline"), max_length=160, required=False, help_text=_("One promise in one line. Empty shows the program's name."))
    for_whom = forms.CharField(label=_("Who it is for"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    types = forms.MultipleChoiceField(
        label=_("Types of partner"), choices=[*TYPE.items()], required=False, help_text=_("None ticked means all."), widget=forms.CheckboxSelectMultiple
    )
    requirements = forms.CharField(
        label=_("What you ask of partners"), required=False, max_length=6000, help_text=_("One in a line."), widget=forms.Textarea(attrs={"rows": 5})
    )
    faq = forms.CharField(
        label=_("Questions and answers"),
        required=False,
        max_length=20000,
        help_text=_("A line that ends in “?” is a question; what follows is its answer."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    contact_email = forms.CharField(label=_("Address for questions"), max_length=254, required=False)
    is_public = forms.BooleanField(label=_("Everybody can see this page"), required=False)
    is_open = forms.BooleanField(label=_("Companies can apply"), required=False)
    allows_free_mail = forms.BooleanField(
        label=_("Take addresses of free mail providers"),
        required=False,
        help_text=_("For programs of persons, such as affiliates. They prove nothing about a company."),
    )
    reapply_days = forms.IntegerField(label=_("Days until a rejected company may apply again"), min_value=0, max_value=1000)
